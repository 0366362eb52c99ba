"""Links to quote pages, by publisher; the table is data (`quote_links.toml`)."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from pipelines.symbols import markets
from pipelines.symbols.markets import Listing, listing
from pipelines.symbols.normalise import read_symbol
from pipelines.symbols.notations import label_mic

if TYPE_CHECKING:
    from collections.abc import Callable


class QuoteLink(NamedTuple):
    """One publisher's form of quote link: where, and how to read the code in it."""

    host: str
    path: re.Pattern[str]
    form: str


QUOTE_LINKS: Final = tuple(
    QuoteLink(link["host"], re.compile(link["path"]), link["form"])
    for link in tomllib.loads(
        files(__package__).joinpath("quote_links.toml").read_text(encoding="utf-8")
    )["link"]
)
# What every quote link has in it; a page without any of these has none.
SIGNS: Final = (
    "quote",
    "stock",
    "symbol",
    "/S/",
    "eastmoney",
    "10jqka",
    "gu.qq.",
    "qq.com/",
    "hexun",
    "finance.yahoo",
    "finance/",
    "companies/",
    "money.163",
    "code=",
    "tradingview",
    "morningstar",
    "market-activity",
    "stockanalysis",
    "wsj.com",
    "naver.",
)
_URL = re.compile(r"(?:https?:)?//([^/?#]{1,120})([/?][^\s]{0,400})|(/[^/\s][^\s]{0,400})")


def read_link(href: str, own_host: str) -> Listing | None:
    """Read the instrument from a link to a quote page; None for any other link."""
    url = _URL.match(href)
    if url is None:
        return None
    host = (url[1] or own_host).lower().split(":")[0]
    path = unquote(url[2] or url[3])
    for link in QUOTE_LINKS:
        if not (host == link.host or host.endswith("." + link.host)):
            continue
        match = link.path.match(path)
        found = _FORMS[link.form](match) if match else None
        if found is not None:
            return found
    return None


def _sina(match: re.Match[str]) -> Listing | None:
    return markets.prefixed(match[1][:2], match[1][2:])


def _us(match: re.Match[str]) -> Listing | None:
    code = match[1].upper().replace("_", ".")
    return read_symbol(code) if ":" in code else listing("US", code)


def _suffix(match: re.Match[str]) -> Listing | None:
    root, dot, suffix = match[1].rpartition(".")
    if dot:
        return markets.suffixed(root, suffix) if suffix not in {"A", "B"} else _us(match)
    return markets.pair(*match[1].split("-")) if match[1].count("-") == 1 else _us(match)


def _country(match: re.Match[str]) -> Listing | None:
    root, hyphen, country = match[1].rpartition("-")
    if not hyphen:
        return _us(match)
    if country in {"N", "Q"}:
        return listing({"N": "XNYS", "Q": "XNAS"}[country], root)
    mic = markets.COUNTRIES.get(country)
    return listing(mic, root) if mic else None


def _label(match: re.Match[str]) -> Listing | None:
    mic = label_mic(match[2].upper())
    return listing(mic, match[1]) if mic else None


def _market(match: re.Match[str]) -> Listing | None:
    mic = label_mic({"NYSEMKT": "NYSE MKT"}.get(match[1].upper(), match[1].upper()))
    return listing(mic, match[2].upper()) if mic else None


def _digits(mic: str) -> Callable[[re.Match[str]], Listing | None]:
    return lambda match: listing(mic, match[1])


_FORMS: Final[dict[str, Callable[[re.Match[str]], Listing | None]]] = {
    "sina": _sina,
    "us": _us,
    "suffix": _suffix,
    "country": _country,
    "label": _label,
    "market": _market,
    "any": lambda match: read_symbol(match[1]),
    "cn": _digits("CN"),
    "hk": _digits("XHKG"),
    "jp": _digits("XTKS"),
    "kr": _digits("XKRX"),
}
