"""The article's HTML: the blocks of the page whose lines are in its text, sanitised.

Whichever extractor chose the lines, the markup comes from the page itself: links are
absolute, images stay where they stood between paragraphs, everything else that can act
is gone (nh3).
"""

from __future__ import annotations

import html
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import nh3

from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "tr",
    "td", "th", "a", "em", "strong", "b", "i", "br", "img", "figure", "figcaption", "sub", "sup",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
NAMES = {"h1": "h2", "li": "li", "blockquote": "blockquote", "pre": "pre", "tr": "p"}
KEPT = frozenset(("h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre"))
INLINE = {"a", "em", "strong", "b", "i", "sub", "sup"}
OWNERS = ("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "figcaption", "td")
MOST_BLOCKS = 5000
BEGINNING = 6
"""Letters that tell most blocks from the wanted ones before the whole is compared."""


def article_html(tree: HtmlElement, lines: Sequence[str], base: str) -> str:
    """Return sanitised HTML that says what `lines` say, with the page's links and images."""
    owners: dict[str, HtmlElement] = {}
    wanted = {fold(line) for line in lines}
    longest = max(map(len, lines), default=0)
    beginnings = {key[:BEGINNING] for key in wanted}
    for owner in islice(tree.iter(*OWNERS), MOST_BLOCKS):
        text = owner.text_content().strip()
        if len(text) > 2 * longest + 100:
            continue
        start = fold(text[: 4 * BEGINNING])[:BEGINNING]
        if (len(start) < BEGINNING or start in beginnings) and (key := fold(text)) in wanted:
            owners.setdefault(key, owner)
    parts = []
    for line in lines:
        owner = owners.get(fold(line))
        if owner is None:
            parts.append(f"<p>{html.escape(line, quote=False)}</p>")
        else:
            tag = NAMES.get(owner.tag, owner.tag)
            tag = tag if tag in KEPT else "p"
            parts.append(f"<{tag}>{_inline(owner, line, base)}</{tag}>")
    return nh3.clean(
        "\n".join(parts),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def _inline(owner: HtmlElement, line: str, base: str) -> str:
    """The words of a block with its links and emphasis; plain where it holds more."""
    if fold(owner.text_content()) != fold(line):
        return html.escape(line, quote=False)
    parts: list[str] = [html.escape(owner.text or "", quote=False)]
    for child in owner:
        if isinstance(child.tag, str):
            inner = html.escape(child.text_content(), quote=False)
            if child.tag == "a" and child.get("href"):
                href = html.escape(_absolute(base, child.get("href")))
                inner = f'<a href="{href}">{inner}</a>'
            elif child.tag == "img" and child.get("src"):
                inner = f'<img src="{html.escape(_absolute(base, child.get("src")))}">'
            elif child.tag in INLINE:
                inner = f"<{child.tag}>{inner}</{child.tag}>"
            parts.append(inner)
        parts.append(html.escape(child.tail or "", quote=False))
    return "".join(parts).strip()


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""
