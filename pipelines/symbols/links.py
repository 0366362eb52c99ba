"""Links to quote pages, by publisher; the table is data (`quote_links.toml`)."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from pipelines.symbols import markets
from pipelines.symbols.markets import Listing, label_mic, listing
from pipelines.symbols.normalise import read_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class QuoteLink(NamedTuple):
    """One publisher's form of quote link: where, how to read the code in it, and an example."""

    host: str
    path: re.Pattern[str]
    form: str
    seen: str


QUOTE_LINKS: Final = tuple(
    QuoteLink(link["host"], re.compile(link["path"]), link["form"], link["seen"])
    for link in tomllib.loads(
        files(__package__).joinpath("quote_links.toml").read_text(encoding="utf-8")
    )["link"]
)
_BY_HOST: Final = {
    host: tuple(link for link in QUOTE_LINKS if link.host == host)
    for host in {link.host for link in QUOTE_LINKS}
}
_URL = re.compile(r"\s{0,20}(?:(?:https?:)?//[^/?#]{1,120})?(/[^\s]{0,400})")


def read_links(hrefs: Sequence[str], own_host: str) -> list[tuple[int, Listing]]:
    """Find the links to quote pages: their numbers among `hrefs`, and what they name.

    `own_host` is that of links without one.
    """
    found = []
    own = _links_of(own_host)
    for number, href in enumerate(hrefs):
        parts = href.split("/", 3)  # https:, nothing, host, path
        links = _links_of(parts[2]) if len(parts) > 2 and not parts[1] else own
        if links and (listed := _read(href, links)) is not None:
            found.append((number, listed))
    return found


@lru_cache(maxsize=4096)
def _links_of(host: str) -> tuple[QuoteLink, ...]:
    """Give the quote links of a host and of the hosts above it."""
    host = host.lower().partition(":")[0]
    links: tuple[QuoteLink, ...] = ()
    while host:
        links += _BY_HOST.get(host, ())
        host = host.partition(".")[2]
    return links


def _read(href: str, links: tuple[QuoteLink, ...]) -> Listing | None:
    url = _URL.match(href)
    if url is None:
        return None
    path = unquote(url[1])
    for link in links:
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
    base, _, quote = match[1].partition("-")
    return markets.pair(base, quote) or _us(match)


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
    mic = label_mic(match[1].upper())
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
