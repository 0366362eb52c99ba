"""Tickers in the dialects of data vendors: 0700.HK, (VOD.L), VOD LN Equity, AIR-FR, $TSLA.

A suffix is believed after digits, and after letters only in brackets; a Bloomberg code
only with the word Equity, or with digits in brackets. So A.T., U.S. and BILD.DE are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipelines.symbols import markets
from pipelines.symbols.candidates import candidate
from pipelines.symbols.markets import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.symbols.candidates import Candidate

# Signs that the rules further down are worth running. Each begins with one certain letter,
# for which the text is searched at the speed of memory.
_DOTTED = re.compile(r"\.(?<=\d\.)(?:[A-Z]|hk|s[hsz]|bj)")
_CLOSED = re.compile(r"\.[A-Z]{1,6}[ \xa0]?[)）\]>＞〉,;，；]")
_OPENED: Final = {
    bracket: re.compile(re.escape(bracket) + r"[A-Z0-9.]{1,8}[ \-][A-Z]{2}[)）>]")
    for bracket in "(（<"
}
_PRICED = (
    re.compile(r"-(?:USD|EUR|BTC|JPY|GBP)"),
    re.compile(r"/(?:USD|EUR|BTC|JPY|GBP)"),
)

_DOTTED_DIGITS = re.compile(
    r"(?<![A-Za-z0-9_.,$€£¥])(\d{4,6})\.([A-Z]{1,3}|[a-z]{2})(?![A-Za-z0-9_]|\.[A-Za-z0-9])"
)
_HONG_KONG = re.compile(
    r"(?:(?<![A-Za-z0-9_.,])(\d{3,5})|(?<=[(（])(\d{1,2}))\.(?:HK|hk)(?![A-Za-z0-9])"
)
_DOTTED_LETTERS = re.compile(
    r"[(（\[<＜〈][ \xa0]?([A-Z]{2,5}(?:[a-dn]|-[A-Z]|\d{1,2})?|[A-Z0-9]{2,4}G(?:n|_p)"
    r"|\d[A-Z]{2,3}|[A-Z])\.([A-Z]{1,3}|NYSE|NASDAQ)[ \xa0]?[)）\]>＞〉,;，；]"
)
_MAINLAND = frozenset(("XSHG", "XSHE", "BJSE"))
_NUMBERED = frozenset(("XTKS", "XTAI", "ROCO", "XKRX", "XKOS", "XSAU", "XKLS"))
# A root in capitals and one of these may as well be a web address (BILD.DE).
_DOMAINS = frozenset("DE AS BR CO HE TO IS SE NZ SA ME VI MC ST SI SW IR NE CN BO KS TW SR".split())
_MARKET_TALK = re.compile(
    r"(?i)\b(?:shares?|stocks?|\w{0,20}aktien?\w{0,12}|börse|dax|investors?|anleger|kurs|actions?|bourse"
    r"|dividend\w{0,4}|earnings|nasdaq|nyse)\b|股|证券|株"
)
_CASHTAG = re.compile(
    r"\$(?<![\w$.\-/\\{\[=]\$)([A-Z]{1,5}(?:[.\-][A-Z]{1,2})?)(?![\w$({\[=:/]|\.\w)"
)
_SCRIPT = re.compile(r"\$[a-z_{(]|\$[A-Z]{2,5}_|\$[A-Z]{6}|\$(?:PATH|HOME|USER|PWD|SHELL)\b")
_MONEY = frozenset(
    "US USD CAD AUD HKD NZD SGD EUR GBP JPY CNY RMB INR CHF KRW TWD A B C K M MM BN B MN T AU CA"
    " HK NZ SG NT R PATH HOME USER".split()
)
_TERMINALS = "|".join(markets.BLOOMBERG)
_BLOOMBERG = re.compile(
    rf"(?<![A-Za-z0-9/])([A-Z0-9]{{1,8}}(?:/[A-Z])?) ({_TERMINALS})"
    r" (?:Equity|EQUITY)(?![A-Za-z0-9])"
)
_BLOOMBERG_BRACKET = re.compile(r"[(（](\d{1,6}) (HK|CH|JP|TT|KS)[)）]")
_COUNTRY = re.compile(r"[(（<](\d{4,6}[A-Z]?|[A-Z]{1,5}(?:\.[A-Z])?)-(US|HK|TW|JP|KR|SH|SZ)[)）>]")
# (UK-US) is no ticker: what stands for a country or a bloc beside another.
_PLACES = frozenset(
    "AFTA ANTI APEC ASEAN ASIA CHINA CHN CUBA EEA EFTA EU FRG FTA GCC HK IND INDIA IRAN IRQ"
    " JAPAN JP KOREA KR MEX NATO NAFTA NON PAN PRC PRE PRO ROC ROK RUS SINO SWISS TW UAE UK UN"
    " US USA USSR".split()
)
_PAIR = re.compile(
    r"(?<![A-Za-z0-9\-/.])([A-Z0-9]{2,6})[-/](USDT?|USDC|EUR|BTC|JPY|GBP)(?![A-Za-z0-9]|[-/][A-Za-z0-9])"
)


def find(text: str) -> Iterator[Candidate]:
    """Yield what a vendor's suffix, a cashtag or a pair of currencies names."""
    if "." in text:
        if _DOTTED.search(text):
            yield from _dotted_digits(text)
        if _CLOSED.search(text):
            yield from _dotted_letters(text)
    if "$" in text:
        yield from _cashtags(text)
    if "quity" in text or "QUITY" in text:
        yield from _bloomberg(text)
    if any(bracket in text and sign.search(text) for bracket, sign in _OPENED.items()):
        yield from _in_brackets(text)
    if any(sign.search(text) for sign in _PRICED):
        yield from _pairs(text)


