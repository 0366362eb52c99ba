"""Looking at stored pages again: what is due, what a look has taught, and when the next is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pipelines.habits import Look
from pipelines.instants import from_text
from pipelines.items import Visit
from pipelines.revisiting import (
    asks_whole,
    at_once,
    claims_no_more,
    has_moved,
    next_visit,
    occasion_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.habits import Habits, Occasion
    from pipelines.items import Entry, Failure, PendingEntry

# What a reading came to: a revision (worth what), the same, or "not modified".
Found = Literal["same", "cosmetic", "material", "unmodified"]

# Waits after a look that failed; after the last, the page is left to its next planned look.
WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


def due_visits(
    database: Database, now: datetime, limit: int = -1, among: Sequence[int] | None = None
) -> list[PendingEntry]:
    """List the entries (all, or of those `among`) whose stored page is due again, and how."""
    known: dict[str, Habits] = {}
    found = []
    for pending in database.visits.due(now, limit, among):
        visit = pending.visit or Visit()
        article_id = pending.article_id or 0
        source = database.visits.source_of(article_id)
        if source not in known:
            known[source] = database.visits.habits(source)
        occasion = _occasion(visit, now - pending.first_seen_at)
        whole = asks_whole(known[source], occasion, article_id)
        found.append(replace(pending, visit=replace(visit, whole=whole)))
    return found


def look_at_moved(
    database: Database, source: str, moved: Mapping[int, Entry], known: int, now: datetime
) -> list[PendingEntry]:
    """Bring forward the looks that a feed's moved dates call for; returns what is to be asked.

    Within the caller's transaction. `moved` are entries by id, of the `known` ones of a document.
    A date for which the page was read already, because another feed gave it, calls for none.
    """
    habits = database.visits.habits(source)
    if not moved or not at_once(moved=len(moved), known=known, habits=habits):
        return []
    news = {i: entry for i, entry in moved.items() if not _was_announced(database, i, entry, now)}
    for entry_id, entry in news.items():
        database.entries.keep_whole(entry_id, entry)
    database.visits.hasten(list(news), now)
    return due_visits(database, now, among=list(news))


def _was_announced(database: Database, entry_id: int, entry: Entry, now: datetime) -> bool:
    known = database.announcements.of_entry(entry_id)
    return any(claims_no_more(entry.dated_at, each, now) for each in known)


def plan_visit(
    database: Database,
    pending: PendingEntry,
    article_id: int,
    now: datetime,
    visit: Visit,
    *,
    found: Found = "same",
) -> bool:
    """Keep what a reading of the page has taught, and say when the article is looked at again.

    Within the caller's transaction. `visit` has the validators of the page just read. Returns
    whether there is a next look; a page without an address, or of an archive, has none.
    """
    held = database.articles.get(article_id)
    due = None
    if held is not None and pending.entry.link and pending.arrival != "backfill":
        first_seen = from_text(held.first_seen_at)
        habits = _learn(database, pending, held.source, visit, now - first_seen, found)
        due = next_visit(
            first_seen,
            now,
            article_id=article_id,
            edits=database.visits.edits(article_id),
            flags=held.flags,
            status=held.status,
            has_validators=_has_validators(visit),
            habits=habits,
        )
    moved = _has_moved_meanwhile(database, pending, article_id)
    if moved:
        due = now
    if due is None:
        database.visits.end(article_id)
        return False
    kept = Visit(etag=visit.etag, last_modified=visit.last_modified, moved=moved)
    database.visits.plan(article_id, pending.id, due, kept)
    return True


def _has_moved_meanwhile(database: Database, pending: PendingEntry, article_id: int) -> bool:
    """Whether a look was called for by a date that came when the page had been asked for."""
    waits = database.visits.of(article_id)
    if waits is None or not waits.moved:
        return False
    return has_moved(pending.claimed_at, database.announcements.claimed_at(article_id))


def settle_unchanged(database: Database, pending: PendingEntry, now: datetime) -> None:
    """The server says that the page is as it was: nothing is written but the next look."""
    with database.transaction():
        if pending.article_id is not None:
            visit = pending.visit or Visit()
            plan_visit(database, pending, pending.article_id, now, visit, found="unmodified")
            database.announcements.note_reading(pending.article_id, pending, now)


def settle_missed(
    database: Database,
    pending: PendingEntry,
    failure: Failure,
    now: datetime,
    retry_at: datetime | None = None,
) -> None:
    """A look brought no page: what is stored stays, and the page is tried again or left.

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
            missed = replace(pending, visit=None, article_id=None)
            plan_visit(database, missed, pending.article_id, now, visit)


def _learn(
    database: Database,
    pending: PendingEntry,
    source: str,
    visit: Visit,
    age: timedelta,
    found: Found,
) -> Habits:
    """Add what was found to the source's record; a first reading teaches nothing."""
    habits = database.visits.habits(source)
    if pending.article_id is None:
        return habits
    # The feed said that the entry changed: the page was asked for whole.
    asked = pending.visit or Visit(whole=True)
    before = pending.visit or database.visits.of(pending.article_id) or Visit()
    occasion: Occasion = _occasion(asked, age) if pending.visit else "changed"
    # A heading more or less may be the page's furniture, and is no evidence of a lie.
    moved = _validators_moved(before, visit) if found == "material" else None
    look = Look(
        changed=found in ("cosmetic", "material"),
        conditional=_has_validators(asked) and not asked.whole,
        unmodified=found == "unmodified",
        validators_moved=moved,
    )
    habits = habits.with_look(occasion, look)
    database.visits.keep_record(source, occasion, habits.of(occasion))
    return habits


def _occasion(visit: Visit, age: timedelta) -> Occasion:
    return "moved" if visit.moved else occasion_of(age)


def _has_validators(visit: Visit) -> bool:
    return bool(visit.etag or visit.last_modified)


def _validators_moved(before: Visit, after: Visit) -> bool | None:
    """Compare as a server would (RFC 9110 §13.2.2): by the ETag where there is one."""
    if before.etag and after.etag:
        return before.etag != after.etag
    if before.last_modified and after.last_modified:
        return before.last_modified != after.last_modified
    return None
