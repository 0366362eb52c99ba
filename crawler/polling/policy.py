"""What a poll's outcome means, and when the feed is due next. Nothing here does anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.polling.headers import header_hint, pause
from crawler.polling.rhythm import best_interval, first_rhythm, learn, rate

if TYPE_CHECKING:
    from crawler.polling.poll import Limits, Poll
    from pipelines.items import FeedState, PollMemory

JITTER = 0.25
FLOOR_JITTER = 0.1
LONGEST_S = 86_400.0
UNKNOWN_INTERVAL_S = 1800.0
BLOCKED_FLOOR_S = 3600.0
KNOWN_SHARE = 0.5
GAP_FACTOR = 0.5
LATE_TO_THE_LIE = timedelta(minutes=15)
MOVE_DAYS = 3
WEIGHTS = {404: 0.5, 408: 0.5, 429: 0.5}


def after_poll(
    state: FeedState, poll: Poll, now: datetime, limits: Limits, jitter: float
) -> FeedState:
    """Decide what is now known of a feed, and when it is due next.

    Args:
        state: what was known before; its validators are those that were sent.
        poll: what the poll brought.
        now: when it was answered, UTC.
        limits: the bounds of the interval.
        jitter: a number drawn evenly from 0 to 1; spreads the interval by 25 %.

    Returns:
        The new state. `interval_s` is the interval before errors and jitter.
    """
    if poll.worked:
        return _after_success(state, poll, now, limits, jitter)
    if poll.outcome == "gone":
        return replace(
            state,
            state="gone",
            next_due_at=None,
            last_polled_at=now,
            last_error=poll.error or "410 Gone",
            memory=_note(state.memory, poll, now),
        )
    return _after_failure(state, poll, now, limits, jitter)


def _after_success(
    state: FeedState, poll: Poll, now: datetime, limits: Limits, jitter: float
) -> FeedState:
    memory = _note(_overlap(_rhythm(state, poll, now), state, poll, now), poll, now)
    memory = _move(_lie(memory, state, poll), poll, now)
    memory = _hints(memory, poll, now)
    hint_s = max(memory.document_hint_s or 0, memory.header_hint_s or 0) or None
    known = replace(state, hint_s=hint_s, memory=memory)
    interval = _interval(known, poll, now, limits)
    answer, fresh = poll.answer, poll.outcome != "not_modified"
    return replace(
        known,
        etag=answer.etag if fresh else answer.etag or state.etag,
        last_modified=answer.last_modified
        if fresh
        else answer.last_modified or state.last_modified,
        body_hash=poll.body_hash or state.body_hash,
        interval_s=round(interval),
        next_due_at=now + timedelta(seconds=_spread(interval, limits, jitter)),
        last_polled_at=now,
        last_ok_at=now,
        last_new_at=now if poll.new else state.last_new_at,
        failures=0.0,
        state="active" if state.state == "gone" else state.state,
        last_error=None,
    )


def _after_failure(
    state: FeedState, poll: Poll, now: datetime, limits: Limits, jitter: float
) -> FeedState:
    failures = state.failures + failure_weight(poll)
    base = state.interval_s or UNKNOWN_INTERVAL_S
    base = max(base, limits.floor, BLOCKED_FLOOR_S if poll.outcome == "blocked" else 0)
    wait = min(base * (1 + failures), LONGEST_S)
    due = now + timedelta(seconds=_spread(wait, limits, jitter))
    memory = _note(state.memory, poll, now)
    if (until := paused_until(poll, now)) is not None:
        due = max(due, until + timedelta(seconds=FLOOR_JITTER * jitter * limits.floor))
        memory = replace(memory, paused_until=until.isoformat())
    return replace(
        state,
        next_due_at=due,
        last_polled_at=now,
        failures=failures,
        last_error=poll.error,
        memory=memory,
    )


def failure_weight(poll: Poll) -> float:
    """How much a failed poll counts: 1 hard, 0.5 for 404, 429, 5xx and bytes that do not parse."""
    if poll.weight is not None:
        return poll.weight
    if poll.outcome in ("throttled", "empty", "not_a_feed"):
        return 0.5
    status = poll.http_status or 0
    return 0.5 if status >= 500 else WEIGHTS.get(status, 1.0)


def paused_until(poll: Poll, now: datetime) -> datetime | None:
    """Until when the poll's host wants to be left alone; None if it did not say so."""
    if poll.retry_at is not None:
        return poll.retry_at
    if poll.http_status in (429, 503):
        return now + pause(poll.http_status, poll.answer.retry_after, now)
    return None


