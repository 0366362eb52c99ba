"""Raw date string → instant, with its precision, its zone and what they are worth.

    "2022年03月04日 20:11" of a Shanghai source → 2022-03-04T12:11:00Z, minute, assumed

Publishers' dates are read by our own table of shapes, since the usual parsers are silently
wrong on the ones finance news has: year first with slashes or 年月日, no zone, epochs, CST.
What is not understood is None, never "now" and never half a date. Forms and their meaning:
RFC 822, RFC 2822, RFC 3339, ISO 8601, W3C-DTF, Unicode CLDR for names of months.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.dates import forms, zones
from pipelines.dates.relative import read_relative
from pipelines.instants import from_text, to_text
from pipelines.items import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from pipelines.items import Origin, ZoneTrust

__all__ = ["SLACK", "choose", "from_text", "is_exact", "is_future", "read_date", "to_text"]

SLACK = timedelta(minutes=10)
"""How far ahead of our clock a publisher's may run before it is not believed."""

_ORIGINS: tuple[Origin, ...] = ("feed", "json-ld", "meta", "page", "url")
_PRECISIONS = ("second", "minute", "day")
_MIDNIGHT = re.compile(r"(?<![\d:+\-])0?0:00(?::00)?(?![\d:])")


def read_date(
    raw: str,
    *,
    origin: Origin,
    zone: str | None = None,
    zone_is_wrong: bool = False,
    now: datetime | None = None,
) -> Moment | None:
    """Read a date as a person of the publisher's country would, or not at all.

    `zone` is the source's IANA zone, used where the string names none and to decide between
    namesakes (CST, IST, 03/04/2022); with `zone_is_wrong` the wall clock is in `zone`
    whatever the string says. `now` is the time of fetching, which relative forms and dates
    without a year are counted from; without it they are unreadable.

    A wall clock without any zone is None: it could be half a day off. A bare day is kept,
    in UTC, as "assumed". An instant in the future is returned as it stands (`is_future`).
    """
    text = forms.tidy(raw)
    if not text or len(text) > forms.LONGEST:
        return None
    try:
        reading = read_relative(text, zone=zone, now=now) if now else None
        reading = reading or forms.read(text, zone=zone, now=now)
        return _moment(reading, raw, origin, zone, zone_is_wrong) if reading else None
    except (OverflowError, ValueError):
        return None


def _moment(
    reading: forms.Reading, raw: str, origin: Origin, zone: str | None, zone_is_wrong: bool
) -> Moment | None:
    if reading.instant:
        return _plausible(reading.clock, raw, reading, "stated", origin)
    source = zones.place(zone) if zone else None
    trust: ZoneTrust
    place: tzinfo | None
    if zone_is_wrong and source is not None:
        place, trust = source, "corrected"
    elif reading.zone is not None:
        place, trust = zones.read_zone(reading.zone, reading.clock, source), "stated"
    else:
        place, trust = source, "assumed"
        if reading.precision == "day":
            place = place or UTC
    if place is None:
        return None
    return _plausible(reading.clock.replace(tzinfo=place), raw, reading, trust, origin)


def _plausible(
    at: datetime, raw: str, reading: forms.Reading, trust: ZoneTrust, origin: Origin
) -> Moment | None:
    at = at.astimezone(UTC)
    if not 1989 < at.year <= 2101:
        return None
    return Moment(at=at, raw=raw, precision=reading.precision, zone=trust, origin=origin)


def is_future(moment: Moment, now: datetime) -> bool:
    """Tell whether a claim lies further ahead of `now` than a clock may reasonably run.

    A bare day is in the future only when it is so in every zone.
    """
    slack = timedelta(hours=14) if moment.precision == "day" else SLACK
    return moment.at > now + slack


def choose(claims: Sequence[Moment], *, now: datetime) -> Moment | None:
    """Take the best of several claims about one article's publication, or None.

    A claim with a clock beats a bare day (a clock at midnight counts as a bare day), a
    stated zone beats an assumed one, seconds beat minutes; between equals the publisher's
    structured data come before its visible text and its URL, and what was listed first
    stands. Claims in the future are not believed.
    """
    believed = [claim for claim in claims if not is_future(claim, now)]
    return min(believed, key=_rank, default=None)


def is_exact(claim: Moment, now: datetime) -> bool:
    """Tell whether `choose` would take no later claim of the same origin, or a lesser, instead."""
    return not is_future(claim, now) and _rank(claim)[:3] == (False, False, 0)


def _rank(claim: Moment) -> tuple[bool, bool, int, int]:
    coarse = claim.precision == "day" or _MIDNIGHT.search(claim.raw) is not None
    return (
        coarse,
        claim.zone == "assumed",
        _PRECISIONS.index(claim.precision),
        _ORIGINS.index(claim.origin),
    )
