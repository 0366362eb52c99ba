"""What entries that lead to one page share: its reading, the next attempt at it, its failure.

    read already          a sighting of the article           `settle_as_sighting`
    to be tried again     waits for the same attempt          `wait_with_others`
    failed just now       fails, or falls back on its own     `share_failure`

Those of different sources share it too, where they would ask for it alike (`Source.reading`): the
record is as if each had asked. The article is of the source that it was first read for, and each
sighting of its feed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

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
    from pipelines.items import PendingEntry, Reading, Source, Told
    from pipelines.turns import Address, Turn


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of an entry whose page was not asked for; and why, where it is no sighting."""

    outcome: Settled | Literal["sighted"]
    reason: str = ""


class Sources(Protocol):
    """Whose a feed is."""

    def __call__(self, feed_id: int) -> tuple[Source, str]:
        """The source of a feed, and the feed's name."""


def settle_without_page(
    database: Database, pending: PendingEntry, address: Address, source_of: Sources, now: datetime
) -> Shared | None:
    """Settle an entry by what others brought; None if its page is to be asked for.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    told = told_at(database, pending, address, source_of)
    if settle_as_sighting(database, pending, told, now):
        return Shared("sighted")
    return share_failure(database, pending, told, source_of, now) or wait_with_others(
        database, pending, source_of, now
    )


def told_at(
    database: Database, pending: PendingEntry, address: Address, source_of: Sources
) -> Told | None:
    """What is told of the article at an entry's address, if a source listed it that reads alike."""
    told, (source, _) = database.told.at(address.url_key), source_of(pending.feed_id)
    if told is None or told.source == source.name:
        return told
    alike = any(_reads_as(address.reading, feed_id, source_of) for feed_id in told.feeds)
    return _of_a_page(told) if alike else None


def _of_a_page(told: Told) -> Told | None:
    """What is told to other sources: a feed's own words in place of its page are no reading."""
    return None if told.status == "summary" else told


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
            database.outcomes.done(pending, told.article_id, keep=keep, count=0)
    return True


def share_failure(
    database: Database,
    pending: PendingEntry,
    told: Told | None,
    source_of: Sources,
    now: datetime,
) -> Shared | None:
    """Let a new entry share the failure of a page that was just not to be had for others.

    What becomes of it is what would have, had the page been asked for again: the feed's own
    text is stored where there is one, unless the page does not exist.
    """
    if pending.attempts or pending.may_have_changed or not pending.entry.link:
        return None
    if told is not None and told.status != "summary":  # it was to be had later, or before
        return None
    source, _ = source_of(pending.feed_id)
    refused = [
        other
        for other in database.told.refused(pending.entry.link, now)
        if _reads_as(source.reading, other.feed_id, source_of)
    ]
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
    database: Database, pending: PendingEntry, source_of: Sources, now: datetime
) -> Shared | None:
    """Let a new entry share the next attempt, and those made, at a page that failed just now.

    Within the first wait only, for a new listing may be good news.
    """
    if pending.attempts or pending.article_id is not None or not pending.entry.link:
        return None
    source, _ = source_of(pending.feed_id)
    soon = [
        other
        for other in database.told.postponed(pending.entry.link)
        if now < other.next_try_at <= now + WAITS[0]
        and _reads_as(source.reading, other.feed_id, source_of)
    ]
    if not soon:
        return None
    first = min(soon, key=lambda other: other.next_try_at)
    with database.transaction():
        database.outcomes.postpone(
            pending.id, first.reason, first.next_try_at, count=first.attempts
        )
    return Shared("waiting", first.reason)


def as_listed_now(database: Database, pending: PendingEntry) -> PendingEntry | None:
    """An entry that has waited, as its feed has changed it since; None if it is settled."""
    listed = next(iter(database.entries.by_id([pending.id])), None)
    same = listed is not None and entry_hash(listed.entry) == entry_hash(pending.entry)
    return pending if same else listed


def told_after(
    database: Database,
    pending: PendingEntry,
    turn: Turn,
    waiting: PendingEntry,
    source_of: Sources,
    read_at: datetime | None,
) -> Told | None:
    """What one who waited for an entry's page is told, now that it is settled.

    `read_at`: when the page answered that was read; None if none was.
    """
    told = database.told.by(pending.id)
    if told is None:
        return told_at(database, waiting, turn.address, source_of)
    if read_at is not None:
        return replace(told, read_at=read_at, asked_at=turn.begun_at)
    source, _ = source_of(waiting.feed_id)
    return told if told.source == source.name else _of_a_page(told)


def seen_first(
    database: Database,
    pending: PendingEntry,
    waiting: Iterable[PendingEntry],
    source_of: Sources,
) -> PendingEntry:
    """The entry, first seen when the first of its source that leads to its page was.

    `waiting` are those that wait for its page; those that are to be tried again count too.
    """
    if pending.article_id is not None or pending.shares_link or not pending.entry.link:
        return pending
    others: list[PendingEntry | Postponed] = [*waiting]
    others += database.told.postponed(pending.entry.link)
    source, _ = source_of(pending.feed_id)
    sights = [
        (other.first_seen_at, other.arrival)
        for other in others
        if source_of(other.feed_id)[0].name == source.name
    ]
    first_seen_at, arrival = min(
        sights, key=lambda sight: sight[0], default=(pending.first_seen_at, pending.arrival)
    )
    if first_seen_at >= pending.first_seen_at:
        return pending
    return replace(pending, first_seen_at=first_seen_at, arrival=arrival)


def _reads_as(reading: Reading, feed_id: int, source_of: Sources) -> bool:
    source, _ = source_of(feed_id)
    return source.reading == reading
