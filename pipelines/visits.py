"""Looking at stored pages again: the plan after each visit, and visits that bring no page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.instants import from_text
from pipelines.items import Visit
from pipelines.revisiting import next_visit

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.items import Failure, PendingEntry

# Waits after a visit that failed; after the last, the page is left to its next planned visit.
WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


def plan_visit(
    database: Database, pending: PendingEntry, article_id: int, now: datetime, visit: Visit
) -> bool:
    """Say when the article is looked at again, within the caller's transaction.

    `visit` has the validators of the page just read. Returns whether there is a next visit;
    a page without an address, or of an archive, has none.
    """
    held = database.articles.get(article_id)
    due = None
    if held is not None and pending.entry.link and pending.arrival != "backfill":
        due = next_visit(
            from_text(held.first_seen_at),
            now,
            article_id=article_id,
            revisions=held.revision,
            flags=held.flags,
            status=held.status,
        )
    if due is None:
        database.visits.end(article_id)
        return False
    database.visits.plan(article_id, pending.id, due, replace(visit, attempts=0))
    return True


def settle_unchanged(database: Database, pending: PendingEntry, now: datetime) -> None:
    """The server says that the page is as it was: nothing is written but the next visit."""
    with database.transaction():
        if pending.article_id is not None:
            plan_visit(database, pending, pending.article_id, now, pending.visit or Visit())


def settle_missed(
    database: Database,
    pending: PendingEntry,
    failure: Failure,
    now: datetime,
    retry_at: datetime | None = None,
) -> None:
    """A visit brought no page: what is stored stays, and the page is tried again or left.

    `retry_at`: the host asked to be left alone until then; that counts no attempt.
    """
    visit = pending.visit or Visit()
    if pending.article_id is None:
        return
    with database.transaction():
        if retry_at is not None:
            database.visits.plan(pending.article_id, pending.id, retry_at, visit)
        elif not failure.final and visit.attempts < len(WAITS):
            again = now + WAITS[visit.attempts]
            tried = replace(visit, attempts=visit.attempts + 1)
            database.visits.plan(pending.article_id, pending.id, again, tried)
        else:
            plan_visit(database, pending, pending.article_id, now, visit)
