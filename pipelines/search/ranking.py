"""BM25 over the candidates that the index gave.

FTS5's own bm25() first counts every article that holds each word: for a common word that
is most of the record, on every search. Here the index gives the newest matches and an
estimate of how rare each phrase is; the rest is counted in the candidates' texts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.search.words import FOLDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.search.query import Phrase

# Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
_K1 = 1.2
_B = 0.75
# A word in the title says what an article is about; one in its text only that it came up.
_TITLE_WEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that matches, with what its rank depends on."""

    id: int
    title: str
    text: str


def rank(
    candidates: Sequence[Candidate],
    phrases: Sequence[Phrase],
    shares: Mapping[Phrase, float],
) -> list[int]:
    """Order the candidates' ids, the best first, the newer first among equals.

    `shares` says of each phrase in what share of all articles it stands (0 to 1).
    """
    if not candidates:
        return []
    mean = sum(len(candidate.text) for candidate in candidates) / len(candidates)
    scored = [(-score(found, phrases, shares, mean), -found.id) for found in candidates]
    return [-negative for _, negative in sorted(scored)]


def score(
    candidate: Candidate, phrases: Sequence[Phrase], shares: Mapping[Phrase, float], mean: float
) -> float:
    """Say how well an article answers; `mean` is the usual length of a text in characters."""
    title, text = candidate.title.lower(), candidate.text.lower()
    length = _K1 * (1 - _B + _B * len(text) / (mean or 1.0))
    total = 0.0
    for phrase in phrases:
        count = 0.0
        if phrase.column != "text":
            count += _TITLE_WEIGHT * occurrences(title, phrase)
        if phrase.column != "title":
            count += occurrences(text, phrase)
        total += rarity(shares.get(phrase, 0.1)) * count * (_K1 + 1) / (count + length)
    return total


def rarity(share: float) -> float:
    """How much it says that a phrase of this share of all articles is there (> 0)."""
    return math.log(1 + (1 - share) / max(share, 1e-7))


def occurrences(text: str, phrase: Phrase) -> int:
    """Count a phrase's first token in lower-case text, at the boundaries that it needs.

    An estimate: the index has already made sure that the phrase is there.
    """
    token = phrase.tokens[0]
    open_end = phrase.prefix and len(phrase.tokens) == 1
    if not token.isascii():
        count = text.count(token)
        # Folding is slow, makes no letter of another script, and leaves Han as it is.
        if count or text.isascii() or "\u4e00" <= token[0] <= "\u9fff":
            return count
        return text.translate(FOLDED).count(token)
    count, at, size = 0, text.find(token), len(token)
    while at >= 0:
        end = at + size
        before = text[at - 1] if at else " "
        after = text[end] if end < len(text) else " "
        if not (_latin(before) or (_latin(after) and not open_end)):
            count += 1
        at = text.find(token, end)
    return count


def _latin(character: str) -> bool:
    """Whether a word goes on with this character; Chinese beside it is no part of it."""
    return character.isalnum() and character < "\u3000"
