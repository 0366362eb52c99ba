"""The one place that builds a crawl: settings, workers, database, spider, signals."""

from __future__ import annotations

import asyncio
import logging
import platform
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import __version__
from crawler.session import Session
from crawler.spiders.news import NewsSpider
from pipelines.ledger import Ledger
from pipelines.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from crawler.config import Config
    from pipelines.database import Database
    from pipelines.items import Feed

LOG = logging.getLogger("broadtape")
PRELOAD = ("pipelines.extract", "crawler.formats", "tldextract")
STOPPING = "stopping: what is on its way is stored first; a second Ctrl-C stops at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What kind of crawl it is, whether it fetches pages, and how many at most."""

    kind: Literal["crawl", "run"]
    with_pages: bool = True
    limit: int | None = None


def settings_for(config: Config) -> Settings:
    """Scrapy's settings with the user's configuration laid over them."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(
        {
            "USER_AGENT": config.user_agent,
            "DOWNLOAD_DELAY": config.delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": config.host_concurrency,
            "DOWNLOAD_TIMEOUT": config.page_timeout,
            "DOWNLOAD_MAXSIZE": config.max_body,
            "BROADTAPE_ALLOW_HOSTS": list(config.allow_hosts),
            "BROADTAPE_CONTACT": config.contact,
        },
        priority="cmdline",
    )
    return settings


def crawl(
    config: Config,
    database: Database,
    catalogue: Sequence[Feed],
    job: Job,
    fill: Callable[[Session], None],
    listeners: Sequence[Callable[[str], None]] = (),
    ledger: Ledger | None = None,
) -> Ledger:
    """Run a crawl to its end, and return what it did.

    `fill` is called once, on the crawl's event loop, when it can take tasks; it queues them
    and closes the queue, or keeps filling it (the daemon's clock). The first SIGTERM or
    SIGINT lets pages in flight be stored; a second one stops at once.

    Raises:
        DatabaseError: the record could not be written; what was stored before is kept.
    """
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    process = AsyncCrawlerProcess(settings_for(config))
    workers = Workers(config.worker_count, timeout_s=config.extract_timeout, preload=PRELOAD)
    session = Session(
        config=config,
        database=database,
        workers=workers,
        ledger=ledger or Ledger(),
        catalogue={feed.url: feed for feed in catalogue},
        with_pages=job.with_pages,
        page_limit=job.limit,
    )
    session.ledger.listeners.extend(listeners)
    loop = asyncio.get_event_loop()
    session.on_error = lambda: _end(process, loop)
    try:
        with _on_record(database, job.kind):
            fill(session)
            loop.call_soon(_heed, session.ledger, loop)  # when Scrapy's own handlers are there
            process.crawl(NewsSpider, session=session)
            process.start()
    finally:
        workers.stop()
    if session.error is not None:
        raise session.error
    return session.ledger


def _heed(ledger: Ledger, loop: asyncio.AbstractEventLoop) -> None:
    """Say at the first signal what it does, before Scrapy does it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        scrapys = signal.getsignal(number)

        def ours(number: int, frame: FrameType | None, scrapys: Any = scrapys) -> None:
            ledger.interrupted = True
            loop.call_soon_threadsafe(LOG.info, STOPPING)  # a handler may not write itself
            scrapys(number, frame)

        signal.signal(number, ours)


def _end(process: AsyncCrawlerProcess, loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(lambda: asyncio.ensure_future(_stop(process)))


async def _stop(process: Any) -> None:
    await process.stop()


@contextmanager
def _on_record(database: Database, kind: str) -> Iterator[None]:
    """Keep in the ledger of runs from when to when somebody was watching."""
    with database.transaction():
        run = database.feeds.begin_run(kind, platform.node(), __version__, datetime.now(UTC))
    try:
        yield
    finally:
        try:
            with database.transaction():
                database.feeds.end_run(run, datetime.now(UTC))
        except Exception:  # the disk may be full: the crawl's own error matters more
            logging.getLogger(__name__).debug("the end of run %s was not noted", run)
