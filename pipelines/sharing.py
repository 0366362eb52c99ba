"""What entries that lead to one page share: its reading, the next attempt at it, its failure.

read already          a sighting of the article           `settle_as_sighting`
to be tried again     waits for the same attempt          `wait_with_others`
failed just now       fails, or falls back on its own     `share_failure`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pipelines.attempts import WAITS, settle_failure, was_gone
from pipelines.identity import entry_hash
from pipelines.items import Failure
from pipelines.sightings import adds_nothing, says_no_more

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.attempts import Settled
    from pipelines.database import Database
    from pipelines.database.told import Postponed
    from pipelines.items import PendingEntry, Source, Told
    from pipelines.turns import Address, Turn


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of an entry whose page was not asked for; and why, where it is no sighting."""

    outcome: Settled | Literal["sighted"]
    reason: str = ""


def settle_without_page(
    database: Database, pending: PendingEntry, address: Address, source: Source, now: datetime
) -> Shared | None:
    """Settle an entry by what others brought; None if its page is to be asked for.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    told = database.told.at(address.url_key, address.source)
    if settle_as_sighting(database, pending, told, now):
        return Shared("sighted")
    return share_failure(database, pending, source, told, now) or wait_with_others(
        database, pending, source.name, now
    )


def settle_as_sighting(
    database: Database, pending: PendingEntry, told: Told | None, now: datetime
) -> bool:
    """Close an entry that adds nothing to what is told; whether it was one.

    Of a look that another reading has made needless nothing is written.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    if told is None or not adds_nothing(pending, told, now):
        return False
    if pending.visit is None:
        keep = told.looked_through == pending.id
        with database.transaction():
            database.entries.done(pending, told.article_id, keep=keep, count=0)
    return True


def share_failure(
    database: Database, pending: PendingEntry, source: Source, told: Told | None, now: datetime
) -> Shared | None:
    """Let a new entry share the failure of a page that was just not to be had for others.

    What becomes of it is what would have, had the page been asked for again: the feed's own
    text is stored where there is one, unless the page does not exist.
    """
    if pending.attempts or pending.may_have_changed or not pending.entry.link:
        return None
    if told is not None and told.withdrawn:
        return None
    refused = database.told.refused(pending.entry.link, source.name, now)
    if not refused or not says_no_more(pending, refused):
        return None
    first = min(refused, key=lambda each: each.until)
    outcome = settle_failure(
        database,
        pending,
        source,
        Failure(reason=first.reason, final=True),
        now,
        gone=was_gone(first.reason),
        shared_until=first.until,
    )
    return Shared(outcome, first.reason)


def wait_with_others(
    database: Database, pending: PendingEntry, source: str, now: datetime
) -> Shared | None:
    """Let a new entry share the next attempt, and those made, at a page that failed just now.

    Within the first wait only, for a new listing may be good news.
    """
    if pending.attempts or pending.article_id is not None or not pending.entry.link:
        return None
    others = database.told.postponed(pending.entry.link, source)
    soon = [other for other in others if now < other.next_try_at <= now + WAITS[0]]
    if not soon:
        return None
    first = min(soon, key=lambda other: other.next_try_at)
    with database.transaction():
        database.entries.postpone(pending.id, first.reason, first.next_try_at, count=first.attempts)
    return Shared("waiting", first.reason)


def as_listed_now(database: Database, pending: PendingEntry) -> PendingEntry | None:
    """An entry that has waited, as its feed has changed it since; None if it is settled."""
    listed = next(iter(database.entries.by_id([pending.id])), None)
    same = listed is not None and entry_hash(listed.entry) == entry_hash(pending.entry)
    return pending if same else listed


def told_after(
    database: Database, pending: PendingEntry, turn: Turn, read_at: datetime | None
) -> Told | None:
    """What those who waited for an entry's page are told, now that it is settled.

    `read_at`: when the page answered that was read; None if none was.
    """
    told = database.told.by(pending.id)
    if told is None:
        return database.told.at(turn.address.url_key, turn.address.source)
    if read_at is None:
        return told
    return replace(told, read_at=read_at, asked_at=turn.begun_at)


def seen_first(
    database: Database, pending: PendingEntry, source: str, waiting: Iterable[PendingEntry]
) -> PendingEntry:
    """The entry, first seen when the first that leads to its page was.

    `waiting` are those that wait for its page; those that are to be tried again count too.
    """
    if pending.article_id is not None or pending.shares_link or not pending.entry.link:
        return pending
    others: list[PendingEntry | Postponed] = [*waiting]
    others += database.told.postponed(pending.entry.link, source)
    sights = [(other.first_seen_at, other.arrival) for other in others]
    first_seen_at, arrival = min(
        sights, key=lambda sight: sight[0], default=(pending.first_seen_at, pending.arrival)
    )
    if first_seen_at >= pending.first_seen_at:
        return pending
    return replace(pending, first_seen_at=first_seen_at, arrival=arrival)
