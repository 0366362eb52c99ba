"""Instruments in a page's markup: the article's own links and tags, and what the page declares.

A link or a data attribute counts only where the words around it are the article's: they
must occur in the extracted text. So a market ticker bar, a "trending" box or the shares a
reader looked at last give nothing. All of it is the publisher's tag, not a certainty:
automatic linking errs (the word 微博 in a promotion becomes WB).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lxml import etree

from pipelines.characters import one_line
from pipelines.symbols.candidates import Candidate
from pipelines.symbols.links import read_links
from pipelines.symbols.markets import Listing, kind_of, prefixed
from pipelines.symbols.normalise import read_symbol
from pipelines.symbols.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.items import Source

_DATA_NAMES: Final = ("data-symbol", "data-ticker", "data-stock")
# What XPath selects costs no Python object for anything else; walking the tree does.
_HREFS = etree.XPath("descendant::a/@href", smart_strings=False)
_LINKS = etree.XPath("descendant::a[@href]")
_DATA_SPANS = etree.XPath("descendant::span[@data-symbol or @data-ticker or @data-stock]")
_SINA_SPANS = etree.XPath(
    "descendant::span[starts-with(@id, 'stock_') or starts-with(@id, 'usstock_')"
    " or starts-with(@id, 'hkstock_')]"
)
_SINA_COMMENTS = etree.XPath("descendant::comment()[contains(., 'news_keyword_pub')]")
_JSON_LD = etree.XPath(
    "descendant::script[contains(@type, 'ld+json') and contains(., 'tickerSymbol')]"
)
_PUBLISHED: Final = re.compile(r"news_keyword_pub,(stock|usstock|hkstock),([^>]{0,2000})")
_META_SYMBOLS: Final = re.compile(
    r"(?:^|[._:\-])(?:stock_?)?(?:tickers?|symbols?|tickersymbol|stock_?codes?)$"
)
_SYMBOL_ENDS: Final = ("ticker", "tickers", "symbol", "symbols", "code", "codes")
_KEYWORDS: Final = frozenset({"keywords", "news_keywords", "article:tag", "parsely-tags"})
_NOTED: Final = re.compile(r"[:.$：]|(?:sh|sz|bj)\d{6}", re.IGNORECASE)
_ABOUT: Final = frozenset({"about", "mentions", "mainEntity", "@graph", "subjectOf", "keywords"})
_BETWEEN: Final = re.compile(r"[,;，；|]")


class Linked(NamedTuple):
    """A link or a tagged element, which counts if it stands in the article."""

    element: Any
    listing: Listing
    rule: str
    matched: str


class Markup(NamedTuple):
    """What the markup of a page names: perhaps beside the article, and as declared."""

    linked: tuple[Linked, ...]
    declared: tuple[Candidate, ...]


def read_markup(tree: Any, source: Source) -> Markup:
    """Gather what a page as lxml parsed it names.

    It wants no text of the article, so that it can be done while the tree is at hand: a
    first walk of a tree that the processor no longer remembers costs more than all rules.
    """
    hrefs = _HREFS(tree)
    linked = [*_links(tree, hrefs, source), *_spans(_DATA_SPANS(tree))]
    declared: list[Candidate] = []
    if "sina" in source.domain or "sina" in "".join(hrefs):  # Sina's, or a copy
        linked += _spans(_SINA_SPANS(tree))
        declared += _comments(_SINA_COMMENTS(tree))
    declared += _metas(tree)
    declared += _json_ld(_JSON_LD(tree))
    return Markup(tuple(linked), tuple(declared))


def find(markup: Markup, text: str) -> Iterator[Candidate]:
    """Yield what counts beside an article with this text, as the publisher's tags."""
    standing = Standing(text)
    for element, listing, rule, matched in markup.linked:
        if kind_of(listing.mic, listing.code) != "unknown" and standing.holds(element):
            yield from _tag(listing, rule, matched, _words(element))
    yield from markup.declared


def _tag(found: Listing | None, rule: str, matched: str, name: str | None) -> Iterator[Candidate]:
    if found is not None and kind_of(found.mic, found.code) != "unknown":
        yield Candidate(listing=found, rule=rule, certainty="tag", matched=matched, name=name)


def _words(element: Any) -> str | None:
    return one_line("".join(element.itertext()))[:80] or None


def _links(tree: Any, hrefs: list[str], source: Source) -> Iterator[Linked]:
    quotes = read_links(hrefs, source.domain)
    links = _LINKS(tree) if quotes else ()
    for number, found in quotes:
        yield Linked(links[number], found, "quote-link", hrefs[number].strip())


def _spans(spans: list[Any]) -> Iterator[Linked]:
    """Read data attributes, and Sina's `<span id="stock_sz000088">` if it holds no link."""
    for element in spans:
        value = next((element.get(name) for name in _DATA_NAMES if element.get(name)), None)
        if value is not None:
            found, rule = _data(value), "data-attribute"
        else:
            value, rule = element.get("id") or "", "stock-span"
            kind, _, code = value.partition("_")
            found = None if element.find(".//a[@href]") is not None else _sina(kind, code)
        if found is not None:
            yield Linked(element, found, rule, value)


def _data(value: str) -> Listing | None:
    word = value.isalpha() and not value.isupper()
    return None if word or len(value) > 20 else read_symbol(value)


def _sina(kind: str, code: str) -> Listing | None:
    if kind == "stock":
        return prefixed(code[:2], code[2:])
    return read_symbol(code.removeprefix("hk")) if code.isascii() else None


def _comments(comments: list[Any]) -> Iterator[Candidate]:
    for comment in comments:
        for kind, codes in _PUBLISHED.findall(comment.text or ""):
            for code in (part.strip(" -,") for part in codes.split("&")):
                yield from _tag(_sina(kind, code), "news_keyword_pub", code, None)


def _metas(tree: Any) -> Iterator[Candidate]:
    for part in tree.iterchildren("head", "body"):
        for meta in part.iterchildren("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower()
            if name in _KEYWORDS or (name.endswith(_SYMBOL_ENDS) and _META_SYMBOLS.search(name)):
                yield from _meta(name, meta.get("content") or "")


def _meta(name: str, content: str) -> Iterator[Candidate]:
    for part in map(str.strip, _BETWEEN.split(content)[:100]):
        if name not in _KEYWORDS or (_NOTED.search(part) and " " not in part):
            yield from _tag(read_symbol(part), f"meta-{name[:40]}", part, None)


def _json_ld(scripts: list[Any]) -> Iterator[Candidate]:
    for script in scripts:
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _subjects(data, depth=0):
            value = node.get("tickerSymbol")
            for ticker in value if isinstance(value, list) else [value]:
                if isinstance(ticker, str):
                    name = node.get("name")
                    found = read_symbol(ticker)
                    yield from _tag(
                        found, "json-ld", ticker, name if isinstance(name, str) else None
                    )


def _subjects(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Walk what the article is about, and not who published it."""
    if depth > 8:
        return
    if isinstance(node, list):
        for item in node[:200]:
            yield from _subjects(item, depth + 1)
    elif isinstance(node, dict):
        if depth and "tickerSymbol" in node:
            yield node
        for key, value in node.items():
            if key in _ABOUT:
                yield from _subjects(value, depth + 1)
