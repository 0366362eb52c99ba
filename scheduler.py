"""When: the clock that keeps filling the crawl's queue with what is due.

    python scheduler.py        the same as `broadtape run`

The clock decides nothing. Every tick it asks the database which feeds and which postponed
entries are due, and queues those that are not under way; the crawl stays open between
ticks, so that one host's manners hold across them and a slow host delays no other.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.health import Health
from crawler.process import Job, crawl
from pipelines.tidy import tidy
from pipelines.visits import due_visits

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from crawler.config import Config
    from crawler.session import Session
    from pipelines.database import Database
    from pipelines.items import Feed

# At most so many entries of an earlier run are taken up in one tick.
BACKLOG = 500
# Of more texts past their time than that, the rest goes the next day; `db prune` takes all.
TEXTS_A_DAY = 5_000


def run(
    config: Config,
    database: Database,
    catalogue: Sequence[Feed],
    tick_s: float,
    listeners: Sequence[Callable[[str], None]] = (),
    http: socket.socket | None = None,
) -> None:
    """Crawl whatever is due, every `tick_s` seconds, until told to stop by a signal.

    On `http`, a listening socket, it answers how it is (`crawler.health`).
    """
    clock: AsyncIOScheduler | None = None

    def fill(session: Session) -> None:
        nonlocal clock
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        clock = AsyncIOScheduler(event_loop=asyncio.get_event_loop(), timezone=UTC)
        clock.add_job(
            queue_what_is_due,
            "interval",
            args=(session,),
            seconds=tick_s,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        clock.add_job(tidy_up, "interval", args=(session,), days=1, next_run_time=datetime.now(UTC))
        clock.start()
        if http is not None:
            clock.add_job(Health(session, tick_s).serve, args=(http,))

    try:
        crawl(config, database, catalogue, Job(kind="run"), fill, listeners)
    finally:
        if clock is not None and clock.running:
            clock.shutdown(wait=False)


async def queue_what_is_due(session: Session) -> None:
    """One tick: queue due feeds, entries whose next attempt is due, pages due again.

    A coroutine, so that it runs on the crawl's own event loop and thread.
    """
    now = datetime.now(UTC)
    try:
        session.enqueue(session.database.feeds.due(now))
        session.enqueue(session.database.entries.pending(now, limit=BACKLOG))
        session.enqueue(due_visits(session.database, now, limit=BACKLOG))
        session.ticked_at = now
    except Exception as error:
        session.fail(error)


async def tidy_up(session: Session) -> None:
    """Once a day: forget what is past its time."""
    try:
        kept = session.config.retention
        tidy(
            session.database,
            datetime.now(UTC),
            polls_kept_s=kept.polls,
            texts_kept_s=kept.text,
            most_texts=TEXTS_A_DAY,
        )
    except Exception as error:
        session.fail(error)


if __name__ == "__main__":
    from crawler.cli import main

    main(["run", *sys.argv[1:]])
