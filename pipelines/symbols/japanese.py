"""Codes as Japanese writes them: 東洋自動車<7203>, 東洋自動車（7203）, 証券コード：6758.

In round brackets only where the text is about shares, and not where the number counts or
measures: 社員（3000）人, 株価は（1500）円.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.symbols.candidates import candidate
from pipelines.symbols.markets import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.symbols.candidates import Candidate

_CODE_WORD = re.compile(r"証券コード[ 　:：＝=]{0,2}(\d{4}|\d{3}[A-Z])(?![\dA-Za-z年月])")
_BRACKETED = re.compile(
    r"(?<=[一-鿿ぁ-んァ-ヶーA-Za-zＡ-Ｚ&＆])(?:[<＜〈](\d{4}|\d{3}[A-Z])[>＞〉]"
    r"|[（(【]((?!19|20)\d{4}|\d{3}[A-Z])[)）】])"
)
_COUNTED = re.compile(
    r"(?:番号|電話|人口|社員|従業員|株価|出来高|売買高|[はがを区市額率量数円年月日])\Z"
)
_MEASURE = re.compile(
    r"\s?(?:[万億千]|人|円|台|件|枚|店|戸|個|回|名|歳|本|年|月|日|トン|ドル|社|％|%)(?![一-鿿ァ-ヶー])"
)
_MARKET = re.compile(r"株|東証|上場|銘柄|証券")
_CODE_FIRST = re.compile(
    r"(?:(?<=[\s　、。])|\A)[<＜〈](\d{4}|\d{3}[A-Z])[>＞〉](?=[ 　]?[一-鿿ァ-ヶＡ-ＺA-Z])"
)
# The first two bytes of every kana in UTF-8: bytes are searched faster than letters.
_KANA = (b"\xe3\x81", b"\xe3\x82", b"\xe3\x83")


def find(text: str) -> Iterator[Candidate]:
    """Yield codes of Tokyo by their brackets or the word for a code."""
    if text.isascii():
        return
    data = text.encode("utf-8", "replace")
    if not any(lead in data for lead in _KANA):
        return
    for match in _CODE_WORD.finditer(text):
        found = listing("XTKS", match[1])
        yield from candidate(found, "code-word", "certain", match[0], at=match.start())
    market = _MARKET.search(text) is not None
    for match in _BRACKETED.finditer(text):
        angled, bracketed = match.groups()
        if angled:
            believed = market or not angled.startswith(("19", "20"))
        else:
            believed = market and not _is_figure(text, match)
        if believed:
            found = listing("XTKS", angled or bracketed)
            yield from candidate(found, "bracket", "medium", match[0], at=match.start())
    for match in _CODE_FIRST.finditer(text) if market else ():
        found = listing("XTKS", match[1])
        yield from candidate(found, "bracket", "medium", match[0], at=match.start())


def _is_figure(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    counted = _COUNTED.search(before) is not None
    return counted or _MEASURE.match(text, match.end()) is not None
