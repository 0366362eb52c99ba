"""Several feeds list one article: whether an entry adds anything to what is told of it. Pure.

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
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

from pipelines.attempts import CLOSED
from pipelines.extract.status import outweighs, weigh
from pipelines.identity import fold
from pipelines.revisiting import claims_no_more, has_moved

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.database.told import Refused
    from pipelines.items import Entry, PendingEntry, Told

# What was read, or will be, within so long is not asked for because one more feed lists it.
FRESH = timedelta(days=1)
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


def says_no_more(pending: PendingEntry, refused: Iterable[Refused]) -> bool:
    """Whether an entry is no reason to try a page again that was just refused to others.

    A second item of one feed is one, and a title or a later date that none of them had.
    """
    others = list(refused)
    if pending.feed_id in {other.feed_id for other in others}:
        return False
    if pending.entry.title and not _is_among(pending.entry.title, (o.title for o in others)):
        return False
    claimed, dates = pending.entry.dated_at, [o.claimed_at for o in others if o.claimed_at]
    return claimed is None or (bool(dates) and not has_moved(max(dates), claimed))


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


def _is_among(text: str | None, known: Iterable[str | None]) -> bool:
    return fold(text or "") in (fold(each or "") for each in known)


def _weight(content: str | None) -> int:
    """Weigh the text of a feed's markup, without parsing it: rather too much than too little."""
    return weigh(" ".join(unescape(_TAG.sub(" ", content)).split())) if content else 0
