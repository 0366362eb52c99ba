"""What a rule finds, before anything is merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.symbols.markets import Listing

Certainty = Literal["certain", "tag", "medium", "low"]
CERTAINTIES: tuple[Certainty, ...] = ("certain", "tag", "medium", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One occurrence: what was meant, by which rule, how sure, and the very words.

    `at` is where in the text it begins, in characters; 0 outside a text.
    """

    listing: Listing
    rule: str
    certainty: Certainty
    matched: str
    name: str | None = None
    at: int = 0


def candidate(
    found: Listing | None,
    rule: str,
    certainty: Certainty,
    matched: str,
    *,
    at: int,
    name: str | None = None,
) -> Iterator[Candidate]:
    """Yield the candidate, unless the code is one that no such exchange gives out."""
    if found is not None:
        yield Candidate(
            listing=found, rule=rule, certainty=certainty, matched=matched.strip(), name=name, at=at
        )
