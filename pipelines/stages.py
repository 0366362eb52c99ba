"""The stages as Scrapy item pipelines: a few lines around each pure function.

    Fetched ──Extract──► Extracted ──Store──► rows

`ITEM_PIPELINES` in the crawl's settings names them in this order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from scrapy.exceptions import DropItem

from pipelines.attempts import settle_failure
from pipelines.extract import extract
from pipelines.items import Copy, Extracted, Failure, Hints, New, Revision, Visit
from pipelines.sharing import as_listed_now, seen_first, settle_as_sighting, told_after
from pipelines.store import store
from pipelines.visits import settle_missed, settle_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler

    from pipelines.attempts import Settled
    from pipelines.database import Database
    from pipelines.items import Page, PendingEntry, Source, Told
    from pipelines.ledger import Ledger
    from pipelines.turns import Turn, Turns
    from pipelines.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page that arrived, or `failure`: why it did not.

    `gone` and `retry_at` as in `pipelines.attempts.settle_failure`; `unchanged`: the server
    says that the page is as it was at the last visit.
    """

    pending: PendingEntry
    source: Source
    feed_name: str
    page: Page | None = None
    failure: Failure | None = None
    gone: bool = False
    retry_at: datetime | None = None
    unchanged: bool = False


class Crawl(Protocol):
    """What the stages need of the crawl they serve."""

    database: Database
    workers: Workers
    ledger: Ledger
    turns: Turns

    def hints(self, source: Source, pending: PendingEntry) -> Hints:
        """What is known of a page before it is read."""

    def source_of(self, feed_id: int) -> tuple[Source, str]:
        """The source of a feed, and the feed's name."""

    def release(self, pending: PendingEntry) -> None:
        """The entry is settled, and may be queued again when it is due."""

    def end_turn(self, pending: PendingEntry) -> Turn | None:
        """The entry is settled; returns who waited for its page, if it had a turn at one."""

    def ask_in_turn(self, pending: PendingEntry) -> None:
        """Let an entry that waited in vain ask for its page itself, or wait for the next."""

    def note_sighting(self, pending: PendingEntry) -> None:
        """Count an entry that was settled without asking for its page."""

    def fail(self, error: BaseException) -> None:
        """The record cannot be written: end the crawl, and tell the user why."""


class _Stage:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Stage:
        return cls(crawler)

    @property
    def _crawl(self) -> Crawl:
        crawl: Crawl = self._crawler.spider.session  # type: ignore[union-attr]
        return crawl

    def _seen_first(self, pending: PendingEntry) -> PendingEntry:
        """The entry, first seen when the first of those that lead to its page was."""
        crawl = self._crawl
        turn = crawl.turns.of(pending)
        return seen_first(crawl.database, pending, turn.waiting if turn else (), crawl.source_of)

    def _end_turn(
        self,
        pending: PendingEntry,
        read_at: datetime | None,
        share: Callable[[PendingEntry], bool],
    ) -> None:
        """Settle who waited for the entry's page: as a sighting, by `share`, else by its turn."""
        turn = self._crawl.end_turn(pending)
        if turn is None:
            return
        for waiting in turn.waiting:
            told = told_after(
                self._crawl.database, pending, turn, waiting, self._crawl.source_of, read_at
            )
            self._settle_waiting(waiting, told, share)

    def _settle_waiting(
        self, waited: PendingEntry, told: Told | None, share: Callable[[PendingEntry], bool]
    ) -> None:
        crawl = self._crawl
        waiting = waited if waited.visit else as_listed_now(crawl.database, waited)
        if waiting and settle_as_sighting(crawl.database, waiting, told, datetime.now(UTC)):
            crawl.note_sighting(waiting)
        elif waiting and not share(waiting):
            crawl.ask_in_turn(waiting)
            return
        crawl.release(waited)


class Extract(_Stage):
    """Page -> Article, in a worker process; a page without one is settled here."""

    async def process_item(self, item: Fetched) -> Extracted:
        """Extract, or settle the failure and let the item go."""
        failure = item.failure
        if item.page is not None:
            async with self._crawl.workers.turn:
                # Only now: meanwhile the source's other pages may have taught us something.
                hints = self._crawl.hints(item.source, item.pending)
                result = await self._crawl.workers.run_in_turn(extract, item.page, hints)
            if not isinstance(result, Failure):
                return Extracted(
                    pending=item.pending,
                    source=item.source.name,
                    article=result,
                    final_url=item.page.final_url,
                    fetched_at=item.page.fetched_at,
                    visit=Visit(etag=item.page.etag, last_modified=item.page.last_modified),
                )
            failure = result
        self._settle(item, failure or Failure(reason="no answer"))
        raise DropItem("settled without its page", log_level="DEBUG")

    def _settle(self, item: Fetched, failure: Failure) -> None:
        """Settle the entry, and those that waited for the same address: it has answered."""

        def share(waiting: PendingEntry) -> bool:
            if waiting.entry.link != item.pending.entry.link:
                return False
            source, name = self._crawl.source_of(waiting.feed_id)
            shared = replace(item, pending=waiting, source=source, feed_name=name)
            self._write(shared, failure)
            return True

        try:
            pending = self._seen_first(item.pending)
            self._write(replace(item, pending=pending), failure)
            self._crawl.ledger.settle()
            self._end_turn(item.pending, None, share)
        except Exception as error:
            self._crawl.fail(error)
            raise

    def _write(self, item: Fetched, failure: Failure) -> None:
        crawl = self._crawl
        settled = _settle(crawl.database, item, failure, datetime.now(UTC))
        crawl.ledger.count(item.pending.feed_id, item.feed_name, settled)
        crawl.ledger.say(f"{settled}: {item.pending.entry.link} ({failure.reason})")


def _settle(
    database: Database, item: Fetched, failure: Failure, now: datetime
) -> Settled | Literal["same"]:
    if item.unchanged:
        settle_unchanged(database, item.pending, now)
        return "same"
    if item.pending.visit is not None and not item.gone:
        settle_missed(database, item.pending, failure, now, item.retry_at)
        return "same"
    return settle_failure(
        database,
        item.pending,
        item.source,
        failure,
        now,
        gone=item.gone,
        retry_at=item.retry_at,
    )


class Store(_Stage):
    """Article -> rows, in one short transaction."""

    def process_item(self, item: Extracted) -> Extracted:
        """Decide and write; an error of the database ends the crawl."""
        try:
            self._store(item)
            self._end_turn(item.pending, item.fetched_at, lambda _: False)
        except Exception as error:
            self._crawl.fail(error)
            raise
        return item

    def _store(self, item: Extracted) -> None:
        crawl = self._crawl
        pending = self._seen_first(item.pending)
        verdict = store(crawl.database, replace(item, pending=pending), datetime.now(UTC))
        tally = crawl.ledger.tally(item.pending.feed_id, "")
        if isinstance(verdict, New | Copy | Revision):
            tally.stored += 1
        else:
            tally.same += 1
        crawl.ledger.settle()
        crawl.ledger.say(f"{type(verdict).__name__.lower()}: {item.article.title}")
