"""The labelled pairs of bench.stories, by Broadtape's rules and by what rivals offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bench.quality.measures import fold
from bench.rivals.tools import Asked, Rival
from bench.stories import SHARED, totals, verdict
from bench.story_set import Pair, bodies, pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

DEDUPE = Rival("reader, entry_dedupe", "copies:reader-dedupe", "reader")
SIMHASH = Rival("trafilatura, Simhash", "copies:simhash", "trafilatura")
RIVALS = (DEDUPE, SIMHASH)


class Score(NamedTuple):
    """Of the pairs that were taken for one story."""

    precision: float
    recall: float


Scores = dict[str, tuple[Score, Score]]
"""By judge, English and Chinese."""


def measure() -> Scores:
    """Judge the pairs of the bodies that Broadtape's rules were not tuned on."""
    made = list(pairs([body for body in bodies(SHARED) if body.held_out]))
    alike = _similarities(made)
    best = max(set(alike), key=lambda limit: _f1(made, [found >= limit for found in alike]))
    verdicts = {
        "Broadtape": [all(verdict(pair)) for pair in made],
        DEDUPE.name: _deduped(made),
        f"{SIMHASH.name} ≥ {best:.2f}": [found >= best for found in alike],
        "own script: same title": [fold(pair.a.title) == fold(pair.b.title) for pair in made],
    }
    return {name: _by_language(made, found) for name, found in verdicts.items()}


def _by_language(made: Sequence[Pair], found: Sequence[bool]) -> tuple[Score, Score]:
    english, chinese = (
        [(pair, yes, yes) for pair, yes in zip(made, found, strict=True) if _is(pair, language)]
        for language in ("en", "zh")
    )
    return Score(*totals(english)), Score(*totals(chinese))


def _is(pair: Pair, language: str) -> bool:
    return pair.a.language == language


def _deduped(made: Sequence[Pair]) -> list[bool]:
    with Asked(DEDUPE) as asked:
        return [bool(asked.ask(_question(pair)).get("same")) for pair in made]


def _similarities(made: Sequence[Pair]) -> list[float]:
    with Asked(SIMHASH) as asked:
        return [round(asked.ask(_question(pair))["similarity"], 2) for pair in made]


def _question(pair: Pair) -> dict[str, list[dict[str, str]]]:
    return {"tellings": [{"title": b.title, "text": b.text} for b in (pair.a, pair.b)]}


def _f1(made: Sequence[Pair], found: Sequence[bool]) -> float:
    rows = [(pair, yes, yes) for pair, yes in zip(made, found, strict=True)]
    precision, recall = totals(rows)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