def _dotted_digits(text: str) -> Iterator[Candidate]:
    for match in _HONG_KONG.finditer(text):
        found = listing("XHKG", match[1] or match[2])
        yield from candidate(found, "suffix", "certain", match[0], at=match.start())
    for match in _DOTTED_DIGITS.finditer(text):
        digits, suffix = match[1], match[2].upper()
        mic = markets.SUFFIXES.get(suffix, "")
        found = listing(mic, digits)
        if mic in _MAINLAND and len(digits) == 6:
            yield from candidate(found, "suffix", "certain", match[0], at=match.start())
        elif mic in _NUMBERED and match[2].isupper():
            yield from candidate(found, "suffix", "medium", match[0], at=match.start())


def _dotted_letters(text: str) -> Iterator[Candidate]:
    market_talk = _MARKET_TALK.search(text) is not None
    for match in _DOTTED_LETTERS.finditer(text):
        if match[2] in _DOMAINS and not market_talk:
            continue
        if len(match[1]) == 1 and len(match[2]) == 1:
            continue
        found = markets.suffixed(match[1], match[2])
        yield from candidate(found, "suffix", "medium", match[0][1:-1], at=match.start())


def _cashtags(text: str) -> Iterator[Candidate]:
    tags = [
        match
        for match in _CASHTAG.finditer(text)
        if match[1] not in _MONEY and match[1] not in markets.COINS
    ]
    if tags and not _SCRIPT.search(text):
        for match in tags:
            found = listing("US", match[1])
            yield from candidate(found, "cashtag", "low", match[0], at=match.start())


def _bloomberg(text: str) -> Iterator[Candidate]:
    for match in _BLOOMBERG.finditer(text):
        found = listing(markets.BLOOMBERG[match[2]], match[1])
        yield from candidate(found, "bloomberg", "certain", match[0], at=match.start())


def _in_brackets(text: str) -> Iterator[Candidate]:
    for match in _BLOOMBERG_BRACKET.finditer(text):
        found = listing(markets.BLOOMBERG[match[2]], match[1])
        yield from candidate(found, "bloomberg", "medium", match[0][1:-1], at=match.start())
    for match in _COUNTRY.finditer(text):
        if match[1] in _PLACES:
            continue
        found = listing(markets.COUNTRIES[match[2]], match[1])
        yield from candidate(found, "country", "medium", match[0][1:-1], at=match.start())


def _pairs(text: str) -> Iterator[Candidate]:
    for match in _PAIR.finditer(text):
        found = markets.pair(match[1], match[2])
        yield from candidate(found, "pair", "certain", match[0], at=match.start())
