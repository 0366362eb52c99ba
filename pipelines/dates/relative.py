"""Dates told from the moment of reading: 刚刚, 5分钟前, 2 hours ago, 昨天 20:11."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.dates import zones
from pipelines.dates.forms import Reading

if TYPE_CHECKING:
    from pipelines.items import Precision

_NOW = re.compile(r"刚刚|刚才|剛剛|just now|now|たった今|방금|à l'instant|gerade eben")
_UNITS: tuple[tuple[str, timedelta, Precision], ...] = (
    (
        r"秒钟?|秒鐘|s|secs?|seconds?|초|sekunden?|secondes?|segundos?",
        timedelta(seconds=1),
        "minute",
    ),
    (r"分钟?|分鐘|m|mins?|minutes?|분|minuten?|minutos?|minuti?", timedelta(minutes=1), "minute"),
    (
        r"个?小时|個?小時|時間|h|hrs?|hours?|시간|stunden?|heures?|horas?|ore",
        timedelta(hours=1),
        "day",
    ),
    (r"天|日|d|days?|일|tagen?|jours?|d[ií]as?|giorni?", timedelta(days=1), "day"),
    (r"周|星期|週間?|w|wks?|weeks?|주|wochen?|semaines?|semanas?", timedelta(weeks=1), "day"),
)
_A = r"an?|one|半|un[ae]?|eine[mr]?"


def _ago(unit: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<n>\d{{1,3}}|{_A}) ?(?:{unit}) ?(?:之?前|ago|전)"
        rf"|(?:vor|il y a|hace|há) (?P<m>\d{{1,3}}|{_A}) (?:{unit})"
    )


_AGO = tuple((_ago(unit), step, precision) for unit, step, precision in _UNITS)
_DAY = re.compile(
    r"(今天|今日|today|昨天|昨日|yesterday|前天)(?:,| at)? ?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_DAYS_BACK = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}


def read_relative(text: str, *, zone: str | None, now: datetime) -> Reading | None:
    """Read the time that a tidied relative form means when read at `now` (UTC).

    Of "2 hours ago" only the day is certain to be right, so its precision is "day", though
    the instant keeps the hour.
    """
    if _NOW.fullmatch(text):
        return Reading(now, "minute", instant=True)
    for shape, step, precision in _AGO:
        found = shape.fullmatch(text)
        if found is not None:
            moment = now - step * _amount(found["n"] or found["m"])
            return Reading(moment.replace(second=0, microsecond=0), precision, instant=True)
    return _read_day(text, zone, now)


def _amount(word: str) -> float:
    if word.isdigit():
        return int(word)
    return 0.5 if word == "半" else 1


def _read_day(text: str, zone: str | None, now: datetime) -> Reading | None:
    found = _DAY.fullmatch(text)
    local = zones.place(zone) if zone else None
    if found is None or local is None:
        return None
    here = now.astimezone(local).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    day = here - timedelta(days=_DAYS_BACK[found[1]])
    if found[2] is None:
        return Reading(day, "day")
    hour, minute, second = (int(part or 0) for part in found.groups()[1:])
    if hour > 23 or minute > 59 or second > 59:
        return None
    clock = day + timedelta(hours=hour, minutes=minute, seconds=second)
    return Reading(clock, "second" if found[4] else "minute")
