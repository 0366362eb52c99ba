"""What changed between two readings of one article, and whether it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.identity import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`none` also for what is no news of the article: a date line, a counter, white space."""

    kind: Literal["none", "cosmetic", "material"]
    reasons: tuple[str, ...] = ()


def compare(
    old_title: str | None, old_text: str, new_title: str | None, new_text: str
) -> Difference:
    """Tell what a change is worth."""
    if fold(old_title or "") == fold(new_title or "") and fold(old_text) == fold(new_text):
        return Difference(kind="none")
    return Difference(kind="material", reasons=("text",))
