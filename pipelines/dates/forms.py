"""The shapes in which news writes a date: text in, what the text itself says out.

A date is taken apart from the inside: first its clock, then the zone beside it, then the
day in what remains. Every part must be understood: one word that is none of these, and
the whole is unreadable rather than half guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.dates import days, words, zones

if TYPE_CHECKING:
    from pipelines.items import Precision

LONGEST = 120
"""Characters; no date is longer, and a page's paragraph is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A wall clock and the zone written beside it, or, with `instant`, a point in time."""

    clock: datetime
    precision: Precision
    zone: str | None = None
    instant: bool = False


_MERIDIEM = r"[ap]\.?m\b\.?|上午|下午|凌晨|早上|清晨|中午|傍晚|晚上|오전|오후|午前|午後|[πμ]μ"
_ZONE = (
    r"(?:gmt|utc|ut|z)?\s?[+−-]\d{1,2}(?::?\d{2})?(?!\d)"
    r"|(?:us|uk|etc|africa|america|asia|atlantic|australia|europe|indian|pacific)/[a-z_+\-0-9/]+"
    r"|北京时间|北京時間|日本時間"
    r"|(?:eastern|central|mountain|pacific|beijing|london|new york|hong kong|singapore|uk) time"
    r"|[a-z]{1,5}(?![a-z\d])"
)
_CLOCK = re.compile(
    rf"(?<![\d:.])(?P<before>{_MERIDIEM})?\s*(?P<h>\d{{1,2}})"
    rf"(?:\s?(?::|[时時点點시]|h(?=\d))\s?(?P<m>\d{{1,2}})"
    rf"(?:\s?[:分분]\s?(?P<s>\d{{1,2}})(?:[.,]\d{{1,9}})?)?\s?[分秒분초]?(?![\d:])"
    rf"|(?=\s?[ap]\.?m\b))"
    rf"\s*(?P<after>{_MERIDIEM})?",
    re.A,
)
_DOTTED_CLOCK = re.compile(
    r"(?:(?<=kl )|(?<=kl\. )|(?<=klo ))(\d{1,2})\.(\d{2})|(\d{1,2})\.(\d{2})(?= uhr)"
)
_ZONE_AFTER = re.compile(rf"[\s(\[]*(?P<zone>{_ZONE})[)\]]?")
_ZONE_BEFORE = re.compile(r"(?P<zone>北京时间|北京時間|日本時間)[:\s]*$")
_ASIDE = re.compile(r"\([^()]{0,40}\)\s*$")
_EPOCH = re.compile(r"(?:/date\()?(\d{10}(?:\.\d+)?|\d{13}|\d{16})(?:[+-]\d{4})?(?:\)/)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)t?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?\s*(.*)")


def tidy(raw: str) -> str:
    """One line, lower case, full-width figures and colons made plain."""
    text = unicodedata.normalize("NFKC", raw).replace("\u2212", "-").replace("\u200b", "")
    return re.sub(r"\s+", " ", text).strip(" \t|·,;").lower()


def read(text: str, *, zone: str | None, now: datetime | None) -> Reading | None:
    """Read what a tidied date says. `zone` and `now` settle 03/04/2022 and dates without a year."""
    return _read_epoch(text) or _read_compact(text) or _read_written(text, zone=zone, now=now)


def _read_epoch(text: str) -> Reading | None:
    """Seconds, milliseconds or microseconds since 1970, also as JSON `/Date(…)/`."""
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    figure = found[1]
    scale = {13: 1_000, 16: 1_000_000}.get(len(figure), 1)
    moment = datetime.fromtimestamp(int(float(figure)) // scale, UTC)
    return Reading(moment, "second", instant=True)


def _read_compact(text: str) -> Reading | None:
    """`20220304201150`, `20220304T2011+0800` (ISO 8601 basic form)."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    clock = _at(days.day(year, month, day), hour, minute, second)
    if clock is None:
        return None
    return Reading(clock, "second" if found[6] else "minute", found[7] or None)


def _read_written(text: str, *, zone: str | None, now: datetime | None) -> Reading | None:
    text = _DOTTED_CLOCK.sub(lambda m: f"{m[1] or m[3]}:{m[2] or m[4]}", text)
    found = _CLOCK.search(text)
    if found is None:
        day = days.read_day(text, zone=zone, now=now)
        return Reading(day, "day") if day else None
    head, tail = text[: found.start()], text[found.end() :]
    written, head, tail = _take_zone(head, tail)
    day = days.read_day(f"{head} {tail}", zone=zone, now=now)
    hour = _hour(int(found["h"]), found["before"], found["after"])
    if day is None or hour is None:
        return None
    clock = _at(day, hour, int(found["m"] or 0), int(found["s"] or 0))
    if clock is None:
        return None
    return Reading(clock, "second" if found["s"] else "minute", written)


def _take_zone(head: str, tail: str) -> tuple[str | None, str, str]:
    """Split off the zone written before or after the clock from the text."""
    after = _ZONE_AFTER.match(tail)
    if after is not None:
        name = after["zone"]
        if not name.isalpha() or zones.is_zone_name(name):
            return name, head, _ASIDE.sub("", tail[after.end() :])
    before = _ZONE_BEFORE.search(head)
    if before is not None:
        return before["zone"], head[: before.start()], tail
    at_end = re.search(rf"[\s(](?P<zone>{_ZONE})\)?$", tail)
    if at_end is not None and zones.is_zone_name(at_end["zone"]):
        return at_end["zone"], head, tail[: at_end.start()]
    return None, head, tail


def _hour(hour: int, before: str | None, after: str | None) -> int | None:
    """Return the hour on a 24-hour clock; 13 pm is 13, 0 am is 0."""
    part = (before or after or "").replace(".", "")
    if part in words.AFTERNOON and hour < 12:
        return hour + 12
    if part in words.MORNING and hour == 12:
        return 0
    return hour


def _at(day: datetime | None, hour: int, minute: int, second: int) -> datetime | None:
    """Make the wall clock; 24:00:00 is the next midnight, a leap second the next second."""
    if day is None or minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute + second):
        return None
    return day + timedelta(hours=hour, minutes=minute, seconds=second)
