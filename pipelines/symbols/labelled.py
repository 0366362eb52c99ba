"""A word before a colon and the code after it: (NYSE: IBM), 港交所：1024, (ticker: HD).

The colon is looked for first, and what stands before it is looked up, not searched for:
that is quick on any text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipelines.symbols import markets
from pipelines.symbols.candidates import candidate
from pipelines.symbols.markets import label_mic, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.symbols.candidates import Candidate

_CODE = r"[A-Z0-9][A-Z0-9]{0,7}(?:[.\-/][A-Z0-9]{1,3})?(?![A-Za-z0-9])"
_AFTER = rf"[ \xa0　]{{0,2}}[$“\"]?({_CODE})"
# Two expressions, for one that begins with a letter is searched at the speed of memory.
_COLONS: Final = {":": re.compile(rf":{_AFTER}"), "：": re.compile(rf"：{_AFTER}")}
_JOINED: Final = 4  # labels before one colon: LSE/STO/Nasdaq
_AND = re.compile(r"(?:[ \xa0]?[/,&+][ \xa0]?|[ \xa0](?:and|und|&)[ \xa0])\Z")
_NEXT_CODE = re.compile(rf"[ \xa0]?(?:,|/|and|&|、)[ \xa0]?({_CODE})(?=[ \xa0]?[,，;；/、)）\]])")
_OPENED = re.compile(r"[(（\[【][^()（）\[\]【】\n]{0,120}\Z")
_STOCK_CODE = re.compile(r"(?i:\bstock[ \xa0]code)[ \xa0]?[:：][ \xa0]?(\d{1,5})(?![\d.,]\d|\d)")
_HONG_KONG = re.compile(r"Hong Kong|HKEX|SEHK|港")
_HAN_CODE = re.compile(
    r"([A-Z]{1,6}(?:[.\-][A-Z])?|\d{4,6}|\d{3}[A-Z])(?=[ 　]?[)）\]】;；,，、。/|\s]|[ 　]?\Z)"
)
_TICKER_WORD = re.compile(
    r"[(（\[](?:[Ss]tock |[Tt]icker )?([Ss]ymbol|[Tt]icker|SYMBOL|TICKER)[ \xa0]?\Z"
)
# Words that stand in capitals after a label outside brackets: "NASDAQ: UP 2%".
_SHOUTED = frozenset(
    "A ALL AM AN AND ARE AS AT BE BIG BUY BY CAN CEO CFO CLOSED DO DOWN ETF EU FALL FAQ FLAT FOR"
    " FROM GAIN GAINS GO HAS HAVE HERE HOLD HOW I AI IF IN IPO IS IT LIVE LOSES LOSS MORE NEW NEWS"
    " NEXT NO NOT NOW OF ON OPEN OR OUR OUT PM Q Q1 Q2 Q3 Q4 RALLY RISE RISES S SAYS SELL SHARES"
    " SLIDE SO STOCK STOCKS TECH THAT THE THEY THIS TO TODAY TOP UK UP US USA WAS WATCH WE WHAT"
    " WHEN WHERE WHO WHY WILL WITH YOU YOUR YTD".split()
)


def _by_tail(labels: Iterable[str], length: int) -> dict[str, tuple[str, ...]]:
    """Group labels by how they end, the longest first."""
    tails: dict[str, list[str]] = {}
    for label in sorted(labels, key=len, reverse=True):
        tails.setdefault(label[-length:], []).append(label)
    return {tail: tuple(found) for tail, found in tails.items()}


_LABELS: Final = _by_tail(
    {label.casefold() for label in [*markets.LABELS, *markets.BRACKET_LABELS, *markets.MICS]},
    length=2,
)
_HAN_LABELS: Final = _by_tail(markets.HAN_LABELS, length=1)


def find(text: str) -> Iterator[Candidate]:
    """Yield what stands after a colon and the name of an exchange, or the word for a code."""
    for colon, rule in _COLONS.items():
        if colon in text:
            for match in rule.finditer(text):
                yield from _labelled(text, match)
                yield from _han_labelled(text, match)
    if "ock code" in text or "ock Code" in text:
        yield from _stock_codes(text)


def _labelled(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    word = _TICKER_WORD.search(text, max(0, match.start() - 20), match.start())
    if word is not None:
        yield from _without_exchange(match, word)
        return
    end = _without(text, match.start(), " ", "\xa0", most=2)
    end = _without(text, end, " symbol", "\xa0symbol", " ticker", "\xa0ticker")
    start = _label_start(text, end)
    if start is None:
        return
    labels = [text[start:end]]
    while len(labels) < _JOINED and (joined := _AND.search(text, max(0, start - 5), start)):
        other = _label_start(text, joined.start())
        if other is None:
            break
        labels.insert(0, text[other : joined.start()])
        start = other
    opened = _OPENED.search(text, max(0, start - 125), start) is not None
    matched = text[start : match.end()]
    for label in labels:
        mic = _believed(label, match[1], opened=opened)
        if mic is None or (mic == "XLON" and _is_longitude(text, start, match[1])):
            continue
        yield from candidate(listing(mic, match[1]), "exchange", "certain", matched, at=start)
        if opened:
            yield from _further(text, match.end(), mic)


def _without_exchange(match: re.Match[str], word: re.Match[str]) -> Iterator[Candidate]:
    """Read (ticker: HD), (Symbol: X); but (symbol: H) is hydrogen, and a coin has no exchange."""
    code = match[1]
    if code not in markets.COINS and not (len(code) == 1 and word[1] == "symbol"):
        matched = word[0][1:] + match[0]
        yield from candidate(listing("US", code), "ticker-word", "medium", matched, at=word.start())


def _without(text: str, end: int, *parts: str, most: int = 1) -> int:
    """Give the end of the text before these parts, if it ends in them."""
    for _ in range(most):
        for part in parts:
            if text.endswith(part, 0, end):
                end -= len(part)
                break
    return end


def _label_start(text: str, end: int) -> int | None:
    """Where the label of an exchange that ends at `end` begins; None if there is none."""
    for label in _LABELS.get(text[max(0, end - 2) : end].casefold(), ()):
        start = end - len(label)
        if start >= 0 and text[start:end].replace("\xa0", " ").casefold() == label:
            before = text[start - 1] if start else " "
            if not (before == "-" or (before.isascii() and before.isalnum())):
                return start
    return None


def _believed(label: str, code: str, *, opened: bool) -> str | None:
    """Give the label's MIC, if it means an exchange where it stands."""
    label = label.replace("\xa0", " ")
    shared = label.casefold() not in markets.LABELS and label not in markets.MICS
    if shared and (not opened or label != label.upper()):
        return None
    return None if code in _SHOUTED and not opened else label_mic(label)


