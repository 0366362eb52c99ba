"""What in a feed's health needs a person, in words. Pure.

silent   nothing new for five times its usual gap, by a calendar of its own habits
gap      a poll brought nothing but new entries: some may have been missed
failing  errors in a row, and no success for a day or ten intervals
gone     410: the publisher took it away for good
blocked  a challenge, a wall or a login page stands before it
stale    nobody has polled it for long, though it is due: is the daemon running?
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from crawler.polling.rhythm import expected_news

if TYPE_CHECKING:
    from pipelines.items import FeedState

AlarmKind = Literal["silent", "gap", "failing", "gone", "blocked", "stale"]

SILENT_GAPS = 5.0
LEAST_HEARD = 3.0
LEAST_SILENCE = timedelta(hours=6)
GAP_STANDS = timedelta(hours=24)
FAILING_AFTER = timedelta(hours=24)
FAILING_WEIGHT = 2.0
STALE_DAEMON, STALE_CRAWL = timedelta(hours=2), timedelta(hours=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that is wrong with one feed; `since` when it began, as far as known."""

    kind: AlarmKind
    words: str
    since: datetime | None = None


def alarms(
    state: FeedState, now: datetime, stale_after: timedelta = STALE_DAEMON
) -> tuple[Alarm, ...]:
    """Find what is wrong with a feed at `now`. A paused one raises no alarm.

    `stale_after` is how long a due feed may wait: hours for the daemon (`STALE_DAEMON`),
    a day for crawls that somebody starts once a day (`STALE_CRAWL`).
    """
    if state.state == "paused":
        return ()
    if state.state == "gone":
        words = "gone for good, the publisher says (410): remove it or find its successor"
        return (Alarm(kind="gone", words=words, since=state.last_polled_at),)
    trouble = _blocked(state) or _failing(state, now)
    found = (
        trouble,
        _stale(state, now, stale_after),
        None if trouble else _silent(state, now),
        _gap(state, now),
    )
    return tuple(alarm for alarm in found if alarm is not None)


def _blocked(state: FeedState) -> Alarm | None:
    if state.memory.outcome != "blocked":
        return None
    blocker = state.memory.blocker or "somebody unnamed"
    words = f"blocked by {blocker}: nothing can be read; ask the publisher, or pause the feed"
    return Alarm(kind="blocked", words=words, since=state.last_ok_at)


def _failing(state: FeedState, now: datetime) -> Alarm | None:
    """Errors that lasted: one bad night of a server is no alarm."""
    if state.failures < FAILING_WEIGHT or state.last_polled_at is None:
        return None
    patience = max(FAILING_AFTER, 10 * timedelta(seconds=state.interval_s or 0))
    if state.last_ok_at is not None and now - state.last_ok_at < patience:
        return None
    last = f"last success {_ago(now - state.last_ok_at)} ago" if state.last_ok_at else "never read"
    words = f"failing, {last}: {state.last_error or 'no reason given'}"
    return Alarm(kind="failing", words=words, since=state.last_ok_at)


def _stale(state: FeedState, now: datetime, stale_after: timedelta) -> Alarm | None:
    if state.next_due_at is None or state.last_polled_at is None:
        return None
    patience = max(stale_after, timedelta(seconds=state.interval_s or 0))
    if now - state.next_due_at < patience:
        return None
    words = f"due for {_ago(now - state.next_due_at)} and not polled: is `broadtape run` running?"
    return Alarm(kind="stale", words=words, since=state.next_due_at)


def _silent(state: FeedState, now: datetime) -> Alarm | None:
    """Silence weighed by the feed's own calendar: quiet nights and weekends count for little.

    It is measured up to the last good poll, not to now: not watching is not silence.
    """
    last, heard = state.last_new_at, state.last_ok_at
    if last is None or heard is None or sum(state.memory.heard) < LEAST_HEARD:
        return None
    silence = heard - last
    if silence < LEAST_SILENCE:
        return None
    missing = expected_news(state.memory, last, heard)
    if missing < SILENT_GAPS:
        return None
    words = f"silent for {_ago(silence)}, where about {missing:.0f} items were to be expected"
    return Alarm(kind="silent", words=words, since=last)


def _gap(state: FeedState, now: datetime) -> Alarm | None:
    if state.memory.gap_at is None:
        return None
    at = datetime.fromisoformat(state.memory.gap_at)
    if now - at > GAP_STANDS:
        return None
    words = (
        f"items may have been missed before {at:%Y-%m-%d %H:%M} UTC: everything that the feed "
        "listed was new; it is polled sooner now"
    )
    return Alarm(kind="gap", words=words, since=at)


def _ago(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{span.total_seconds() / 60:.0f} minutes"
