"""Instruments in a page's markup: the article's own links and tags, and what the page declares.

A link or a data attribute counts only where the words around it are the article's: they
must occur in the extracted text. So a market ticker bar, a "trending" box or the shares a
reader looked at last give nothing. All of it is the publisher's tag, not a certainty:
automatic linking errs (the word 微博 in a promotion becomes WB).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from pipelines.symbols.candidates import Candidate
from pipelines.symbols.links import read_links
from pipelines.symbols.markets import Listing, kind_of, prefixed
from pipelines.symbols.normalise import read_symbol

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
_BLOCKS: Final = frozenset(
    "p li td th dd dt h1 h2 h3 h4 h5 h6 blockquote figcaption div section article body".split()
)
_FURNITURE: Final = frozenset({"nav", "footer", "form", "select", "button"})
_ABOUT: Final = frozenset({"about", "mentions", "mainEntity", "@graph", "subjectOf", "keywords"})
_BETWEEN: Final = re.compile(r"[,;，；|]")
_SPACE: Final = re.compile(r"\s+")
_CONTEXT: Final = 10  # characters beside a link that must be the article's
_SEARCHED: Final = 2_000_000_000
"""Characters of article text, over all links of a page, in which the words beside a link are
looked for; about a second's work. Five thousand links in an article of 100,000 characters
stay below; links after that are taken for furniture."""


def find(tree: Any, text: str, source: Source) -> Iterator[Candidate]:
    """Yield what links, tags and declarations of the page name, as the publisher's tags."""
    article = _Article(text)
    hrefs = _HREFS(tree)
    yield from _links(tree, hrefs, article, source)
    yield from _spans(_DATA_SPANS(tree), article)
    if "sina" in source.domain or "sina" in "".join(hrefs):  # Sina's, or a copy
        yield from _spans(_SINA_SPANS(tree), article)
        yield from _comments(_SINA_COMMENTS(tree))
    yield from _metas(tree)
    yield from _json_ld(_JSON_LD(tree))


class _Article:
    """Tells whether an element stands in the article, by the words around it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._squeezed: str | None = None
        self._block: Any = None
        self._around = ""
        self._left = _SEARCHED

    def holds(self, element: Any) -> bool:
        if self._squeezed is None:
            self._squeezed = _SPACE.sub("", self._text)
        block = element
        for ancestor in element.iterancestors():
            if ancestor.tag in _FURNITURE:
                return False
            if block is element and ancestor.tag in _BLOCKS:
                block = ancestor
        own = _SPACE.sub("", "".join(element.itertext()))
        if block is element or not own or len(own) > 200:
            return False
        if block is not self._block:  # links share their blocks: its text is read once
            self._block, self._around = block, _SPACE.sub("", "".join(block.itertext()))
        return any(self._beside(at, len(own)) for at in _positions(self._around, own))

    def _beside(self, at: int, length: int) -> bool:
        around = self._around
        before, after = (
            around[max(0, at - _CONTEXT) : at],
            around[at + length : at + length + _CONTEXT],
        )
        own = around[at : at + length]
        return any(
            len(side) >= 4 and self._has(words)
            for side, words in ((before, before + own), (after, own + after))
        )

    def _has(self, words: str) -> bool:
        text = self._squeezed or ""
        self._left -= len(text)
        return self._left > 0 and words in text


def _positions(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    for _ in range(20):
        if at < 0:
            return
        yield at
        at = text.find(word, at + 1)


def _tag(found: Listing | None, rule: str, matched: str, name: str | None) -> Iterator[Candidate]:
    if found is not None and kind_of(found.mic, found.code) != "unknown":
        yield Candidate(listing=found, rule=rule, certainty="tag", matched=matched, name=name)


def _words(element: Any) -> str | None:
    return _SPACE.sub(" ", "".join(element.itertext())).strip()[:80] or None


def _links(tree: Any, hrefs: list[str], article: _Article, source: Source) -> Iterator[Candidate]:
    quotes = read_links(hrefs, source.domain)
    links = _LINKS(tree) if quotes else ()
    for number, found in quotes:
        link = links[number]
        if article.holds(link):
            yield from _tag(found, "quote-link", hrefs[number].strip(), _words(link))


def _spans(spans: list[Any], article: _Article) -> Iterator[Candidate]:
    """Read data attributes, and Sina's `<span id="stock_sz000088">` if it holds no link."""
    for element in spans:
        value = next((element.get(name) for name in _DATA_NAMES if element.get(name)), None)
        if value is not None:
            found, rule = _data(value), "data-attribute"
        else:
            value, rule = element.get("id") or "", "stock-span"
            kind, _, code = value.partition("_")
            found = None if element.find(".//a[@href]") is not None else _sina(kind, code)
        if found is not None and article.holds(element):
            yield from _tag(found, rule, value, _words(element))


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
