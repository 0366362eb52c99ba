"""The notations in which a text names an instrument: (NYSE: IBM), 000088.SZ, 贵州茅台（600519）.

A rule is a regular expression with bounded repetition (linear on any text) and a reader
for its match. Which rules run is decided by a cheap sign, because most articles name
nothing. Letters are told from words by their brackets, their label or their suffix, never
by being capitals alone: (CEO), A.T and U.S. are no instruments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.symbols import chinese, japanese, labelled, tickers

if TYPE_CHECKING:
    from pipelines.symbols.candidates import Candidate


def find(text: str) -> list[Candidate]:
    """List every instrument that `text` names by a notation, in order of appearance."""
    rooms = (labelled, tickers, chinese, japanese)
    found = [candidate for room in rooms for candidate in room.find(text)]
    found.sort(key=lambda candidate: candidate.at)
    return found
