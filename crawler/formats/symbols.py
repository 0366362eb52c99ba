"""What feeds themselves say of instruments: category types, tickers, exchanges' own elements."""

from __future__ import annotations

import re

from lxml import etree

from crawler.formats.text import local_name
from pipelines.items import SymbolHint

_WORTH_A_LOOK = re.compile(r"(?i)ticker|symbol|:stock\b|/stock\b|isin")
_SYMBOL_SCHEME = re.compile(r"(?i)(?:^|[/#:._-])(?:symbols?|tickers?|stocks?|isin|instruments?)/?$")
_ELEMENTS = {
    "tickers": "tickers",
    "ticker": "tickers",
    "stock_tickers": "stock_tickers",
    "stocksymbol": "stock-symbol",
    "stock_symbol": "stock-symbol",
}
_SPLIT = re.compile(r"[,;|\s]+")


def is_symbol_scheme(scheme: str | None) -> bool:
    """Tell whether a category's scheme, domain or type says that its term is an instrument."""
    return bool(scheme) and _SYMBOL_SCHEME.search(scheme or "") is not None


def split(text: str, rule: str) -> tuple[SymbolHint, ...]:
    """Take a list of tickers apart: `NASDAQ:AMZN, BOM:500325`."""
    joined = re.sub(r"\s*:\s*", ":", text.strip())
    return tuple(SymbolHint(rule=rule, text=part) for part in _SPLIT.split(joined) if part)


def of_items(text: str, count: int) -> list[tuple[SymbolHint, ...]] | None:
    """Collect the hints of each item of an RSS or Atom document, in order.

    None where there is nothing to find, or where the items do not match the `count` entries
    that were read, so that no hint is given to the wrong entry.
    """
    if not _WORTH_A_LOOK.search(text):
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    items = [e for e in root.iter("{*}item", "{*}entry") if isinstance(e.tag, str)]
    return [_of_item(item) for item in items] if len(items) == count else None


def _of_item(item: etree._Element) -> tuple[SymbolHint, ...]:
    hints: list[SymbolHint] = []
    for element in item.iter(etree.Element):
        name = local_name(element)
        text = "".join(element.itertext()).strip()
        if name == "category":
            hints += _category(element, text)
        elif name in _ELEMENTS and text:
            hints += split(text, _ELEMENTS[name])
        elif name == "stock":
            hints += _stock(element)
    return tuple(dict.fromkeys(hints))


def _category(element: etree._Element, text: str) -> list[SymbolHint]:
    for key in ("type", "domain", "scheme"):
        if is_symbol_scheme(element.get(key)):
            term = text or element.get("term") or ""
            return [SymbolHint(rule="category-symbol", text=term)] if term else []
    return []


def _stock(element: etree._Element) -> list[SymbolHint]:
    """`<stock><symbol>AAPL</symbol><company_name>Apple Inc.</company_name></stock>`."""
    parts = {
        local_name(child): (child.text or "").strip()
        for child in element.iterchildren(etree.Element)
    }
    symbol = parts.get("symbol") or element.get("symbol") or ""
    name = parts.get("company_name") or parts.get("name") or None
    return [SymbolHint(rule="stock-symbol", text=symbol, name=name)] if symbol else []