def _further(text: str, at: int, mic: str) -> Iterator[Candidate]:
    for _ in range(8):
        match = _NEXT_CODE.match(text, at)
        if match is None or label_mic(match[1]):
            return
        matched = match[0].strip(" ,/")
        yield from candidate(listing(mic, match[1]), "exchange", "certain", matched, at=at)
        at = match.end()


def _is_longitude(text: str, start: int, code: str) -> bool:
    before = text[max(0, start - 30) : start]
    return "LAT" in before.upper() or re.fullmatch(r"[EWNS]\d{0,3}|\d{1,3}[NSEW]", code) is not None


def _han_labelled(text: str, colon: re.Match[str]) -> Iterator[Candidate]:
    code = _HAN_CODE.match(text, colon.start(1))
    if code is None:
        return
    end = _without(text, colon.start(), " ", "　")
    end = _without(text, end, "代码", "コード")
    end = _without(text, end, "股票", "证券", "交易")
    for label in _HAN_LABELS.get(text[end - 1 : end], ()):
        if text.endswith(label, 0, end):
            start = end - len(label)
            found = listing(markets.HAN_LABELS[label], code[1])
            matched = text[start : code.end()]
            yield from candidate(found, "exchange-han", "certain", matched, at=start)
            return


def _stock_codes(text: str) -> Iterator[Candidate]:
    in_hong_kong = _HONG_KONG.search(text) is not None
    for match in _STOCK_CODE.finditer(text):
        if len(match[1]) == 5 or in_hong_kong:
            found = listing("XHKG", match[1])
            yield from candidate(found, "stock-code", "certain", match[0], at=match.start())
