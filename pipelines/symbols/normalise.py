"""One symbol from whatever notation somebody, or some feed, wrote it in."""

from __future__ import annotations

import re

from pipelines.symbols import markets
from pipelines.symbols.markets import Listing, label_mic, listing
from pipelines.symbols.notations import find

_BARE_US = re.compile(r"\$?([A-Z]{1,5}(?:[./-][A-Z]{1,2})?)")
_SUFFIXED = re.compile(r"([A-Za-z0-9]{1,8}(?:-[A-Z]|_p)?)\.([A-Z]{1,3}|NYSE|NASDAQ)")
_HYPHENED = re.compile(r"([A-Z0-9.]{1,8})-([A-Z]{1,2})")
_LABELLED = re.compile(
    r"([^:：]{1,24})[:：]\s{0,2}([A-Z0-9]{1,8}(?:[./-][A-Z]{0,3})?)", re.IGNORECASE
)
# MarketWatch and Dow Jones put the country first: UK:BP, HK:700, JP:7203.
_COUNTRY_LABELS = {**markets.COUNTRIES, "UK": "XLON", "CN": "CN"}
_SPACED = re.compile(r"([A-Z][A-Za-z]{2,10}) ([A-Z0-9]{1,6}(?:[./-][A-Z]{1,2})?)")
_CHINESE = re.compile(r"(sh|sz|bj|ss)[.:]?(\d{6})", re.IGNORECASE)


def normalise_symbol(text: str) -> str | None:
    """Write what a user typed as `MIC:code`, or None if it is no notation we know.

    `000088.SZ`, `sz000088`, `XSHE:000088` and `000088` are the same symbol, and so are
    `NASDAQ:AAPL` and `xnas:aapl`; `AAPL` alone is `US:AAPL`, `00700` and `700.HK` are
    `XHKG:00700`, `BTC/USD` is `CRYPTO:BTC-USD`.
    """
    found = read_symbol(text)
    return found.symbol if found else None


def read_symbol(text: str) -> Listing | None:
    """Read one symbol in any notation; a bare ticker in letters is taken as American."""
    text = text.strip()
    if not text or len(text) > 60:
        return None
    upper = text.upper()
    if chinese := _CHINESE.fullmatch(text):
        return markets.prefixed(chinese[1], chinese[2])
    for reader in (_coded, _labelled, _paired, _dotted, _hyphened, _spaced):
        if found := reader(text) or (reader(upper) if text.isascii() else None):
            return found
    candidates = {candidate.listing for candidate in find(text)}
    if len(candidates) == 1:
        return candidates.pop()
    bare = _BARE_US.fullmatch(upper)
    return listing("US", bare[1]) if bare else None


def _coded(text: str) -> Listing | None:
    if re.fullmatch(r"\d{6}", text):
        return listing("CN", text)
    return listing("XHKG", text) if re.fullmatch(r"0\d{4}", text) else None


def _labelled(text: str) -> Listing | None:
    match = _LABELLED.fullmatch(text)
    if match is None:
        return None
    label, code = match[1].strip(), match[2].upper().strip("/")
    if label.upper() == "CRYPTO":
        return markets.pair(*code.split("-", 1)) if code.count("-") == 1 else None
    mic = label_mic(label.upper()) or label_mic(label) or markets.HAN_LABELS.get(label)
    mic = mic or _COUNTRY_LABELS.get(label.upper())
    if mic is None:  # the other way round, as Bloomberg and Google write: AAPL:US, AAPL:NASDAQ
        label, code = code, label.upper()
        mic = markets.BLOOMBERG.get(label) or label_mic(label)
    return listing(mic, code) if mic else None


def _paired(text: str) -> Listing | None:
    match = re.fullmatch(r"([A-Z0-9]{2,6})[-/](USDT?|USDC|EUR|BTC|JPY|GBP)", text)
    return markets.pair(match[1], match[2]) if match else None


def _dotted(text: str) -> Listing | None:
    match = _SUFFIXED.fullmatch(text)
    if match is None or (match[1].isalpha() and len(match[2]) == 1 and match[2] in "AB"):
        return None
    if match[2] in markets.SUFFIXES:
        return markets.suffixed(match[1], match[2])
    country = markets.COUNTRIES.get(match[2])  # UBI.FR, as Dow Jones writes
    return listing(country, match[1].upper()) if country else None


def _hyphened(text: str) -> Listing | None:
    match = _HYPHENED.fullmatch(text)
    if match is None or (match[1].isalpha() and len(match[2]) == 1):
        return None
    mic = markets.COUNTRIES.get(match[2])
    return listing(mic, match[1]) if mic else None


def _spaced(text: str) -> Listing | None:
    if match := re.fullmatch(r"([A-Z0-9/]{1,8}) ([A-Z]{2})(?: EQUITY)?", text):
        mic = markets.BLOOMBERG.get(match[2])
        return listing(mic, match[1]) if mic else None
    match = _SPACED.fullmatch(text)
    mic = label_mic(match[1]) if match else None
    return listing(mic, match[2]) if mic and match else None
