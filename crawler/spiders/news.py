"""The one spider: takes feeds and entries from one queue, and asks for them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.addresses import resolve
from crawler.headers import header
from crawler.middlewares import HostManners, host_key
from crawler.polling import Poll, conditional_headers
from crawler.polling.failures import explain, poll_of_failure
from crawler.receive import Received, read_response, record
from crawler.refusals import AddressRefused, ContactMissing, Refusal, RobotsForbidden
from pipelines.attempts import GONE
from pipelines.errors import CatalogueError
from pipelines.items import Failure, Page, PendingEntry, WatchedFeed
from pipelines.stages import Fetched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.session import Session

FEEDS_FIRST = 10
LOOKS_LAST = -10
# Trying again does not change these.
FINAL = (400, 401, 402, 403, 405, 406, 414, 451)
READABLE = ("text/", "application/xhtml", "application/xml", "application/octet-stream")


class NewsSpider(Spider):
    """Feeds and pages of news, as `session.queue` brings them."""

    name = "news"

    def __init__(self, session: Session | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        if session is None:
            raise ValueError("run it as `broadtape crawl`: the spider needs a queue and a database")
        self.session = session

    async def start(self) -> AsyncIterator[Any]:
        """Ask for what the queue brings, until it says that nothing more will come."""
        self._keep_pauses()
        self.session.ask = self._ask_at_once
        while (task := await self.session.queue.get()) is not None:
            if not isinstance(task, WatchedFeed):
                yield self.ask(task)
            elif request := self.ask_for_feed(task):
                yield request

    def closed(self, reason: str) -> None:
        """Note whether the crawl ran to its end."""
        self.session.ledger.interrupted = reason == "shutdown"

    def _keep_pauses(self) -> None:
        """A host that asked an earlier run to leave it alone is still left alone."""
        manners = self.crawler.get_downloader_middleware(HostManners)
        for watched in self.session.database.feeds.watched():
            if manners is not None and (until := watched.state.memory.paused_until):
                manners.pause(host_key(watched.feed.url), datetime.fromisoformat(until))

    def ask(self, pending: PendingEntry) -> Request | Fetched:
        """Ask for an entry's page; an entry without one of its own goes straight to the stages."""
        if pending.entry.link and not pending.shares_link:
            return self.ask_for_page(pending)
        return self._fetched(
            pending, Failure(reason="the entry has no link of its own", final=True)
        )

    def _ask_at_once(self, pending: PendingEntry) -> None:
        self.crawler.engine.crawl(self.ask_for_page(pending))

    def ask_for_feed(self, watched: WatchedFeed) -> Request | None:
        """A conditional GET of the feed; None if it has no address to ask at."""
        source = watched.feed.source
        now = datetime.now(UTC)
        try:
            address = resolve(watched.feed, self.session.config.rsshub)
        except CatalogueError as error:
            poll = Poll(outcome="error", error=str(error), weight=1.0)
            self._record(watched, Received(poll), time.monotonic())
            return None
        return Request(
            address,
            callback=self.parse_feed,
            errback=self.miss_feed,
            headers={**source.headers, **conditional_headers(watched.state, now)},
            priority=FEEDS_FIRST,
            meta={
                **_meta(address, source.delay_s, source.proxy),
                "dont_obey_robotstxt": True,
                "needs_contact": source.needs_contact,
            },
            cb_kwargs={"watched": watched, "asked_at": time.monotonic()},
        )

    def ask_for_page(self, pending: PendingEntry) -> Request:
        """A GET of the entry's page."""
        source, _ = self.session.source_of(pending.feed_id)
        link = pending.entry.link or ""
        return Request(
            link,
            callback=self.parse_page,
            errback=self.miss_page,
            headers={**source.headers, **_validators(pending)},
            priority=0 if pending.visit is None else LOOKS_LAST,
            meta={
                **_meta(link, source.delay_s, source.proxy),
                "needs_contact": source.needs_contact,
            },
            cb_kwargs={"pending": pending},
        )

    async def parse_feed(
        self, response: Response, watched: WatchedFeed, asked_at: float
    ) -> AsyncIterator[Request | Fetched]:
        """Write down what the poll brought, then ask for the pages of what is new."""
        received = await read_response(self.session, watched, response, self._fetch_part(watched))
        for pending in self._record(watched, received, asked_at):
            if self.session.with_pages and self.session.claim(pending):
                yield self.ask(pending)

    def _fetch_part(self, watched: WatchedFeed) -> Callable[[str], Awaitable[Response | Failure]]:
        source = watched.feed.source

        async def fetch(url: str) -> Response | Failure:
            meta = {**_meta(url, source.delay_s, source.proxy), "dont_obey_robotstxt": True}
            request = Request(url, headers=dict(source.headers), meta=meta)
            try:
                return await self.crawler.engine.download_async(request)
            except Refusal as refusal:
                return Failure(reason=refusal.reason)
            except Exception as error:
                return Failure(reason=explain(error)[0])

        return fetch

    def miss_feed(self, failure: TwistedFailure) -> None:
        """Write down that the feed could not be had, and why."""
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        poll = poll_of_failure(failure.value)  # type: ignore[arg-type]
        self._record(arguments["watched"], Received(poll), arguments["asked_at"])

    def _record(
        self, watched: WatchedFeed, received: Received, asked_at: float
    ) -> list[PendingEntry]:
        duration_ms = round(1000 * (time.monotonic() - asked_at))
        try:
            return record(self.session, watched, received, datetime.now(UTC), duration_ms)
        except Exception as error:
            self.session.fail(error)
            raise
        finally:
            self.session.release(watched)

    def parse_page(self, response: Response, pending: PendingEntry) -> Fetched:
        """Hand the page on to the stages, or the reason why there is none."""
        _, name = self.session.source_of(pending.feed_id)
        self.session.ledger.tally(pending.feed_id, name).fetched += 1
        status = response.status
        if status == 304 and pending.visit is not None:
            return self._fetched(pending, Failure(reason="unchanged"), unchanged=True)
        if status in GONE:
            return self._fetched(pending, Failure(reason=f"HTTP {status}", final=True), gone=True)
        if status != 200:
            return self._fetched(pending, Failure(reason=f"HTTP {status}", final=status in FINAL))
        kind = header(response, b"Content-Type") or ""
        if kind and not kind.lower().startswith(READABLE):
            return self._fetched(
                pending, Failure(reason=f"not a page of text ({kind})", final=True)
            )
        page = Page(
            url=pending.entry.link or response.url,
            final_url=response.url,
            status=status,
            content_type=kind or None,
            body=response.body,
            fetched_at=datetime.now(UTC),
            etag=header(response, b"ETag"),
            last_modified=header(response, b"Last-Modified"),
        )
        return self._fetched(pending, page=page)

    def miss_page(self, failure: TwistedFailure) -> Fetched:
        """Hand on why the page could not be had."""
        pending: PendingEntry = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Refusal):
            final = isinstance(error, AddressRefused | RobotsForbidden | ContactMissing)
            reason = Failure(
                reason=error.reason,
                final=final and error.retry_at is None,
                ours=isinstance(error, AddressRefused | ContactMissing),
            )
            return self._fetched(pending, reason, retry_at=error.retry_at)
        words, _ = explain(error)  # type: ignore[arg-type]
        return self._fetched(pending, Failure(reason=words))

    def _fetched(
        self,
        pending: PendingEntry,
        failure: Failure | None = None,
        *,
        page: Page | None = None,
        gone: bool = False,
        retry_at: datetime | None = None,
        unchanged: bool = False,
    ) -> Fetched:
        source, name = self.session.source_of(pending.feed_id)
        return Fetched(
            pending=pending,
            source=source,
            feed_name=name,
            page=page,
            failure=failure,
            gone=gone,
            retry_at=retry_at,
            unchanged=unchanged,
        )


def _validators(pending: PendingEntry) -> dict[str, str]:
    """What makes the GET of a page that was read before a conditional one (RFC 9110 §13)."""
    visit = pending.visit
    if visit is None or visit.whole:
        return {}
    pairs = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _meta(url: str, delay_s: float | None, proxy: str | None) -> dict[str, Any]:
    meta: dict[str, Any] = {"download_slot": host_key(url)}
    if delay_s is not None:
        meta["delay_s"] = delay_s
    if proxy:
        meta["proxy"] = proxy
    return meta
