"""Texts as tuples of lines: made tidy, measured, compared by their runs of four characters."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TEXT, MOST_LINES = 2_000_000, 20_000
"""Characters and lines of an article beyond which the rest is not kept."""


def tidy(text: str) -> tuple[str, ...]:
    """Text → its lines, white space collapsed, empty ones dropped, within the bounds."""
    return within(line for raw in text.splitlines() if (line := one_line(raw)))


def within(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines up to MOST_LINES and MOST_TEXT characters; the last of them may be cut."""
    kept: list[str] = []
    room = MOST_TEXT
    for line in islice(lines, MOST_LINES):
        kept.append(line[:room])
        room -= len(line)
        if room <= 0:
            break
    return tuple(kept)


def is_cut(lines: tuple[str, ...]) -> bool:
    """Whether these lines were more than is kept of any text."""
    return len(lines) >= MOST_LINES or length(lines) >= MOST_TEXT


@lru_cache(maxsize=8)
def shingles(lines: tuple[str, ...]) -> frozenset[int]:
    """The set of runs of four characters of a text, white space left out.

    Each is a number: four UTF-16 units are eight bytes, which C takes apart at once.
    """
    dense = "".join("".join(lines).split()).encode("utf-16-le", "surrogatepass")
    dense = dense.ljust(8, b"\0")
    found: list[int] = []
    for start in range(0, 8, 2):
        end = start + (len(dense) - start) // 8 * 8
        found += memoryview(dense)[start:end].cast("Q").tolist()
    return frozenset(found)


def length(lines: tuple[str, ...]) -> int:
    """Characters of a text, line ends left out."""
    return sum(map(len, lines))


def inside(inner: frozenset[int], outer: frozenset[int]) -> float:
    """Share of `inner` that also stands in `outer`, 0 to 1; nothing is inside nothing."""
    return len(inner & outer) / len(inner) if inner else 0.0


def dice(one: frozenset[int], other: frozenset[int]) -> float:
    """Likeness of two texts, 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
