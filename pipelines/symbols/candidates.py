"""What a rule finds, before anything is merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipelines.symbols.markets import Listing

Certainty = Literal["certain", "tag", "medium", "low"]
CERTAINTIES: tuple[Certainty, ...] = ("certain", "tag", "medium", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One occurrence: what was meant, by which rule, how sure, and the very words."""

    listing: Listing
    rule: str
    certainty: Certainty
    matched: str
    name: str | None = None
