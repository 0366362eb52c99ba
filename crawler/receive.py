"""A feed's response -> what it meant, written down: the entries, the poll, the next due time."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler import formats
from crawler.blocks import name_blocker
from crawler.headers import header
from crawler.parts import follow_parts
from crawler.polling import Limits, Poll, after_poll, read_answer, settled_move
from crawler.polling.poll import where_from
from pipelines.identity import distinct_entries, entry_hash, guids_are_weak, links_are_weak
from pipelines.items import Failure, FeedDocument, NotAFeed, Sighting
from pipelines.visits import look_at_moved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.http import Response

    from crawler.session import Session
    from pipelines.items import Arrival, Entry, FeedState, PendingEntry, WatchedFeed

GAP = timedelta(hours=24)
MAX_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class Received:
    """What a response was found to be, before anything is written."""

    poll: Poll
    document: FeedDocument | None = None


async def read_response(
    session: Session,
    watched: WatchedFeed,
    response: Response,
    fetch: Callable[[str], Awaitable[Response | Failure]],
) -> Received:
    """Judge a response: a document with entries, or the outcome it is instead.

    `fetch` gets the parts of a sitemap index.
    """
    redirected_to, permanent = where_from(response.url, response.request.meta)  # type: ignore[union-attr]
    base = Poll(
        outcome="error",
        answer=read_answer(response.status, response.headers),
        http_status=response.status,
        conditional=_was_conditional(response),
        redirected_to=redirected_to,
        permanent=permanent,
    )
    if response.status != 200:
        return Received(_refused(base, response))
    body_hash = hashlib.blake2b(response.body, digest_size=16).hexdigest()
    base = replace(base, body_hash=body_hash)
    if body_hash == watched.state.body_hash:
        return Received(
            replace(base, outcome="unchanged", entries=watched.state.memory.entries or 0)
        )
    result = await session.workers.run(
        formats.parse,
        response.body,
        url=response.url,
        feed=watched.feed,
        content_type=header(response, b"Content-Type"),
        fetched_at=datetime.now(UTC),
    )
    if isinstance(result, Failure):
        return Received(replace(base, error=f"cannot be read: {result.reason}", weight=0.5))
    if isinstance(result, NotAFeed):
        blocker = result.reason if result.outcome == "blocked" else None
        return Received(replace(base, outcome=result.outcome, error=result.reason, blocker=blocker))
    if result.more:
        result = await follow_parts(session, watched.feed, result, fetch)
        # An index may stay as it is while its parts change: it is never "not modified".
        base = replace(
            base, body_hash=None, answer=replace(base.answer, etag=None, last_modified=None)
        )
    if not result.entries:
        return Received(replace(base, outcome="empty", error="the feed lists no entries"))
    return Received(replace(base, outcome="no_news", hint_s=result.hint_s), result)


def record(
    session: Session,
    watched: WatchedFeed,
    received: Received,
    now: datetime,
    duration_ms: int | None = None,
) -> list[PendingEntry]:
    """Write everything a poll brought, and return the entries whose pages are to be had.

    Raises:
        DatabaseError: nothing was written.
    """
    database, poll = session.database, received.poll
    defects = received.document.defects if received.document else ()
    with database.transaction():
        ids: tuple[int, ...] = ()
        looks: list[PendingEntry] = []
        # Once weak, always weak: a key that changes its kind from poll to poll is no key.
        weak_guids = watched.state.memory.weak_guids
        if received.document is not None:
            entries = received.document.entries[:MAX_ENTRIES]
            weak_guids = weak_guids or guids_are_weak(
                entries, database.entries.guids_of_links(watched.id, entries)
            )
            sightings = _sightings(entries, trust_guids=not weak_guids)
            recorded = database.entries.record(
                watched.id, sightings, now, _arrival(watched.state, now)
            )
            ids = recorded.new + recorded.changed
            looks = look_at_moved(
                database, watched.feed.source.name, recorded.moved, recorded.known, now
            )
            poll = _counted(
                poll, received.document.entries, sightings, recorded.new, recorded.changed
            )
        state = after_poll(
            watched.state,
            poll,
            now,
            _limits(session, watched),
            random.random(),  # noqa: S311 - jitter
        )
        state = replace(state, memory=replace(state.memory, weak_guids=weak_guids))
        database.feeds.save_state(watched.id, state)
        if moved := settled_move(state):
            database.feeds.move(watched.id, moved)
        database.feeds.log_poll(
            watched.id,
            now,
            poll.outcome,
            http_status=poll.http_status,
            entries=poll.entries,
            new=poll.new,
            changed=poll.changed,
            duration_ms=duration_ms,
            error=poll.error or "; ".join(defects) or None,
        )
        pending = [*database.entries.by_id(ids), *looks]
    _tell(session, watched, poll)
    return pending


def _refused(poll: Poll, response: Response) -> Poll:
    status = response.status
    if status == 304:
        return replace(poll, outcome="not_modified")
    if status == 410:
        return replace(poll, outcome="gone", error="410 Gone")
    headers = {
        name.decode("latin-1"): (values[-1] if values else b"").decode("latin-1")
        for name, values in response.headers.items()
    }
    if blocker := name_blocker(status, headers, response.body):
        return replace(poll, outcome="blocked", blocker=blocker, error=f"refused by {blocker}")
    if status in (429, 503):
        return replace(poll, outcome="throttled", error=f"HTTP {status}")
    return replace(poll, outcome="error", error=f"HTTP {status}")


def _sightings(entries: tuple[Entry, ...], *, trust_guids: bool) -> list[Sighting]:
    keyed = distinct_entries(
        entries,
        trust_guids=trust_guids,
        trust_links=not links_are_weak(entries),
    )
    return [
        Sighting(entry=entry, key=key, key_kind=kind, entry_hash=entry_hash(entry))
        for (key, kind), entry in keyed.items()
    ]


def _arrival(state: FeedState, now: datetime) -> Arrival:
    """Bootstrap at the first successful poll, and after a time in which nobody looked."""
    if state.last_ok_at is None:
        return "bootstrap"
    unwatched = max(GAP, 3 * timedelta(seconds=state.interval_s or 0))
    return "bootstrap" if now - state.last_ok_at > unwatched else "live"


def _counted(
    poll: Poll,
    entries: tuple[Entry, ...],
    sightings: list[Sighting],
    new: tuple[int, ...],
    changed: tuple[int, ...],
) -> Poll:
    published = tuple(entry.published.at for entry in entries if entry.published)
    return replace(
        poll,
        outcome="new" if new or changed else "no_news",
        entries=len(sightings),
        new=len(new),
        changed=len(changed),
        published=published,
        oldest_was_new=bool(sightings) and len(new) == len(sightings),
    )


def _limits(session: Session, watched: WatchedFeed) -> Limits:
    config = session.config
    return Limits(
        floor_s=config.min_interval,
        ceiling_s=config.max_interval,
        min_interval_s=watched.feed.source.min_interval_s,
    )


def _was_conditional(response: Response) -> bool:
    headers = response.request.headers  # type: ignore[union-attr]
    return b"If-None-Match" in headers or b"If-Modified-Since" in headers


def _tell(session: Session, watched: WatchedFeed, poll: Poll) -> None:
    tally = session.ledger.tally(watched.id, watched.feed.name)
    session.ledger.outcomes[poll.outcome] += 1
    tally.outcome = poll.outcome
    tally.error = poll.error
    tally.entries, tally.new, tally.changed = poll.entries, poll.new, poll.changed
    detail = f" ({poll.error})" if poll.error else f": {poll.entries} entries, {poll.new} new"
    session.ledger.say(f"polled {watched.feed.name}: {poll.outcome}{detail}")
