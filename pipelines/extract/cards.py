"""Cards: other articles, notes on people and prices that stand amid the markup of this one.

They are told by what they are made of: an `<article>` of its own whose headline leads to
another page is a teaser (HTML Standard §4.3.2: each `article` is a self-contained
composition), a picture with several links inside a sentence is a card that opens over it,
and `<span id="quote_sz000088">` holds the price of the moment, which Sina's scripts renew.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath

from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5")
MOST = 300
"""Articles, and pictures, of a page that are looked at."""
DEEPEST_CARD = 4
QUOTES = XPath("//span[starts-with(@id, 'quote_')]")


def drop_cards(tree: HtmlElement, url: str, titles: Iterable[str]) -> None:
    """Remove teasers, pop-up cards and live quotes from a tree in place.

    `url` is the page's own address, `titles` the forms in which it states its title.
    """
    teasers = _teasers(tree, url, frozenset(map(fold, titles)))
    for element in (*teasers, *_popups(tree), *QUOTES(tree)):
        if element.getparent() is not None:
            element.drop_tree()


def _teasers(tree: HtmlElement, url: str, titles: frozenset[str]) -> list[HtmlElement]:
    """The articles that lead elsewhere, beside one that is not led away from.

    Nothing unless some other article bears the page's title, for only that one is sure to
    be what the page is about.
    """
    articles = list(islice(tree.iter("article"), MOST))
    if len(articles) < 2:
        return []
    headings = [[*islice(article.iter(*HEADINGS), 2)] for article in articles]
    kept = [
        article
        for article, found in zip(articles, headings, strict=True)
        if any(fold(heading.text_content()) in titles for heading in found)
    ]
    own = _place(url, url)
    holding = {above for article in kept for above in (article, *article.iterancestors("article"))}
    return [
        article
        for article, found in zip(articles, headings, strict=True)
        if kept and article not in holding and _leads_to(article, found, url) not in {None, own}
    ]


def _leads_to(article: HtmlElement, headings: list[HtmlElement], url: str) -> str | None:
    """Where the headline of an article leads, or None where it is no link."""
    if headings:
        parent = headings[0].getparent()
        links = [*headings[0].iter("a")] or ([parent] if parent.tag == "a" else [])
    else:
        links = [a for a in article.iter("a") if "bookmark" in (a.get("rel") or "").split()]
    return _place(url, links[0].get("href") or "#") if links else None


def _place(url: str, link: str) -> str | None:
    """Host and path that a link leads to; None for what is no page."""
    try:
        parts = urlsplit(urljoin(url, link.strip()))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")


def _popups(tree: HtmlElement) -> Iterator[HtmlElement]:
    for image in islice(tree.iter("img"), MOST):
        for above in islice(image.iterancestors(), DEEPEST_CARD):
            if above.tag != "span":
                break
            if sum(1 for _ in islice(above.iter("a"), 2)) == 2:
                if next(above.iterancestors("p"), None) is not None:
                    yield above
                break
