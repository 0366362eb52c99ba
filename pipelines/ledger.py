"""What one crawl did, feed by feed: kept while it runs, shown at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.items import PollOutcome

# What an entry may come to: a figure of its feed's tally.
Outcome = Literal["stored", "same", "sighted", "failed", "waiting"]

GOOD_OUTCOMES: frozenset[PollOutcome] = frozenset({"new", "no_news", "not_modified", "unchanged"})


@dataclass(slots=True)
class Tally:
    """One feed's line of the closing table.

    `outcome` is None for a feed that was not polled in this crawl (entries of an earlier
    one were taken up). `stored` counts articles and revisions written; `same` those that
    said nothing new; `sighted` entries of articles that were read already, whose page was not
    asked for again; `failed` entries given up and `waiting` those to be tried again.
    """

    name: str
    outcome: PollOutcome | None = None
    error: str | None = None
    entries: int = 0
    new: int = 0
    changed: int = 0
    fetched: int = 0
    stored: int = 0
    same: int = 0
    sighted: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Ledger:
    """The tallies of a crawl, and whoever wants to hear of every line as it is written.

    A daemon polls a feed many times: `outcomes` counts every poll, a tally keeps the last.
    """

    tallies: dict[int, Tally] = field(default_factory=dict)
    outcomes: Counter[PollOutcome] = field(default_factory=Counter)
    listeners: list[Callable[[str], None]] = field(default_factory=list)
    expected: int = 0
    settled: int = 0
    interrupted: bool = False

    def tally(self, feed_id: int, name: str) -> Tally:
        """The line of a feed, begun if there is none yet."""
        return self.tallies.setdefault(feed_id, Tally(name))

    def count(self, feed_id: int, name: str, outcome: Outcome) -> None:
        """One entry of a feed came to this."""
        tally = self.tally(feed_id, name)
        setattr(tally, outcome, getattr(tally, outcome) + 1)

    def expect(self, count: int) -> None:
        """So many more pages are going to be fetched."""
        self.expected += count

    def settle(self) -> None:
        """One expected page came to an end, whichever."""
        self.settled += 1

    def say(self, line: str) -> None:
        """Tell listeners what just happened."""
        for listener in self.listeners:
            listener(line)

    @property
    def polled(self) -> int:
        """Feeds that were asked."""
        return sum(tally.outcome is not None for tally in self.tallies.values())

    @property
    def answered(self) -> int:
        """Feeds that answered as a feed should."""
        return sum(tally.outcome in GOOD_OUTCOMES for tally in self.tallies.values())
