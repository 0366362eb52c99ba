"""The notations in which a text names an instrument: (NYSE: IBM), 000088.SZ, 贵州茅台（600519）.

A rule is a regular expression with bounded repetition (linear on any text) and a reader
for its match. Which rules run is decided by a cheap sign, because most articles name
nothing. Letters are told from words by their brackets, their label or their suffix, never
by being capitals alone: (CEO), A.T and U.S. are no instruments.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipelines.symbols import chinese, japanese, labelled, tickers

if TYPE_CHECKING:
    from pipelines.symbols.candidates import Candidate

_ROOMS: Final = (labelled, tickers, chinese, japanese)
_WIDE_DIGITS: Final = "０１２３４５６７８９"
_NARROW: Final = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in f"{_WIDE_DIGITS}．"} | {
    code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def find(text: str) -> list[Candidate]:
    """List every instrument that `text` names by a notation, in order of appearance."""
    if any(digit in text for digit in _WIDE_DIGITS):
        return _find_wide(text)
    found = [candidate for room in _ROOMS for candidate in room.find(text)]
    found.sort(key=lambda candidate: candidate.at)
    return found


def _find_wide(text: str) -> list[Candidate]:
    """Read （７２０３） as (7203), and give the words as they are written."""
    narrow = text.translate(_NARROW)
    written = []
    for candidate in find(narrow):
        at = narrow.find(candidate.matched, candidate.at)
        matched = text[at : at + len(candidate.matched)]
        written.append(replace(candidate, matched=matched))
    return written
