"""What is told of an article: its latest revision, its next look, and all its sightings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.database.announcements import DATED
from pipelines.database.rows import from_cell, split, to_cell
from pipelines.instants import from_text
from pipelines.items import Told
from pipelines.urls import key_hash

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from pipelines.database.announcements import Announcements
    from pipelines.items import Arrival

# A page that answered was asked for no earlier than this before.
LONGEST_ANSWER = timedelta(minutes=1)

_TOLD = (
    "SELECT i.id, i.source, r.status, r.text, r.flags, r.title, r.original_title, r.seen_at,"
    " v.due_at, v.entry_id FROM identities AS i JOIN revisions AS r ON r.seq = i.latest_seq"
    " LEFT JOIN visits AS v ON v.article_id = i.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """An entry whose page is to be tried again, and why."""

    feed_id: int
    first_seen_at: datetime
    arrival: Arrival
    attempts: int
    next_try_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What an entry says whose page was not to be had, why not, and until when that is shared."""

    feed_id: int
    title: str | None
    claimed_at: datetime | None
    reason: str
    until: datetime


class Tellings:
    """What the entries that lead to one page say together, and what came of it."""

    def __init__(self, connection: sqlite3.Connection, announcements: Announcements) -> None:
        self._connection = connection
        self._announcements = announcements

    def at(self, url_key: str) -> Told | None:
        """The article that this address leads to, and what is told of it."""
        row = self._connection.execute(
            f"{_TOLD} JOIN url_keys AS u ON u.article_id = i.id WHERE u.hash = ?",
            (key_hash(url_key),),
        ).fetchone()
        return self._read(row) if row else None

    def by(self, entry_id: int) -> Told | None:
        """The article that an entry was found to be, and what is told of it; None if of none."""
        row = self._connection.execute(
            f"{_TOLD} JOIN entries AS e ON e.article_id = i.id WHERE e.id = ? AND e.state = 'done'",
            (entry_id,),
        ).fetchone()
        return self._read(row) if row else None

    def postponed(self, link: str) -> list[Postponed]:
        """The entries whose page, at this link, is to be tried again."""
        rows = self._connection.execute(
            "SELECT feed_id, first_seen_at, arrival, attempts, next_try_at, last_error"
            " FROM entries WHERE state = 'pending' AND next_try_at > '' AND link = ?",
            (link,),
        )
        return [
            Postponed(
                feed_id=row["feed_id"],
                first_seen_at=from_text(row["first_seen_at"]),
                arrival=row["arrival"],
                attempts=row["attempts"],
                next_try_at=from_text(row["next_try_at"]),
                reason=row["last_error"] or "",
            )
            for row in rows
        ]

    def refused(self, link: str, now: datetime) -> list[Refused]:
        """The entries whose page, at this link, was just not to be had."""
        rows = self._connection.execute(
            f"SELECT feed_id, title, last_error, next_try_at, {DATED} AS claimed_at FROM entries"  # noqa: S608 - SQL of ours
            " WHERE state <> 'pending' AND next_try_at > ? AND link = ?",
            (to_cell(now), link),
        )
        return [
            Refused(
                feed_id=row["feed_id"],
                title=row["title"],
                claimed_at=from_cell(row["claimed_at"]),
                reason=row["last_error"] or "",
                until=from_text(row["next_try_at"]),
            )
            for row in rows
        ]

    def _read(self, row: sqlite3.Row) -> Told:
        sightings = self._connection.execute(
            "SELECT feed_id, title, summary, published_at, updated_at FROM entries"
            " WHERE article_id = ? AND state = 'done'",
            (row["id"],),
        ).fetchall()
        titles = {row["title"], row["original_title"], *(seen["title"] for seen in sightings)}
        dates = {seen[name] for seen in sightings for name in ("published_at", "updated_at")}
        read_at = from_text(row["seen_at"])
        return Told(
            article_id=row["id"],
            source=row["source"],
            status=row["status"],
            text=row["text"],
            read_at=read_at,
            asked_at=read_at - LONGEST_ANSWER,
            withdrawn=row["status"] == "gone" or "withdrawn" in split(row["flags"]),
            due_at=from_cell(row["due_at"]),
            looked_through=row["entry_id"],
            feeds=frozenset(seen["feed_id"] for seen in sightings),
            titles=frozenset(filter(None, titles)),
            summaries=frozenset(seen["summary"] or "" for seen in sightings),
            claimed_at=from_cell(max(filter(None, dates), default=None)),
            announced=self._announcements.of(row["id"]),
        )
