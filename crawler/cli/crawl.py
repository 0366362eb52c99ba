"""`broadtape crawl` and `broadtape run`: the one-off and the daemon."""

from __future__ import annotations

import os
import random
import signal
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, print_table
from crawler.cli.progress import progress
from crawler.cli.types import ADDRESS, SECONDS

if TYPE_CHECKING:
    import socket
    from contextlib import AbstractContextManager

    from crawler.session import Session
    from pipelines.database import Database
    from pipelines.items import WatchedFeed
    from pipelines.ledger import Ledger


@click.command(
    epilog="""\b
Examples:
  broadtape crawl                    every enabled feed
  broadtape crawl --language zh --limit 50
  broadtape crawl https://example.com/rss.xml

Exit code 1: not one feed could be polled, or the database could not be written.
""",
)
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@click.option("--category", metavar="C", help="Only feeds of this category.")
@click.option("--region", metavar="R", help="Only feeds of this region (US, CN, EU ...).")
@click.option("--language", metavar="L", help="Only feeds in this language (zh, en ...).")
@click.option("--due", is_flag=True, help="Only feeds whose time has come.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Fetch at most N pages.")
@click.option("--no-pages", is_flag=True, help="Poll only; entries are left pending.")
@pass_context
def crawl(
    context: Context,
    feeds: tuple[str, ...],
    category: str | None,
    region: str | None,
    language: str | None,
    due: bool,
    limit: int | None,
    no_pages: bool,
) -> None:
    """Poll feeds once, fetch and store what is new.

    FEED is a feed's address, name, source or number; without one, every enabled feed is
    polled. Entries that an earlier crawl left pending are taken up first, and pages
    that are due to be looked at again.
    """
    from pipelines.ledger import Ledger
    from pipelines.symbols.names import check_names
    from pipelines.visits import due_visits

    catalogue = context.catalogue
    check_names(context.config.symbols)
    with context.open() as database:
        with database.transaction():
            database.feeds.sync(catalogue)
        chosen = _choose(database, feeds, category, region, language, due)

        def fill(session: Session) -> None:
            if not no_pages:
                session.enqueue(database.entries.pending(datetime.now(UTC)))
                session.enqueue(due_visits(database, datetime.now(UTC)))
            session.enqueue(random.sample(chosen, len(chosen)))
            session.close_queue()

        # Late, for it loads Scrapy: whatever is wrong with the above has been told by now.
        from crawler.process import Job
        from crawler.process import crawl as run_crawl

        _outlive_the_terminal()
        ledger = Ledger()
        job = Job(kind="crawl", with_pages=not no_pages, limit=limit)
        with progress(ledger) as listener:
            run_crawl(context.config, database, catalogue, job, fill, [listener], ledger)
    _close(ledger, chosen)


@click.command(
    epilog="""\b
Examples:
  broadtape run
  broadtape run --tick 1m --http 127.0.0.1:8321
""",
)
@click.option("--tick", type=SECONDS, default="30s", show_default=True, help="How often to look.")
@click.option(
    "--http",
    type=ADDRESS,
    metavar="HOST:PORT",
    help="Answer /healthz and /metrics there, such as 127.0.0.1:8321.",
)
@pass_context
def run(context: Context, tick: float, http: tuple[str, int] | None) -> None:
    """Crawl on a clock until stopped: the daemon.

    The first SIGTERM or Ctrl-C lets pages in flight be stored; a second one stops at once.
    With --http, /healthz answers 200 while it works and 503 with the reason when it does
    not; /metrics is for Prometheus. Whoever reaches the address can read both.
    """
    from pipelines.symbols.names import check_names

    catalogue = context.catalogue
    check_names(context.config.symbols)
    with context.open() as database, _listening(http) as listening:
        with database.transaction():
            database.feeds.sync(catalogue)
        watched = len(database.feeds.watched())
        import scheduler  # late, for it loads Scrapy

        LOG.info("watching %d feeds, looking every %g s; Ctrl-C stops", watched, tick)
        _outlive_the_terminal()
        scheduler.run(context.config, database, catalogue, tick, [LOG.info], listening)
    LOG.info("stopped; everything fetched is stored")


def _choose(
    database: Database,
    names: tuple[str, ...],
    category: str | None,
    region: str | None,
    language: str | None,
    due: bool,
) -> list[WatchedFeed]:
    from pipelines.errors import NotFound

    if names:
        found = []
        for name in names:
            matches = database.feeds.find(name)
            if not matches:
                raise NotFound(f"no feed {name!r}", "see `broadtape feeds list`")
            found += matches
    else:
        found = database.feeds.due(datetime.now(UTC)) if due else database.feeds.watched()
        found = [watched for watched in found if watched.state.state == "active"]
    chosen = [
        watched
        for watched in found
        if category in (None, watched.feed.category)
        and region in (None, watched.feed.source.region)
        and (language is None or (watched.feed.source.language or "").startswith(language))
    ]
    if not chosen and not due:
        raise NotFound("no feed to poll", "see `broadtape feeds list`")
    return list({watched.id: watched for watched in chosen}.values())


def _listening(http: tuple[str, int] | None) -> AbstractContextManager[socket.socket | None]:
    from pipelines.listening import listen

    return listen(*http, "--http") if http else nullcontext()


def _outlive_the_terminal() -> None:
    """A closing terminal is a polite request to stop, as SIGTERM is; not so under `nohup`."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _close(ledger: Ledger, chosen: list[WatchedFeed]) -> None:
    """The closing table, and the truth about how it went."""
    from pipelines.errors import NothingPolled

    tallies = [ledger.tallies[key] for key in sorted(ledger.tallies)]
    try:
        print_table(
            ("feed", "outcome", "entries", "new", "stored", "failed"),
            [
                (t.name, t.outcome or "not polled", t.entries, t.new, t.stored, t.failed)
                for t in tallies
            ],
            numbers=("entries", "new", "stored", "failed"),
        )
    except OSError:  # the terminal is gone; what was to be stored is stored
        return
    for tally in tallies:
        if tally.error and tally.outcome not in ("new", "no_news"):
            LOG.warning("%s: %s", tally.name, tally.error)
    fetched = sum(t.fetched for t in tallies)
    stored, failed = sum(t.stored for t in tallies), sum(t.failed for t in tallies)
    waiting = sum(t.waiting for t in tallies)
    later = f", {waiting} to be tried again" if waiting else ""
    if sighted := sum(t.sighted for t in tallies):
        later += f", {sighted} sightings of articles read already"
    LOG.info(
        "%d of %d feeds polled, %d pages fetched, %d stored, %d failed%s",
        ledger.answered, len(chosen), fetched, stored, failed, later,
    )  # fmt: skip
    if failed or waiting:
        LOG.info("`broadtape status --failed` lists the pages that failed, and why")
    if ledger.interrupted:
        LOG.info("stopped early; what is left is pending and taken up by the next crawl")
    elif ledger.polled and not ledger.answered:
        raise NothingPolled(
            f"none of {ledger.polled} feeds could be polled", "check the network, or see above"
        )
