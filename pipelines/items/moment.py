"""When something was published, as somebody claimed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads these annotations
from typing import Literal

Precision = Literal["second", "minute", "day"]
ZoneTrust = Literal["stated", "assumed", "corrected"]
Origin = Literal["feed", "json-ld", "meta", "page", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant that somebody claimed, with what the claim is worth.

    `at` is in UTC; for precision "day" it is midnight of that day in the zone of the claim.
    `zone`: "stated" by the string itself, "assumed" from the source, or "corrected" where
    the source is known to state a wrong one.
    """

    at: datetime
    raw: str
    precision: Precision
    zone: ZoneTrust
    origin: Origin
