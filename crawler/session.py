"""Everything one crawl holds while it runs: the record, the workers, the queue."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.catalogue import sources_of
from pipelines.items import Hints, PendingEntry, WatchedFeed
from pipelines.learning import Learner
from pipelines.sharing import settle_without_page
from pipelines.turns import Address, Turns
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crawler.config import Config
    from pipelines.database import Database
    from pipelines.items import Feed, Source
    from pipelines.ledger import Ledger
    from pipelines.turns import Turn
    from pipelines.workers import Workers

Task = WatchedFeed | PendingEntry


@dataclass(slots=True)
class Session:
    """What the spider, the stages and the clock share.

    `catalogue` has the configured feeds by address: their sources know more than the
    database keeps (delay, headers, what to prune), also of feeds that were added by hand.
    `queue` is the spider's one queue; None in it means that nothing more will come. A task is
    in `busy` from the moment it is claimed until it is settled, so that it is never under way
    twice; `turns` do the same for the pages that several entries lead to. `ask` sends for a
    page at once. `ticked_at` is when the daemon's clock last filled the queue.
    """

    config: Config
    database: Database
    workers: Workers
    ledger: Ledger
    catalogue: Mapping[str, Feed]
    queue: asyncio.Queue[Task | None] = field(default_factory=asyncio.Queue)
    busy: set[tuple[str, int]] = field(default_factory=set)
    turns: Turns = field(default_factory=Turns)
    ask: Callable[[PendingEntry], None] = lambda _: None
    with_pages: bool = True
    page_limit: int | None = None
    ticked_at: datetime | None = None
    error: BaseException | None = None
    on_error: Callable[[], None] = lambda: None
    sources: dict[int, tuple[Source, str]] = field(default_factory=dict)
    learner: Learner = field(init=False)
    _configured_sources: dict[str, Source] = field(init=False)

    def __post_init__(self) -> None:
        self.learner = Learner(self.database)
        self._configured_sources = sources_of(self.catalogue.values())

    def enqueue(self, tasks: Iterable[Task]) -> int:
        """Queue what is not under way already; returns how many."""
        count = 0
        for task in tasks:
            if not self.claim(task):
                continue
            known = self._with_its_source(task) if isinstance(task, WatchedFeed) else task
            self.queue.put_nowait(known)
            count += 1
        return count

    def claim(self, task: Task) -> bool:
        """Take a task on, unless it is under way already or the limit of pages is reached.

        An entry whose page another entry is about to bring is taken on, but waits; one that is
        a mere sighting of what was read already is settled, and one whose page has just failed
        shares that. None of them is to be asked for.
        """
        if (key := _key(task)) in self.busy:
            return False
        if isinstance(task, PendingEntry):
            return self._claim_page(task)
        self.busy.add(key)
        return True

    def _claim_page(self, pending: PendingEntry) -> bool:
        address = self._address(pending)
        if address is not None and self.turns.wait(address, pending):
            self.busy.add(_key(pending))
            return False
        if address is not None and pending.visit is None and self._needs_no_page(pending, address):
            return False
        if self.page_limit is not None and self.ledger.expected >= self.page_limit:
            return False
        # Nobody waits for a look: looks come last, and an answer "not modified" is no page.
        if address is not None and pending.visit is None:
            self.turns.begin(address, pending, datetime.now(UTC))
        self.ledger.expect(1)
        self.busy.add(_key(pending))
        return True

    def _address(self, pending: PendingEntry) -> Address | None:
        """The page that an entry leads to; None where it has none of its own."""
        if not pending.entry.link or pending.shares_link:
            return None
        source, _ = self.source_of(pending.feed_id)
        return Address(source.reading, url_key(pending.entry.link))

    def _needs_no_page(self, pending: PendingEntry, address: Address) -> bool:
        """Whether its article is told already, or its page just failed for another entry."""
        _, name = self.source_of(pending.feed_id)
        try:
            shared = settle_without_page(
                self.database, pending, address, self.source_of, datetime.now(UTC)
            )
        except Exception as error:
            self.fail(error)
            raise
        if shared is not None:
            why = f" (for another entry: {shared.reason})" if shared.reason else ""
            self.ledger.count(pending.feed_id, name, shared.outcome)
            self.ledger.say(f"{shared.outcome}: {pending.entry.link}{why}")
        return shared is not None

    def note_sighting(self, pending: PendingEntry) -> None:
        """Count an entry that was settled without asking for its page; a look is none."""
        if pending.visit is not None:
            return
        _, name = self.source_of(pending.feed_id)
        self.ledger.count(pending.feed_id, name, "sighted")
        self.ledger.say(f"sighted: {pending.entry.link}")

    def _with_its_source(self, watched: WatchedFeed) -> WatchedFeed:
        feed = watched.feed
        if configured := self.catalogue.get(feed.url):
            return replace(watched, feed=replace(feed, source=configured.source))
        if known := self._configured_sources.get(feed.source.name):
            own = {name: getattr(feed.source, name) for name in ("language", "region", "timezone")}
            return replace(watched, feed=replace(feed, source=replace(known, **own)))
        return watched

    def close_queue(self) -> None:
        """Nothing more will come; the spider ends when it is done."""
        self.queue.put_nowait(None)

    def release(self, task: Task) -> None:
        """The task is settled, and may be queued again when it is due."""
        self.busy.discard(_key(task))

    def end_turn(self, pending: PendingEntry) -> Turn | None:
        """The entry is settled; returns who waited for its page, if it had a turn at one."""
        self.release(pending)
        return self.turns.end(pending)

    def ask_in_turn(self, pending: PendingEntry) -> None:
        """Let an entry that waited in vain ask for its page itself, or wait for the next."""
        self.release(pending)
        if self.claim(pending):
            self.ask(pending)

    def source_of(self, feed_id: int) -> tuple[Source, str]:
        """The source of a feed, and the feed's name."""
        if feed_id not in self.sources:
            watched = self._with_its_source(self.database.feeds.get(feed_id))
            self.sources[feed_id] = (watched.feed.source, watched.feed.name)
        return self.sources[feed_id]

    def hints(self, source: Source, pending: PendingEntry) -> Hints:
        """What is known of a page before it is read."""
        learned = self.learner.of(source.name)
        return Hints(
            source=source,
            entry=pending.entry,
            furniture=learned.furniture,
            suffixes=learned.suffixes,
            names_file=str(self.config.symbols) if self.config.symbols else None,
        )

    def fail(self, error: BaseException) -> None:
        """The record cannot be written: keep the first reason, and end the crawl."""
        if self.error is None:
            self.error = error
            self.on_error()


def _key(task: Task) -> tuple[str, int]:
    return type(task).__name__, task.id
