"""The article's HTML: what its text says, in the markup of the page, sanitised.

Whichever extractor chose the lines, the markup comes from the page itself: paragraphs with
their links, lists, tables with their rows and cells, and pictures with their captions where
they stood between the lines. Links are absolute; everything that can act is gone (nh3).
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import nh3
from lxml import etree

from pipelines.extract.blocks import places
from pipelines.extract.pictures import pictures, written
from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.extract.blocks import Block

TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "caption",
    "tr", "td", "th", "a", "em", "strong", "b", "i", "br", "img", "figure", "figcaption", "sub",
    "sup",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
LINKS = frozenset(("href", "src"))
KEPT = frozenset(("h2", "h3", "h4", "h5", "h6", "li", "pre", "tr", "caption"))
NAMES = {"h1": "h2"}
HOLDERS = frozenset(("ul", "ol", "table", "blockquote"))
NEAREST = 3
"""How far above a line what holds it is looked for."""


def article_html(
    tree: HtmlElement, blocks: Sequence[Block], lines: Sequence[str], base: str
) -> str:
    """Return sanitised HTML that says what `lines` say; `base` is the page's address."""
    units = _units(tree, blocks, lines)
    holders = [_holder(unit) for unit in units]
    before = pictures([unit for unit in units if unit is not None])
    parts: list[str] = []
    done: set[HtmlElement] = set()
    for (line, unit), (held, holder) in zip(
        zip(lines, units, strict=True), pairwise([None, *holders]), strict=True
    ):
        if holder is not held:
            parts += [f"</{held.tag}>"] if held is not None else []
        parts += [written(picture) for picture in before.pop(unit, ())]
        if holder is not held:
            parts += [f"<{holder.tag}>"] if holder is not None else []
        if unit is None or unit not in done:
            parts.append(_element(unit, line))
        if unit is not None:
            done.add(unit)
    return _sanitised("\n".join(parts), base)


def _units(
    tree: HtmlElement, blocks: Sequence[Block], lines: Sequence[str]
) -> list[HtmlElement | None]:
    """For each line the element that says it and no more: a block, a list item, a row."""
    rows: dict[str, HtmlElement] = {}
    if any(line.startswith("|") for line in lines):
        rows = {fold(row.text_content()): row for row in tree.iter("tr")}
    said: dict[HtmlElement, str] = {}

    def says(unit: HtmlElement, key: str) -> bool:
        if unit not in said:
            said[unit] = fold(unit.text_content())
        return said[unit] == key

    found: list[HtmlElement | None] = []
    for line, at in zip(lines, places(lines, blocks), strict=True):
        key = fold(line)
        owner = blocks[at].owner if at is not None else None
        item = owner.getparent() if owner is not None else None
        options = (
            rows.get(key) if line.startswith("|") else None,
            item if item is not None and item.tag == "li" else None,
            owner,
        )
        found.append(next((unit for unit in options if unit is not None and says(unit, key)), None))
    return found


def _holder(unit: HtmlElement | None) -> HtmlElement | None:
    """The list, table or quotation that an element is part of."""
    above = unit.getparent() if unit is not None else None
    for _ in range(NEAREST):
        if above is None:
            return None
        if above.tag in HOLDERS:
            fits = unit is not None and (above.tag != "table" or unit.tag in {"tr", "caption"})
            return above if fits else None
        above = above.getparent()
    return None


def _element(unit: HtmlElement | None, line: str) -> str:
    if unit is None:
        return f"<p>{escape(line, quote=False)}</p>"
    name = NAMES.get(unit.tag, unit.tag)
    name = name if name in KEPT else "p"
    inner = "".join(_cells(unit)) if name == "tr" else _inner(unit)
    return f"<{name}>{inner}</{name}>"


def _cells(row: HtmlElement) -> Iterator[str]:
    for cell in row.iterchildren("td", "th"):
        spans = "".join(
            f' {name}="{escape(cell.get(name))}"'
            for name in ("colspan", "rowspan")
            if cell.get(name)
        )
        yield f"<{cell.tag}{spans}>{_inner(cell)}</{cell.tag}>"


def _inner(element: HtmlElement) -> str:
    """The inside of an element as HTML; what may not stay is left to the sanitiser."""
    parts = [escape(element.text or "", quote=False)]
    parts += (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return " ".join("".join(parts).split())


def _sanitised(markup: str, base: str) -> str:
    def absolute(_tag: str, attribute: str, value: str) -> str | None:
        if attribute not in LINKS:
            return value
        try:
            return urljoin(base, value.strip())
        except ValueError:
            return None

    return nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=absolute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
