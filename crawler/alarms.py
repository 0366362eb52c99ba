"""What in a feed's health needs a person, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.items import FeedState

AlarmKind = Literal["silent", "gap", "failing", "gone", "blocked", "stale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that is wrong with one feed; `since` when it began, as far as known."""

    kind: AlarmKind
    words: str
    since: datetime | None = None


def alarms(state: FeedState, arrivals: Sequence[datetime], now: datetime) -> tuple[Alarm, ...]:
    """Find what is wrong with a feed.

    Args:
        state: the feed as last polled. A paused feed raises no alarm.
        arrivals: when its new entries of the last eight weeks were first seen.
        now: the time, UTC.
    """
    if state.state == "paused":
        return ()
    if state.state == "gone":
        words = "the publisher says it is gone for good (410): remove it or find its successor"
        return (Alarm(kind="gone", words=words, since=state.last_polled_at),)
    return ()
