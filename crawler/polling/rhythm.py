"""A feed's rhythm: how much it publishes at which hour, and so when asking pays.

The rate of each hour of the day, working days and weekends apart (48 bins, UTC), is
estimated from publications heard and hours watched, both fading with a half-life of a
week, and drawn towards its neighbours and the feed's mean where little is known. News
comes in bursts: a share of the rate is what the last hour's publications excite (a
self-exciting process, Hawkes 1971, with an exponential kernel).

A poll is due when the news that is probably waiting has waited long enough: when the
expected sum of waiting times, the integral of rate(s) x (T - s) over s from 0 to T, reaches
`patience` item-seconds. With a steady rate r that is an interval of sqrt(2 x patience / r),
the allocation of polls that makes the mean delay least for their number (minimise
sum(r T / 2) under a fixed sum(1 / T)); with a changing rate it waits through the night and
is back for the morning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import exp, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.items import PollMemory

PATIENCE = 12.0
HALF_LIFE_H = 7 * 24.0
FIRST_LOOK = timedelta(days=28)
PRIOR_ITEMS, PRIOR_HOURS = 0.5, 12.0
BIN_PRIOR_ITEMS = 1.5
SURE_PRIOR_ITEMS = 0.5
EXCITED_SHARE, EXCITED_HOURS = 0.3, 1.0
STEP_S, LONG_STEP_S, LONG_AFTER_S = 300.0, 1800.0, 7200.0
NEIGHBOUR = 0.5
BINS = 48
_NEIGHBOURS = [
    (index, index - index % 24 + (index - 1) % 24, index - index % 24 + (index + 1) % 24)
    for index in range(BINS)
]


def first_rhythm(memory: PollMemory, published: Iterable[datetime], now: datetime) -> PollMemory:
    """Learn from the dates in a feed's first document, at most four weeks back."""
    times = sorted({time for time in published if now - FIRST_LOOK < time <= now})
    return learn(memory, times[0], now, times[1:]) if times else memory


def learn(
    memory: PollMemory, since: datetime, until: datetime, arrivals: Sequence[datetime]
) -> PollMemory:
    """Add the hours watched from `since` to `until`, and the publications in them."""
    hours = (until - since).total_seconds() / 3600
    turned = int(until.timestamp() // 3600) - int(since.timestamp() // 3600)
    heard = _faded(memory.heard, turned)
    watched = _faded(memory.watched, turned)
    for start, span in _hours(since, until):
        watched[_bin(start)] = round(watched[_bin(start)] + span, 4)
    for time in arrivals:
        heard[_bin(min(max(time, since), until))] += 1
    excitement = memory.excitement * exp(-hours / EXCITED_HOURS)
    for time in arrivals:
        ago = (until - time).total_seconds() / 3600
        excitement += EXCITED_SHARE / EXCITED_HOURS * exp(-max(ago, 0) / EXCITED_HOURS)
    return replace(
        memory,
        heard=tuple(heard),
        watched=tuple(watched),
        excitement=round(excitement, 4),
    )


def _faded(values: Sequence[float], hours: int) -> list[float]:
    """What is left of the 48 values after so many full hours; within an hour nothing fades."""
    if not values:
        return [0.0] * BINS
    if hours <= 0:
        return list(values)
    fade = 0.5 ** (hours / HALF_LIFE_H)
    return [round(value * fade, 4) for value in values]


def rate(memory: PollMemory, moment: datetime) -> float:
    """Publications per hour to be expected at `moment`."""
    return _Rates(memory)[_bin(moment)]


def best_interval(
    memory: PollMemory, now: datetime, ceiling_s: float, patience: float = PATIENCE
) -> float:
    """Seconds from `now` until asking pays (see the module's docstring), up to the ceiling."""
    rates = _Rates(memory)
    excitement = memory.excitement
    waiting = expected = passed = 0.0
    while passed < ceiling_s:
        step = STEP_S if passed < LONG_AFTER_S else LONG_STEP_S
        fade = exp(-step / 3600 / EXCITED_HOURS)
        excited = excitement * (1 - fade) * EXCITED_HOURS * 3600 / step
        usual = rates[_bin(now + timedelta(seconds=passed))] * (1 - EXCITED_SHARE)
        per_second = (usual + excited) / 3600
        then = waiting + expected * step + per_second * step * step / 2
        if then >= patience:
            missing = patience - waiting
            root = sqrt(expected * expected + 2 * per_second * missing)
            return min(passed + 2 * missing / (expected + root), ceiling_s)
        waiting, expected = then, expected + per_second * step
        passed, excitement = passed + step, excitement * fade
    return ceiling_s


def expected_news(memory: PollMemory, since: datetime, until: datetime) -> float:
    """How many publications must be expected between two times: few where little is known."""
    rates = _Rates(memory, 0.0, SURE_PRIOR_ITEMS)
    return sum(rates[_bin(start)] * hours for start, hours in _hours(since, until))


def usual_gap_s(memory: PollMemory, now: datetime) -> float:
    """Mean seconds between publications, over the whole week."""
    heard, watched = sum(memory.heard), sum(memory.watched)
    return 3600 * (watched + PRIOR_HOURS) / (heard + PRIOR_ITEMS)


class _Rates:
    """The 48 rates, drawn towards `prior_items` in the time in which `prior` are usual.

    Each is computed when it is asked for: a busy feed's next poll is within the hour.
    """

    def __init__(
        self,
        memory: PollMemory,
        prior_items: float = BIN_PRIOR_ITEMS,
        prior: float = BIN_PRIOR_ITEMS,
    ) -> None:
        self.heard = memory.heard or (0.0,) * BINS
        self.watched = memory.watched or (0.0,) * BINS
        mean = (sum(self.heard) + PRIOR_ITEMS) / (sum(self.watched) + PRIOR_HOURS)
        self.prior_items, self.prior_hours = prior_items, prior / mean

    def __getitem__(self, index: int) -> float:
        index, before, after = _NEIGHBOURS[index]
        heard, watched = self.heard, self.watched
        items = heard[index] + NEIGHBOUR * (heard[before] + heard[after])
        hours = watched[index] + NEIGHBOUR * (watched[before] + watched[after])
        return (items + self.prior_items) / (hours + self.prior_hours)


def _bin(moment: datetime) -> int:
    return moment.hour + (24 if moment.weekday() >= 5 else 0)


def _hours(since: datetime, until: datetime) -> Iterator[tuple[datetime, float]]:
    """Cut a span at the full hours: the start and length, in hours, of each piece."""
    start = since
    while start < until:
        next_hour = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        end = min(next_hour, until)
        yield start, (end - start).total_seconds() / 3600
        start = end
