"""What HTTP headers say about when to come back, and what to send along."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.polling.poll import Answer
    from pipelines.items import FeedState

FORCE_AFTER = timedelta(hours=12)
LONGEST_PAUSE = timedelta(hours=24)
PAUSE_WITHOUT_HINT = {429: timedelta(minutes=15), 503: timedelta(minutes=5)}
_SENDABLE = re.compile(r"[\x20-\x7e\x80-\xff]+")


def conditional_headers(state: FeedState, now: datetime) -> dict[str, str]:
    """Give the validators to send, verbatim as the server gave them.

    None when the last fetch without them is 12 hours old (some servers go on saying "not
    modified"), nor for a feed once caught saying so falsely. RFC 9110, 13.1.
    """
    memory = state.memory
    if memory.liar or memory.forced_at is None:
        return {}
    if now - datetime.fromisoformat(memory.forced_at) >= FORCE_AFTER:
        return {}
    validators = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in validators.items() if value and _sendable(value)}


def _sendable(value: str) -> bool:
    return _SENDABLE.fullmatch(value) is not None


def retry_after(raw: str | None, now: datetime) -> timedelta | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date, at most 24 hours from now.

    None when it is absent, garbage, or already past.
    """
    text = (raw or "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        wait = timedelta(seconds=min(float(text), LONGEST_PAUSE.total_seconds()))
    elif (date := http_date(text)) is not None:
        wait = min(date - now, LONGEST_PAUSE)
    else:
        return None
    return wait if wait > timedelta(0) else None


def pause(status: int, raw: str | None, now: datetime) -> timedelta:
    """How long a host that answered 429 or 503 is left alone, with or without Retry-After."""
    return retry_after(raw, now) or PAUSE_WITHOUT_HINT[status]


def header_hint(answer: Answer, now: datetime) -> int | None:
    """Seconds for which the server itself calls its answer fresh (RFC 9111, 4.2.1).

    max-age wins over Expires. None when there is neither, or both say "now"; an `Expires`
    with `Date` is measured from there, so that a wrong server clock does no harm.
    """
    directives = re.findall(r"([\w-]+)(?:=\"?(\d+))?", (answer.cache_control or "").lower())
    names = dict(directives)
    if "no-cache" in names or "no-store" in names:
        return None
    if names.get("max-age"):
        return int(names["max-age"][:9]) or None
    expires = http_date(answer.expires or "")
    if expires is None:
        return None
    seconds = int((expires - (http_date(answer.date or "") or now)).total_seconds())
    return seconds if seconds > 0 else None


def http_date(text: str) -> datetime | None:
    """Read an HTTP date; None for anything else."""
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
