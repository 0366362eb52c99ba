"""Everything one crawl holds while it runs: the record, the workers, the queue."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.items import Hints, PendingEntry, WatchedFeed
from pipelines.learning import Learner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from crawler.config import Config
    from pipelines.database import Database
    from pipelines.items import Feed, Source
    from pipelines.ledger import Ledger
    from pipelines.workers import Workers

Task = WatchedFeed | PendingEntry


@dataclass(slots=True)
class Session:
    """What the spider, the stages and the clock share.

    `catalogue` has the configured feeds by address: their sources know more than the
    database keeps (delay, headers, what to prune). `queue` is the spider's one queue;
    None in it means that nothing more will come. A task is in `busy` from the moment it is
    claimed until it is settled, so that it is never under way twice. `ticked_at` is when the
    daemon's clock last filled the queue.
    """

    config: Config
    database: Database
    workers: Workers
    ledger: Ledger
    catalogue: Mapping[str, Feed]
    queue: asyncio.Queue[Task | None] = field(default_factory=asyncio.Queue)
    busy: set[tuple[str, int]] = field(default_factory=set)
    with_pages: bool = True
    page_limit: int | None = None
    ticked_at: datetime | None = None
    error: BaseException | None = None
    on_error: Callable[[], None] = lambda: None
    sources: dict[int, tuple[Source, str]] = field(default_factory=dict)
    learner: Learner = field(init=False)

    def __post_init__(self) -> None:
        self.learner = Learner(self.database)

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
        """Take a task on, unless it is under way already or the limit of pages is reached."""
        if (key := _key(task)) in self.busy:
            return False
        if isinstance(task, PendingEntry):
            if self.page_limit is not None and self.ledger.expected >= self.page_limit:
                return False
            self.ledger.expect(1)
        self.busy.add(key)
        return True

    def _with_its_source(self, watched: WatchedFeed) -> WatchedFeed:
        configured = self.catalogue.get(watched.feed.url)
        if configured is None:
            return watched
        return replace(watched, feed=replace(watched.feed, source=configured.source))

    def close_queue(self) -> None:
        """Nothing more will come; the spider ends when it is done."""
        self.queue.put_nowait(None)

    def release(self, task: Task) -> None:
        """The task is settled, and may be queued again when it is due."""
        self.busy.discard(_key(task))

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
