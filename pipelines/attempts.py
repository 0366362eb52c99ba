"""What becomes of an entry whose page was not to be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pipelines.extract import from_entry
from pipelines.items import Article, Extracted, Hints
from pipelines.store import store

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.items import Failure, PendingEntry, Source

# Waits before the second, third and fourth attempt; after that the entry is settled.
WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))

# A page that was refused, walled or empty may be open to the next who asks; not at once.
CLOSED = timedelta(hours=1)
# The server says that there is no such page.
GONE = (404, 410)

Settled = Literal["stored", "failed", "waiting"]


def was_gone(reason: str) -> bool:
    """Whether a page failed because there is none."""
    return reason in {f"HTTP {status}" for status in GONE}


def settle_failure(
    database: Database,
    pending: PendingEntry,
    source: Source,
    failure: Failure,
    now: datetime,
    *,
    gone: bool = False,
    retry_at: datetime | None = None,
    shared_until: datetime | None = None,
) -> Settled:
    """Try again later, fall back on the feed's own text, or give up with the reason kept.

    `gone`: the server says the page does not exist (404, 410): an article stored earlier is
    marked withdrawn, and one never seen is not made up from its teaser. `retry_at`: the
    host asked to be left alone until then; that is nobody's failure and counts no attempt.
    `shared_until`: it is the failure of an earlier attempt, which is shared until then.
    """
    if retry_at is not None:
        with database.transaction():
            database.outcomes.postpone(pending.id, failure.reason, retry_at, count=0)
        return "waiting"
    if not failure.final and pending.attempts < len(WAITS):
        with database.transaction():
            database.outcomes.postpone(pending.id, failure.reason, now + WAITS[pending.attempts])
        return "waiting"
    until = shared_until or (None if pending.shares_link or failure.ours else now + CLOSED)
    article = _stand_in(database, pending, source, gone, now)
    if article is None:
        with database.transaction():
            database.outcomes.give_up(
                pending.id, failure.reason, until=until, entry_hash=pending.entry_hash
            )
        return "failed"
    extracted = Extracted(
        pending=pending,
        source=source.name,
        article=article,
        final_url=article.url,
        fetched_at=now,
        note=failure.reason,
        refused_until=until,
    )
    store(database, extracted, now)
    return "stored"


def _stand_in(
    database: Database, pending: PendingEntry, source: Source, gone: bool, now: datetime
) -> Article | None:
    """What is stored in the page's place, if anything."""
    if gone:
        held = database.articles.get(pending.article_id) if pending.article_id else None
        return Article(url=held.url, title=held.title, status="gone") if held else None
    entry = pending.entry
    if not (entry.summary or entry.content or pending.shares_link):
        return None
    article = from_entry(Hints(source=source, entry=entry), now)
    if pending.shares_link:  # an address of its own, that leads to the page it shares
        return replace(article, url=f"{article.url}#/{pending.key}")
    return replace(article, url=article.url or f"{source.domain}#{pending.key}")
