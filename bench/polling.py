"""Replay real publication times against Broadtape's polling rule and against others.

    python -m bench.polling          the tables of docs/polling.md (five minutes)
    python -m bench.polling --all    the second one over every feed, too

A feed is replayed over its last seven days, or over the newer two thirds of its items where
these are shorter; what came before is what the first poll finds. Delay is counted from the
stated time of publication to the first poll that lists the entry; an entry that left the
document before any poll saw it is missed.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import fmean, quantiles
from typing import TYPE_CHECKING, Protocol

from bench.publications import WINDOW, Stream, streams
from crawler.polling import Limits, Poll, after_poll
from pipelines.items import FeedState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
PATIENCE_AT_72 = 6.5


class Rule(Protocol):
    """A polling rule at work on one feed."""

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """Seconds until the next poll, after one that found `new` unknown entries."""


@dataclass
class Fixed:
    """Every so many minutes."""

    minutes: float

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """The same, whatever was found."""
        return self.minutes * MINUTE


@dataclass
class EntryFrequency:
    """Miniflux `entry_frequency` (internal/model/feed.go): a week over last week's entries."""

    factor: float = 1.0
    seen: set[datetime] = field(default_factory=set)

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """A week over the number of last week's entries, in minutes."""
        self.seen.update(document)
        weekly = sum(now - timedelta(days=7) < time <= now for time in self.seen)
        minutes = 7 * 24 * 60 / (weekly * self.factor) if weekly else 24 * 60
        return min(max(minutes, 5), 24 * 60) * MINUTE


@dataclass
class Overlap:
    """Media Cloud rss-fetcher (fetcher/tasks.py): lengthen at 2/3 known, shorten below 1/3.

    Its own figures: start at six hours, steps of an hour down and ten minutes up, at least
    ten minutes, at most a day. `scale` divides all of them.
    """

    scale: float = 1.0
    minutes: float = 360.0
    first: bool = True

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """Longer or shorter by the share of known entries."""
        known = 1 - new / len(document) if document else 1.0
        if not self.first and known >= 0.67:
            self.minutes = min(self.minutes + 10, 24 * 60)
        elif not self.first and known < 0.33:
            self.minutes = max(self.minutes - 60, 10)
        self.first = False
        return self.minutes * MINUTE / self.scale


@dataclass
class HalfGapOverlap:
    """Half the mean gap of the first document, then a quarter longer or shorter by overlap."""

    factor: float = 0.5
    seconds: float = 0.0

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """From the first document's dates, then longer or shorter by overlap."""
        known = 1 - new / len(document) if document else 1.0
        if not self.seconds:
            span = (now - document[0]).total_seconds() if document else DAY
            self.seconds = self.factor * span / max(len(document), 1)
        elif known >= 2 / 3:
            self.seconds *= 1.25
        elif known < 1 / 3:
            self.seconds *= 0.75
        self.seconds = min(max(self.seconds, 5 * MINUTE), DAY)
        return self.seconds


@dataclass
class Broadtape:
    """The real thing: `after_poll`."""

    limits: Limits
    random: random.Random
    state: FeedState = field(default_factory=FeedState)

    def wait(self, document: Sequence[datetime], new: int, now: datetime) -> float:
        """What `after_poll` decides."""
        gap = bool(document) and new == len(document)
        poll = Poll(
            outcome="new" if new else "no_news",
            entries=len(document),
            new=new,
            published=tuple(document),
            oldest_was_new=gap,
        )
        self.state = after_poll(self.state, poll, now, self.limits, self.random.random())
        assert self.state.next_due_at is not None
        return (self.state.next_due_at - now).total_seconds()


@dataclass
class Tally:
    """What a rule did over all feeds."""

    name: str
    delays: list[float] = field(default_factory=list)
    polls: int = 0
    missed: int = 0
    days: float = 0.0
    feed_means: list[float] = field(default_factory=list)

    @property
    def polls_a_day(self) -> float:
        """Of one feed."""
        return self.polls / self.days

    @property
    def mean(self) -> float:
        """Mean delay over all items, minutes."""
        return fmean(self.delays) / MINUTE

    @property
    def feed_mean(self) -> float:
        """Mean over the feeds of each one's mean delay, minutes."""
        return fmean(self.feed_means) / MINUTE

    @property
    def p95(self) -> float:
        """95th percentile of the delay, minutes."""
        return quantiles(self.delays, n=20)[-1] / MINUTE

    @property
    def polls_per_item(self) -> float:
        """Polls for each entry there was to see."""
        return self.polls / (len(self.delays) + self.missed)


