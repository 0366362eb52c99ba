"""Several feeds list one article: whether an entry adds anything to what is told of it.

A page is read for the first entry that leads to it. Another one is a sighting of the same
article, and no reason to ask the publisher for the page again, unless it promises something:

    a second item of one feed at one address, a withdrawn article, an entry of another article
    more text than is stored
    listed after the page was read, with a date or a title that is news
    changed after the page was asked for, and not to what it was asked for an hour ago or less
    a page that was read over a day ago, and is not looked at soon; a wall, over an hour ago

When a page is looked at again is decided by the article's age and its source's record
(`pipelines.revisiting`), not by how many feeds list it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

from pipelines.attempts import WAITS
from pipelines.extract.status import outweighs, weigh
from pipelines.identity import entry_hash, fold
from pipelines.revisiting import claims_no_more, has_moved

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.database.told import Postponed
    from pipelines.items import Entry, PendingEntry, Told
    from pipelines.turns import Turn

# What was read, or will be, within so long is not asked for because one more feed lists it.
FRESH = timedelta(days=1)
# A page that was refused, walled or empty may be open to the next who asks; not at once.
CLOSED = timedelta(hours=1)
# The record's times are in whole seconds: what it has at 08:00:00 came before 08:00:01.
A_SECOND = timedelta(seconds=1)

_TAG = re.compile("<[^<>]*>")


def adds_nothing(pending: PendingEntry, told: Told, now: datetime) -> bool:
    """Whether the entry is one more sighting of an article, whose page need not be asked for."""
    if pending.article_id not in (None, told.article_id):
        return False
    if pending.visit is not None:
        return _was_looked_at(pending.entry, told, now)
    if told.withdrawn or pending.feed_id in told.feeds or brings_more(pending.entry, told):
        return False
    if told.status != "full" and now - told.read_at > CLOSED:
        return False
    if pending.may_have_changed:
        return pending.last_seen_at + A_SECOND <= told.asked_at or _was_announced(pending, told)
    if pending.last_seen_at <= told.read_at:
        return True
    return _is_fresh(told, now) and not _is_news(pending.entry, told)


def brings_more(entry: Entry, told: Told) -> bool:
    """Whether the entry's own text may take the place of what is stored."""
    own, stored = _weight(entry.content), weigh(told.text)
    if told.status != "summary":
        return outweighs(own, stored)
    if not entry.content and _is_among(entry.summary, told.summaries):
        return False
    return max(own, weigh(entry.summary or "")) > stored


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


def wait_with_others(database: Database, pending: PendingEntry, source: str, now: datetime) -> bool:
    """Let a new entry share the next attempt, and those made, at a page that failed just now.

    Returns whether it does: within the first wait only, for a new listing may be good news.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    if pending.attempts or pending.article_id is not None or not pending.entry.link:
        return False
    others = database.told.postponed(pending.entry.link, source)
    soon = [other for other in others if now < other.next_try_at <= now + WAITS[0]]
    if not soon:
        return False
    first = min(soon, key=lambda other: other.next_try_at)
    with database.transaction():
        database.entries.postpone(pending.id, first.reason, first.next_try_at, count=first.attempts)
    return True


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


def _was_looked_at(entry: Entry, told: Told, now: datetime) -> bool:
    """Whether a reading that was made meanwhile is as good as the look."""
    if told.due_at is not None and told.due_at <= now:
        return False
    return entry.dated_at is None or entry.dated_at <= told.read_at


def _was_announced(pending: PendingEntry, told: Told) -> bool:
    """Whether the page was just read because another feed had come to say the same."""
    return any(
        known.entry_hash == pending.entry_hash
        and claims_no_more(pending.entry.dated_at, known, pending.last_seen_at)
        for known in told.announced
        if known.entry_hash
    )


def _is_fresh(told: Told, now: datetime) -> bool:
    looked_at = told.due_at is not None and abs(told.due_at - now) < FRESH
    return looked_at or now - told.read_at < FRESH


def _is_news(entry: Entry, told: Told) -> bool:
    """Whether an entry that came after the page was read claims what no sighting has."""
    if entry.title and not _is_among(entry.title, told.titles):
        return True
    claimed = entry.dated_at
    if claimed is None or claimed <= told.read_at:
        return False
    return told.claimed_at is None or has_moved(told.claimed_at, claimed)


def _is_among(text: str | None, known: Iterable[str]) -> bool:
    return fold(text or "") in map(fold, known)


def _weight(content: str | None) -> int:
    """Weigh the text of a feed's markup, without parsing it: rather too much than too little."""
    return weigh(" ".join(unescape(_TAG.sub(" ", content)).split())) if content else 0
