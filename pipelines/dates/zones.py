"""Zone names as news sources write them.

The same letters mean different offsets in different places (CST: Shanghai, Chicago,
Havana; IST: Kolkata, Dublin, Jerusalem), so the source's own zone is asked first whether
it goes by that name; the table holds what is meant where the source says nothing.
Sources: RFC 822 §5.1, RFC 2822 §4.3, the IANA time zone database.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*(?P<sign>[+−-])(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?", re.A)

_MINUTES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "zulu": 0,
    "bst": 60, "cet": 60, "mez": 60, "met": 60, "west": 60, "wat": 60,
    "cest": 120, "mesz": 120, "mest": 120, "eet": 120, "sast": 120, "cat": 120,
    "eest": 180, "msk": 180, "trt": 180, "eat": 180, "idt": 180, "irst": 210, "gst": 240,
    "pkt": 300, "ist": 330, "npt": 345, "bdt": 360, "mmt": 390,
    "ict": 420, "wib": 420, "wita": 480, "wit": 540,
    "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "phst": 480, "awst": 480, "bjt": 480,
    "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600,
    "brt": -180, "art": -180, "clt": -240, "clst": -180, "cot": -300, "pet": -300,
}  # fmt: skip

# Names that follow their place through summer and winter.
_PLACES = {
    "et": "America/New_York", "eastern time": "America/New_York", "eastern": "America/New_York",
    "new york time": "America/New_York", "us/eastern": "America/New_York",
    "ct": "America/Chicago", "central time": "America/Chicago",
    "mt": "America/Denver", "mountain time": "America/Denver",
    "pt": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
    "at": "America/Halifax", "aet": "Australia/Sydney",
    "london time": "Europe/London", "uk time": "Europe/London", "uk": "Europe/London",
    "beijing time": "Asia/Shanghai", "china standard time": "Asia/Shanghai",
    "北京时间": "Asia/Shanghai", "北京時間": "Asia/Shanghai",
    "hong kong time": "Asia/Hong_Kong", "singapore time": "Asia/Singapore",
    "日本時間": "Asia/Tokyo",
}  # fmt: skip

FURTHEST = timedelta(hours=15)
"""No place is further from UTC than 14 hours; what claims to be is a slip of the pen."""


@lru_cache(maxsize=256)
def place(name: str) -> ZoneInfo | None:
    """Return the IANA zone of that name (`Asia/Shanghai`), or None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def is_zone_name(text: str) -> bool:
    """Tell whether `text` (lower case) is a zone name that `read_zone` understands."""
    return text in _MINUTES or text in _PLACES


def read_zone(text: str, clock: datetime, source: tzinfo | None) -> tzinfo | None:
    """Tell what a zone written in a date means at that wall-clock time.

    `text`: `+0800`, `GMT+8`, `CST`, `Europe/Paris`, `北京时间` in any case. `source` is the
    zone the publisher lives in, which decides between namesakes. None: no known zone.
    """
    offset = _OFFSET.fullmatch(text)
    if offset is not None:
        return _offset(offset)
    name = text.casefold()
    if "/" in name:
        return place(_spellings().get(name, name))
    if name in _PLACES:
        return place(_PLACES[name])
    if name not in _MINUTES:
        return None
    own = _as_named_at(source, name, clock) if source is not None else None
    return own or timezone(timedelta(minutes=_MINUTES[name]))


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _offset(found: re.Match[str]) -> tzinfo | None:
    minutes = int(found["m"] or 0)
    size = timedelta(hours=int(found["h"]), minutes=minutes)
    if minutes > 59 or size > FURTHEST:
        return None
    return timezone(size if found["sign"] == "+" else -size)


def _as_named_at(source: tzinfo, name: str, clock: datetime) -> tzinfo | None:
    """Find the offset the source's own zone has under this name, in either season."""
    for month in (clock.month, 1, 7):
        moment = datetime(clock.year, month, 1, 12, tzinfo=source)
        offset = moment.utcoffset()
        if offset is not None and (moment.tzname() or "").casefold() == name:
            return timezone(offset)
    return None