def window(stream: Stream) -> tuple[datetime, datetime]:
    """The part of a stream that is replayed."""
    end = stream.times[-1]
    return max(end - WINDOW, stream.times[len(stream.times) // 3]), end


def replay(rule: Rule, stream: Stream, tally: Tally) -> None:
    """Poll one feed by a rule until its last item has been seen."""
    now, end = window(stream)
    tally.days += (end - now).total_seconds() / DAY
    seen = index = bisect_right(stream.times, now)
    before = len(tally.delays)
    while True:
        document = stream.times[max(0, index - stream.capacity) : index]
        listed = max(seen, index - stream.capacity)
        tally.missed += listed - seen
        tally.delays += [(now - time).total_seconds() for time in stream.times[listed:index]]
        wait = rule.wait(document, index - listed, now)
        seen = index
        if now >= end:
            if len(tally.delays) > before:
                tally.feed_means.append(fmean(tally.delays[before:]))
            return
        tally.polls += 1
        now += timedelta(seconds=wait)
        index = bisect_right(stream.times, now)


def measure(name: str, make: Callable[[], Rule], feeds: Iterable[Stream]) -> Tally:
    """Replay every feed by a rule of its own."""
    tally = Tally(name)
    for stream in feeds:
        replay(make(), stream, tally)
    return tally


def broadtape(limits: Limits, feeds: Iterable[Stream], name: str = "Broadtape") -> Tally:
    """Measure Broadtape's rule within the given limits, always with the same jitter."""
    drawn = random.Random(20261125)
    return measure(name, lambda: Broadtape(limits, drawn), feeds)


def at_polls(polls_a_day: float, feeds: Sequence[Stream]) -> Tally:
    """Measure Broadtape with just the patience that gives so many polls a day, or fewer.

    Its floor is a minute here: it is the number of polls that is held equal, nothing else.
    """
    low, high = 0.05, 1e6
    best = None
    for _ in range(9):
        middle = (low * high) ** 0.5
        tally = broadtape(Limits(floor_s=MINUTE, patience=middle), feeds)
        if tally.polls_a_day > polls_a_day:
            low = middle
        else:
            high, best = middle, tally
    assert best is not None
    return best


RULES: dict[str, Callable[[], Rule]] = {
    "every 5 minutes": lambda: Fixed(5),
    "every 15 minutes": lambda: Fixed(15),
    "every 60 minutes": lambda: Fixed(60),
    "Miniflux entry_frequency": EntryFrequency,
    "Media Cloud overlap": Overlap,
    "half the mean gap, overlap": HalfGapOverlap,
}
HEAD = (
    "| rule | mean delay of an item, min | 95th percentile, min | mean over feeds, min"
    " | polls a day | polls per item | missed |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def row(tally: Tally) -> str:
    """A line of the table."""
    return (
        f"| {tally.name} | {tally.mean:.1f} | {tally.p95:.1f} | {tally.feed_mean:.1f}"
        f" | {tally.polls_a_day:.1f}"
        f" | {tally.polls_per_item:.2f} | {tally.missed} |"
    )


def half(stream: Stream) -> int:
    """Which half of the feeds a stream belongs to, by its name's SHA-256: 0 or 1."""
    return sha256(stream.name.encode()).digest()[0] % 2


def bound(polls_a_day: float, feeds: Iterable[Stream]) -> float:
    """Least mean delay, in minutes, of any constant intervals with so many polls a day.

    The rates are the true ones of the very window that is replayed, and no interval is
    shorter than five minutes: each is max(five minutes, c / sqrt(rate)).
    """
    spans = [(window(stream), stream.times) for stream in feeds]
    rates = [
        (sum(begin < time <= end for time in times), (end - begin).total_seconds())
        for (begin, end), times in spans
    ]
    seconds = sum(span for _, span in rates)
    low, high = 1.0, 1e6
    for _ in range(60):
        middle = (low * high) ** 0.5
        waits = [max(5 * MINUTE, middle * (span / items) ** 0.5) for items, span in rates]
        polls = sum(span / wait for (_, span), wait in zip(rates, waits, strict=True))
        low, high = (middle, high) if polls / seconds * DAY > polls_a_day else (low, middle)
    delay = sum(items * wait / 2 for (items, _), wait in zip(rates, waits, strict=True))
    return float(delay / sum(items for items, _ in rates) / MINUTE)


def main() -> None:
    """Print the tables; `--all` uses every feed for the second one too."""
    feeds = streams()
    print(f"{len(feeds)} feeds as they are, defaults\n\n{HEAD}")
    for patience in (6.0, 12.0, 60.0):
        print(row(broadtape(Limits(patience=patience), feeds, f"Broadtape, patience {patience:g}")))
    for name, make in RULES.items():
        print(row(measure(name, make, feeds)), flush=True)
    for number in (0, 1):
        part = [stream for stream in feeds if half(stream) == number]
        print(f"\nhalf {number} by name: {len(part)} feeds, about 72 polls a day\n\n{HEAD}")
        ours = broadtape(Limits(patience=PATIENCE_AT_72), part)
        print(row(ours))
        print(row(measure("every 5 minutes", RULES["every 5 minutes"], part)))
        least = bound(ours.polls_a_day, part)
        print(f"constant intervals by the true rates, as many polls: {least:.1f} min", flush=True)
    some = feeds if "--all" in sys.argv else feeds[::4]
    print(f"\n{len(some)} feeds, the same number of polls\n\n{HEAD}")
    for name, make in RULES.items():
        other = measure(name, make, some)
        print(row(other))
        ours = at_polls(other.polls_a_day, some)
        ours.name = "Broadtape at that"
        print(row(ours), flush=True)


if __name__ == "__main__":
    main()
