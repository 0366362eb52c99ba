"""How a daemon stands at a moment, and that told as Prometheus metrics. Pure.

Names and units follow Prometheus's own advice: base units, `_total` for what only rises
(https://prometheus.io/docs/practices/naming/).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from crawler.alarms import STALE_DAEMON, alarms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from prometheus_client.core import Metric

    from crawler.alarms import Alarm
    from pipelines.items import PollOutcome, WatchedFeed
    from pipelines.ledger import Tally

# The clock may miss so many ticks before it counts as stuck, and never less than a minute.
TICKS_MISSED = 3
LEAST_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A daemon at `now`: its clock, its queue, what it did, and what the record holds.

    `totals` are those of `Reading.totals`; None, with the reason in `trouble`, when the
    database could not be read. `outcomes` and `tallies` count from the daemon's start.
    """

    now: datetime
    ticked_at: datetime | None
    tick_s: float
    queued: int
    under_way: int
    outcomes: Mapping[PollOutcome, int]
    tallies: Sequence[Tally]
    totals: Mapping[str, Any] | None
    feeds: Sequence[WatchedFeed] = ()
    trouble: str | None = None

    def wrong(self) -> str | None:
        """Why a supervisor should restart the daemon; None while it works.

        A feed's trouble is no reason: it needs a person, and `broadtape status` names it.
        """
        if self.trouble is not None:
            return self.trouble
        if self.ticked_at is None:
            return "the clock has not ticked yet"
        late_s = (self.now - self.ticked_at).total_seconds()
        if late_s > max(TICKS_MISSED * self.tick_s, LEAST_PATIENCE_S):
            return f"the clock last ticked {late_s:.0f} s ago"
        return None

    def alarms(self) -> list[tuple[WatchedFeed, Alarm]]:
        """What in the feeds needs a person."""
        return [
            (feed, alarm)
            for feed in self.feeds
            for alarm in alarms(feed.state, self.now, STALE_DAEMON)
        ]


def exposition(pulse: Pulse) -> bytes:
    """The pulse in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(pulse))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        yield from _work(self._pulse)
        yield from _record(self._pulse)
        yield from _health(self._pulse)


def _work(pulse: Pulse) -> Iterator[Metric]:
    polls = CounterMetricFamily("broadtape_polls", "Polls by their outcome.", labels=["outcome"])
    for outcome, count in sorted(pulse.outcomes.items()):
        polls.add_metric([outcome], count)
    yield polls
    done = {
        "fetched": "Pages fetched, looks again included.",
        "stored": "Articles and revisions written.",
        "same": "Pages that said nothing new.",
        "failed": "Entries given up.",
    }
    for name, words in done.items():
        count = sum(getattr(tally, name) for tally in pulse.tallies)
        yield CounterMetricFamily(f"broadtape_pages_{name}", words, value=count)
    yield CounterMetricFamily(
        "broadtape_entries_sighted",
        "Entries of articles read already, whose page was not asked for again.",
        value=sum(tally.sighted for tally in pulse.tallies),
    )
    yield _gauge("queued_tasks", "Polls and pages that wait in the crawl's queue.", pulse.queued)
    yield _gauge("busy_tasks", "Polls and pages queued or under way.", pulse.under_way)


def _record(pulse: Pulse) -> Iterator[Metric]:
    if pulse.totals is None:
        return
    held = {
        "articles": "Articles in the record.",
        "revisions": "Revisions in the record.",
        "stories": "Stories in the record.",
        "pending": "Entries whose page is still to be fetched.",
    }
    for name, words in held.items():
        yield _gauge(f"record_{name}", words, pulse.totals[name])
    yield _gauge("database_bytes", "Size of the database file.", pulse.totals["bytes"])


def _health(pulse: Pulse) -> Iterator[Metric]:
    yield _gauge("up", "1 while the daemon works.", int(pulse.wrong() is None))
    if pulse.ticked_at is not None:
        at = pulse.ticked_at.timestamp()
        yield _gauge("last_tick_timestamp_seconds", "When the clock last ticked.", at)
    heard = GaugeMetricFamily(
        "broadtape_feed_last_ok_timestamp_seconds",
        "When the feed last answered as a feed should.",
        labels=["feed", "source"],
    )
    for feed in pulse.feeds:
        if feed.state.last_ok_at is not None:
            labels = [feed.feed.url, feed.feed.source.name]
            heard.add_metric(labels, feed.state.last_ok_at.timestamp())
    yield heard
    raised = GaugeMetricFamily(
        "broadtape_feed_alarms", "Feeds that need a person, by alarm.", labels=["kind"]
    )
    for kind, count in sorted(Counter(alarm.kind for _, alarm in pulse.alarms()).items()):
        raised.add_metric([kind], count)
    yield raised


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"broadtape_{name}", words, value=value)
