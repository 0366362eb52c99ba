"""Alarms: each one by a scenario played through the polling rules, and none in a good week."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from crawler.alarms import STALE_CRAWL, alarms
from crawler.polling import Limits, Poll, after_poll
from pipelines.items import FeedState

MONDAY = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
ANCHOR = MONDAY - timedelta(days=70)
NEVER = MONDAY + timedelta(days=1000)


@dataclass
class World:
    """A feed that publishes as its newsroom works, polled whenever it is due."""

    gap: timedelta = timedelta(minutes=45)
    weekends: bool = False
    state: FeedState = field(default_factory=FeedState)
    now: datetime = MONDAY - timedelta(days=14)
    seen: datetime = MONDAY - timedelta(days=21)
    falls_silent: datetime = NEVER
    alarmed: set[str] = field(default_factory=set)
    drawn: random.Random = field(default_factory=lambda: random.Random(1))

    def listed(self) -> list[datetime]:
        """The document: at most forty entries, none older than a week."""
        found: list[datetime] = []
        time = ANCHOR + self.gap * ((self.now - ANCHOR) // self.gap)
        while time > self.now - timedelta(days=7) and len(found) < 40:
            works = (time.weekday() < 5 and 7 <= time.hour < 19) or self.weekends
            if works and time < self.falls_silent:
                found.insert(0, time)
            time -= self.gap
        return found

    def poll(self) -> Poll:
        listed = self.listed()
        new = [time for time in listed if time > self.seen]
        self.seen = listed[-1] if listed else self.seen
        return Poll(outcome="new" if new else "no_news", entries=len(listed), new=len(new),
                    published=tuple(listed))  # fmt: skip

    def run(self, until: datetime) -> None:
        while self.now < until:
            self.take(self.poll())

    def take(self, poll: Poll) -> None:
        self.state = after_poll(self.state, poll, self.now, Limits(), self.drawn.random())
        self.alarmed |= {alarm.kind for alarm in alarms(self.state, self.now)}
        assert self.state.next_due_at is not None
        self.now = self.state.next_due_at


@cache
def _watched() -> World:
    world = World()
    world.run(MONDAY)
    return world


def watched(**changes: datetime) -> World:
    """A feed of working days, polled well for two weeks until Monday."""
    return replace(_watched(), drawn=random.Random(2), alarmed=set(), **changes)


def kinds(state: FeedState, now: datetime) -> list[str]:
    return [alarm.kind for alarm in alarms(state, now)]


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(gap=timedelta(hours=5)),
        World(gap=timedelta(hours=5), weekends=True),
        World(gap=timedelta(minutes=10), weekends=True),
    ],
    ids=["working-days", "a-few-a-day", "round-the-clock", "busy"],
)
def test_a_healthy_feed_raises_no_alarm_in_three_weeks(world: World) -> None:
    world.run(MONDAY + timedelta(days=7))
    assert world.alarmed == set()


def test_a_quiet_weekend_is_normal_where_weekends_were_quiet() -> None:
    world = watched()
    world.run(MONDAY + timedelta(days=6, hours=23))  # Sunday night: two days without news
    assert kinds(world.state, world.now) == []


def test_silence_on_working_days_is_an_alarm() -> None:
    world = watched(falls_silent=MONDAY + timedelta(days=1))
    world.run(MONDAY + timedelta(days=1, hours=8))
    assert kinds(world.state, world.now) == []
    world.run(MONDAY + timedelta(days=1, hours=18))
    (alarm,) = alarms(world.state, world.now)
    assert alarm.kind == "silent"
    assert "silent for" in alarm.words


def test_a_quiet_weekend_is_no_excuse_where_weekends_were_busy() -> None:
    world = World(weekends=True, falls_silent=MONDAY + timedelta(days=5))
    world.run(MONDAY + timedelta(days=6))
    assert "silent" in kinds(world.state, world.now)


def test_not_watching_is_stale_and_not_silent() -> None:
    world = watched()
    world.run(MONDAY + timedelta(days=1, hours=9))
    later = world.now + timedelta(days=2)
    (alarm,) = alarms(world.state, later)
    assert alarm.kind == "stale"
    assert "broadtape run" in alarm.words
    assert alarms(world.state, world.now + timedelta(hours=20), STALE_CRAWL) == ()


def test_a_gap_is_an_alarm_for_a_day() -> None:
    world = watched()
    world.run(MONDAY + timedelta(days=1, hours=9))
    gap = Poll(outcome="new", entries=40, new=40, oldest_was_new=True)
    state = after_poll(world.state, gap, world.now, Limits(), 0.5)
    assert kinds(state, world.now) == ["gap"]
    calm = after_poll(state, Poll(outcome="no_news", entries=40), world.now, Limits(), 0.5)
    assert "gap" in kinds(calm, world.now)
    assert "gap" not in kinds(calm, world.now + timedelta(hours=25))


def test_failing_for_a_day_is_an_alarm_and_one_bad_hour_is_not() -> None:
    world = watched()
    world.run(MONDAY + timedelta(days=1, hours=9))
    began = world.now
    while world.now < began + timedelta(hours=12):
        world.take(Poll(outcome="error", http_status=500, error="HTTP 500"))
    assert kinds(world.state, world.now) == []
    while world.now < began + timedelta(hours=40):
        world.take(Poll(outcome="error", http_status=500, error="HTTP 500"))
    (alarm,) = alarms(world.state, world.now)
    assert alarm.kind == "failing"
    assert "HTTP 500" in alarm.words


def test_blocked_names_the_blocker_at_once() -> None:
    world = watched()
    world.run(MONDAY)
    world.take(Poll(outcome="blocked", http_status=403, blocker="Cloudflare", error="refused"))
    (alarm,) = alarms(world.state, world.now)
    assert alarm.kind == "blocked"
    assert "Cloudflare" in alarm.words


def test_gone_stays_until_somebody_acts_and_paused_is_quiet() -> None:
    world = watched()
    world.run(MONDAY)
    gone = after_poll(world.state, Poll(outcome="gone", http_status=410), world.now, Limits(), 0)
    assert kinds(gone, world.now + timedelta(days=90)) == ["gone"]
    assert kinds(replace(gone, state="paused"), world.now) == []
