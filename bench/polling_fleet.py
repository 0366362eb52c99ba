"""Six days of 2,000 feeds on 200 hosts, on an accelerated clock.

    python -m bench.polling_fleet [FEEDS]

The clock ticks every 30 seconds and queues what is due; a host answers one request at a
time, 1.1 seconds apart. Publication times are real ones (see bench/publications.py), each
feed's window repeated until six days are full and shifted by a time of its own. Prints how
late polls were after they were due, and how many there were beside the same feeds each
polled alone, without clock and hosts. Two million polls: under five minutes on a free core.
"""

from __future__ import annotations

import heapq
import random
import sys
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import fmean, quantiles

from bench.publications import Stream, streams
from crawler.polling import Limits, Poll, after_poll
from pipelines.items import FeedState

DAYS, HOSTS, TICK_S, SPACING_S, ALONE = 6, 200, 30.0, 1.1, 100
START = datetime(2026, 11, 2, tzinfo=UTC)
END = START + timedelta(days=DAYS)


@dataclass
class Watched:
    """A feed on a simulated host."""

    times: list[datetime]
    capacity: int
    drawn: random.Random
    state: FeedState = field(default_factory=FeedState)
    seen: int = 0
    polls: int = 0

    def poll(self, now: datetime) -> None:
        """Poll at `now`, by the real policy."""
        index = bisect_right(self.times, now)
        listed = self.times[max(0, index - self.capacity) : index]
        new = min(index - self.seen, len(listed))
        poll = Poll(
            outcome="new" if new else "no_news", entries=len(listed), new=new,
            published=tuple(listed), oldest_was_new=bool(new) and new == len(listed),
        )  # fmt: skip
        self.state = after_poll(self.state, poll, now, Limits(), self.drawn.random())
        self.seen, self.polls = index, self.polls + 1

    @property
    def due(self) -> datetime:
        """When it is due next."""
        return self.state.next_due_at or START


def watched(number: int, stream: Stream) -> Watched:
    """Make a feed whose publications fill two days of history and six of watching."""
    drawn = random.Random(number)
    last = [time for time in stream.times if stream.times[-1] - time < timedelta(days=DAYS)]
    span = max(last[-1] - last[0], timedelta(hours=1)) + (last[-1] - last[0]) / len(last)
    begin = START - timedelta(days=2) + span * drawn.random()
    times, turn = [], 0
    while (base := begin + span * turn) < END:
        times += [base + (time - last[0]) for time in last]
        turn += 1
    return Watched(times, stream.capacity, drawn)


def alone(feed: Watched) -> int:
    """How often a feed is polled when nothing holds it up."""
    now = START
    while now < END:
        feed.poll(now)
        now = feed.due
    return feed.polls


def together(feeds: list[Watched]) -> list[float]:
    """Poll all feeds through the clock and the hosts' queues; the lateness of each poll."""
    late: list[float] = []
    free: defaultdict[int, datetime] = defaultdict(lambda: START)
    due = [(START, number) for number in range(len(feeds))]
    tick = START
    while tick < END:
        while due and due[0][0] <= tick:
            at, number = heapq.heappop(due)
            host = number % HOSTS
            now = max(tick, free[host])
            free[host] = now + timedelta(seconds=SPACING_S)
            feeds[number].poll(now)
            late.append((now - at).total_seconds())
            heapq.heappush(due, (feeds[number].due, number))
        tick += timedelta(seconds=TICK_S)
    return late


def main() -> None:
    """Print what happened."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    real = streams()
    feeds = [watched(number, real[number % len(real)]) for number in range(count)]
    late = together(feeds)
    step = max(count // ALONE, 1)
    chosen = range(0, count, step)
    single = [alone(watched(number, real[number % len(real)])) for number in chosen]
    shared = [feeds[number].polls for number in chosen]
    print(f"{count} feeds, {HOSTS} hosts, {DAYS} days: {len(late)} polls")
    slowest = quantiles(late, n=100)[-1]
    print(f"late after due: mean {fmean(late):.0f} s, 99 % within {slowest:.0f} s, ", end="")
    print(f"at most {max(late):.0f} s")
    print(f"least polled feed: {min(feed.polls for feed in feeds)} polls")
    ratio = sum(shared) / sum(single)
    print(f"{len(single)} of them alone: {sum(single)} polls; together {sum(shared)} ({ratio:.3f})")


if __name__ == "__main__":
    main()
