"""Whether two articles tell one story: the same text, at whatever outlet."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pipelines.signature import bare, shingles
from pipelines.wire import strip_prefixes

_SUFFIX = re.compile(r"\s+(?:[-–—|｜_]|--)\s+[^-–—|｜_]{2,40}$|[_|｜][^_|｜]{2,16}$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the comparison reads of an article, worked out once."""

    title: str
    source: str
    length: int
    grams: frozenset[str]
    figures: Counter[str]

    @classmethod
    def of(cls, title: str | None, text: str, *, source: str = "") -> Telling:
        """Work out a telling from a title and a body."""
        return cls(
            title=title_key(title),
            source=source,
            length=len(text),
            grams=shingles(text),
            figures=Counter(_FIGURE.findall(text)),
        )


def title_key(title: str | None) -> str:
    """Return a title without wire prefixes and publisher's suffix, letters and digits only."""
    plain = strip_prefixes(title or "")
    return bare(_SUFFIX.sub("", plain)) or bare(plain)


def titles_agree(a: str | None, b: str | None) -> bool:
    """Whether two titles are one but for prefixes, suffixes, case and punctuation."""
    return bool(title_key(a)) and title_key(a) == title_key(b)


def similarity(a: str, b: str) -> float:
    """Return the larger of Jaccard and containment over character 4-grams, 0 to 1."""
    return _overlap(shingles(a), shingles(b))


def same_story(a: Telling, b: Telling) -> float | None:
    """Return how similar two tellings of one story are; None where they are two stories."""
    score = _overlap(a.grams, b.grams)
    if score < 0.8:
        return None
    smaller, larger = sorted((a.figures, b.figures), key=lambda figures: figures.total())
    if smaller.total() and (smaller & larger).total() < 0.8 * smaller.total():
        return None
    return round(score, 4)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))