def settled_move(state: FeedState) -> str | None:
    """Give the address a feed has moved to for good: a feed there on three different days."""
    return state.memory.moved_to if len(state.memory.moved_days) >= MOVE_DAYS else None


def _rhythm(state: FeedState, poll: Poll, now: datetime) -> PollMemory:
    memory, since = state.memory, state.last_ok_at
    if since is None or not memory.watched:
        return first_rhythm(memory, poll.published, now) if poll.entries else memory
    arrivals = sorted({time for time in poll.published if since < time <= now})
    if poll.new and not arrivals:
        arrivals = [now] * min(poll.new, 3)
    return learn(memory, since, now, arrivals)


def _overlap(memory: PollMemory, state: FeedState, poll: Poll, now: datetime) -> PollMemory:
    if not poll.entries:
        return memory
    overlap = 1 - poll.new / poll.entries
    if (poll.entries, overlap) != (memory.entries, memory.overlap):
        memory = replace(memory, entries=poll.entries, overlap=overlap)
    if poll.oldest_was_new and poll.new == poll.entries and state.last_ok_at is not None:
        return replace(memory, gap_at=now.isoformat(), gaps=memory.gaps + 1)
    return memory


def _note(memory: PollMemory, poll: Poll, now: datetime) -> PollMemory:
    """Keep the outcome, and what kind of fetch it was."""
    return replace(
        memory,
        outcome=poll.outcome,
        blocker=poll.blocker if poll.outcome == "blocked" else None,
        paused_until=None,
        claimed_at=now.isoformat() if poll.outcome == "not_modified" else memory.claimed_at,
        forced_at=now.isoformat() if poll.worked and not poll.conditional else memory.forced_at,
    )


def _lie(memory: PollMemory, state: FeedState, poll: Poll) -> PollMemory:
    """Catch a server whose validators do not follow its content.

    Either a body with new entries carries the very validators of the old one, or a fetch
    without validators brings entries well older than the last "not modified".
    """
    if memory.liar or not poll.new or state.last_ok_at is None:
        return memory
    stuck = (
        poll.answer.etag == state.etag
        if poll.answer.etag and state.etag
        else poll.answer.last_modified is not None
        and poll.answer.last_modified == state.last_modified
    )
    claimed = state.memory.claimed_at
    overdue = False
    if claimed and not poll.conditional and state.memory.outcome == "not_modified":
        before = datetime.fromisoformat(claimed) - LATE_TO_THE_LIE
        newest = sorted(poll.published)[-poll.new :]
        overdue = bool(newest) and newest[0] < before
    return replace(memory, liar=True) if stuck or overdue else memory


def _move(memory: PollMemory, poll: Poll, now: datetime) -> PollMemory:
    target = poll.redirected_to if poll.permanent else None
    if target is None and not memory.moved_days:
        return memory
    if target is None or target != memory.moved_to:
        days = () if target is None else (now.astimezone(UTC).date().isoformat(),)
        return replace(memory, moved_to=target, moved_days=days)
    today = now.astimezone(UTC).date().isoformat()
    return replace(memory, moved_days=tuple(sorted({*memory.moved_days, today})))


def _hints(memory: PollMemory, poll: Poll, now: datetime) -> PollMemory:
    """Remember what was asked for; a 304 or an unchanged body says nothing of the document."""
    document, header = memory.document_hint_s, memory.header_hint_s
    if poll.outcome in ("new", "no_news"):
        document = poll.hint_s
    if poll.answer.cache_control or poll.answer.expires:
        header = header_hint(poll.answer, now)
    elif poll.outcome != "not_modified":
        header = None
    if (document, header) == (memory.document_hint_s, memory.header_hint_s):
        return memory
    return replace(memory, document_hint_s=document, header_hint_s=header)


def _interval(state: FeedState, poll: Poll, now: datetime, limits: Limits) -> float:
    memory = state.memory
    interval = best_interval(memory, now, limits.ceiling_s, limits.patience)
    if memory.entries:
        turnover = 3600 * memory.entries / rate(memory, now)
        interval = min(interval, KNOWN_SHARE * turnover)
    hint = state.hint_s or 0
    if memory.gap_at == now.isoformat():
        interval, hint = min(interval, GAP_FACTOR * (state.interval_s or interval)), 0
    return min(max(interval, limits.floor, hint), max(limits.ceiling_s, limits.floor))


def _spread(seconds: float, limits: Limits, jitter: float) -> float:
    """Jitter: 25 % around the interval, never below the floor (there, up to 10 % above)."""
    floor = limits.floor * (1 + FLOOR_JITTER * jitter)
    return min(max(seconds * (1 + JITTER * (jitter - 0.5)), floor), LONGEST_S * (1 + FLOOR_JITTER))
