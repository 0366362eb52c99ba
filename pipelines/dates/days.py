"""The day of a date: figures in their several orders, or a month by name."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.dates import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4}) ?(?P<s>[-/.年년]) ?(?P<m>\d{1,3}) ?[-/.月월] ?(?P<d>\d{1,2})(?: ?[日号號일.])?,?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})[-/.] ?(\d{4}|\d{2})\.?,?")
_NO_YEAR = re.compile(r"(\d{1,2}) ?(?:[-/]|月|월) ?(\d{1,2})(?: ?[日号號일])?")
_ORDINAL_DATE = re.compile(r"(\d{4})-(\d{3})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_T = re.compile(r"(?<=\d)t(?=\s|$)")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|[ºª°])\b")
_PUNCTUATION = re.compile(r"[,.\-|·–—()\[\]:;/、@\s]+")

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_MONTH_FIRST_ZONES = re.compile(
    r"America/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Anchorage)$|Pacific/Honolulu$|"
    r"US/|Asia/Manila$"
)
_DAY_FIRST_ZONES = re.compile(
    r"Europe/|Africa/|Australia/|Pacific/Auckland|America/(Sao_Paulo|Mexico_City|Bogota|Lima|"
    r"Santiago|Argentina/|Buenos_Aires|Caracas|Montevideo)|Asia/(Kolkata|Calcutta|Hong_Kong|"
    r"Singapore|Kuala_Lumpur|Jakarta|Dubai|Karachi|Dhaka|Bangkok|Riyadh|Jerusalem|Ho_Chi_Minh)"
)


def day(year: int, month: int, number: int) -> datetime | None:
    """Midnight of that day, or None where there is no such day or no news of that year.

    Years before 1990 are the year of a work, or an empty clock, not of the news. Years of
    the Buddhist era are made common.
    """
    if 2533 <= year <= 2643:
        year -= 543
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return datetime(year, month, number)  # noqa: DTZ001 - a wall clock, its zone comes later
    except ValueError:
        return None


def read_day(text: str, *, zone: str | None, now: datetime | None) -> datetime | None:
    """Read the day that the rest of a date (its clock taken out) names."""
    text = _ORDINAL.sub("", _without_words(_T.sub(" ", text)))
    for shape, read in _SHAPES:
        found = shape.fullmatch(text)
        if found is not None:
            return read(found.groups(), zone, now)
    return _read_named(text, now)


def _without_words(text: str) -> str:
    """Return the text less weekdays, particles and labels, and less punctuation at its ends."""
    kept = _TOKEN.sub(
        lambda m: "" if not m[0].isdigit() and _is_noise(m[0], text, m.start()) else m[0], text
    )
    kept = re.sub(r"[(\[]\s*[)\]]", " ", kept)
    return re.sub(r"\s+", " ", kept).strip(" ,-|·–—:;/、@.")


def _is_noise(word: str, text: str, start: int) -> bool:
    """日 and 月 after a figure are units, alone they are weekdays."""
    if start and text[start - 1].isdigit() and len(word) <= 1:
        return False
    return words.says_nothing(word)


def _year_first(parts: Sequence[str], _zone: str | None, _now: datetime | None) -> datetime | None:
    year, _, month, number = parts
    return day(int(year), int(month), int(number))


def _compact(parts: Sequence[str], _zone: str | None, _now: datetime | None) -> datetime | None:
    return day(int(parts[0]), int(parts[1]), int(parts[2]))


def _ordinal_date(
    parts: Sequence[str], _zone: str | None, _now: datetime | None
) -> datetime | None:
    first = day(int(parts[0]), 1, 1)
    return first + timedelta(days=int(parts[1]) - 1) if first and 0 < int(parts[1]) <= 366 else None


def _year_last(parts: Sequence[str], zone: str | None, _now: datetime | None) -> datetime | None:
    """dd.mm.yyyy; with slashes or hyphens the order is the source's country's custom.

    Where the figures allow both orders and nothing is known of the source: None.
    """
    first, separator, second, written_year = parts
    year = full_year(written_year)
    day_first, month_first = day(year, int(second), int(first)), day(year, int(first), int(second))
    if separator == ".":
        return day_first
    if len(written_year) == 2:
        return None
    if day_first is None or month_first is None or day_first == month_first:
        return day_first or month_first
    if zone and _MONTH_FIRST_ZONES.match(zone):
        return month_first
    return day_first if zone and _DAY_FIRST_ZONES.match(zone) else None


def _no_year(parts: Sequence[str], _zone: str | None, now: datetime | None) -> datetime | None:
    return _latest(int(parts[0]), int(parts[1]), now)


def _latest(month: int, number: int, now: datetime | None) -> datetime | None:
    """Find the last such day not after tomorrow, as a reader takes 03-04 in a list of news."""
    if now is None:
        return None
    tomorrow = now.replace(tzinfo=None) + timedelta(days=1)
    days = (day(year, month, number) for year in (tomorrow.year, tomorrow.year - 1))
    return next((found for found in days if found and found <= tomorrow), None)


def full_year(written: str) -> int:
    """RFC 2822 §4.3: 00 to 49 are of this century, 50 to 99 of the last."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < 50 else 1900)


def _read_named(text: str, now: datetime | None) -> datetime | None:
    """Read a month by name with its day and year in any order: `4 March 2022`, `Mar 04, 2022`."""
    text = _PUNCTUATION.sub(" ", text)
    tokens = _TOKEN.findall(text)
    figures = [token for token in tokens if token.isdigit()]
    names = [token for token in tokens if not token.isdigit()]
    if len(names) > 1:
        names = [name for name in names if not words.is_weekday(name)]
    month = words.month_of(names[0]) if len(names) == 1 else None
    if month is None or re.sub(r"[\w ]", "", text):
        return None
    if len(figures) == 1 and len(figures[0]) <= 2:
        return _latest(month, int(figures[0]), now)
    if len(figures) != 2:
        return None
    years = [figure for figure in figures if len(figure) == 4]
    year = years[0] if years else figures[1]
    figures.remove(year)
    if len(year) == 3 or len(figures[0]) > 2:
        return None
    return day(full_year(year), month, int(figures[0]))


_SHAPES = (
    (_YEAR_FIRST, _year_first),
    (_COMPACT, _compact),
    (_ORDINAL_DATE, _ordinal_date),
    (_YEAR_LAST, _year_last),
    (_NO_YEAR, _no_year),
)
