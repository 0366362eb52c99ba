"""What is watched, what earlier polls taught of it, and the log of polls and runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import from_cell, to_cell, to_json
from pipelines.items import Feed, FeedState, PollMemory, PollOutcome, Source, WatchedFeed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

_UPSERT = """
INSERT INTO feeds (url, name, source, site, kind, category, language, region, timezone,
                   enabled, added_by)
VALUES (:url, :name, :source, :site, :kind, :category, :language, :region, :timezone,
        :enabled, :added_by)
ON CONFLICT (url) DO UPDATE SET
    name = excluded.name, source = excluded.source, site = excluded.site,
    kind = excluded.kind, category = excluded.category, language = excluded.language,
    region = excluded.region, timezone = excluded.timezone
"""


class Feeds:
    """The tables `feeds`, `polls` and `runs`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sync(self, catalogue: Iterable[Feed]) -> None:
        """Bring the table in line with the catalogue.

        A feed that the catalogue no longer lists is switched off, never deleted: its
        entries are part of the record. What the user added or removed by hand stays so.
        """
        feeds = list(catalogue)
        self._connection.execute("UPDATE feeds SET enabled = 0 WHERE added_by = 'catalogue'")
        for feed in feeds:
            self._connection.execute(
                _UPSERT
                + ", enabled = CASE added_by WHEN 'user' THEN enabled ELSE excluded.enabled END",
                _columns(feed, added_by="catalogue"),
            )

    def add(self, feed: Feed) -> int:
        """Watch a feed because the user said so; returns its id."""
        row = self._connection.execute(
            _UPSERT + ", enabled = 1, added_by = 'user' RETURNING id",
            _columns(feed, added_by="user"),
        ).fetchone()
        return int(row["id"])

    def remove(self, feed_id: int) -> None:
        """Stop watching a feed; what it brought stays."""
        self._connection.execute(
            "UPDATE feeds SET enabled = 0, added_by = 'user' WHERE id = ?", (feed_id,)
        )

    def set_state(self, feed_id: int, state: str) -> None:
        """Pause or resume a feed."""
        self._connection.execute("UPDATE feeds SET state = ? WHERE id = ?", (state, feed_id))

    def find(self, name: str) -> list[WatchedFeed]:
        """Feeds whose id, address, name or source is `name` (case aside), enabled or not."""
        rows = self._connection.execute(
            "SELECT * FROM feeds WHERE CAST(id AS TEXT) = :name OR url = :name"
            " OR lower(name) = lower(:name) OR lower(source) = lower(:name)"
            " OR site = lower(:name) ORDER BY id",
            {"name": name},
        )
        return [_watched(row) for row in rows]

    def watched(self, *, enabled_only: bool = True) -> list[WatchedFeed]:
        """Every feed, in catalogue order."""
        rows = self._connection.execute(
            "SELECT * FROM feeds WHERE enabled OR NOT ? ORDER BY id", (enabled_only,)
        )
        return [_watched(row) for row in rows]

    def due(self, now: datetime) -> list[WatchedFeed]:
        """Active feeds whose time has come, the longest overdue first."""
        rows = self._connection.execute(
            "SELECT * FROM feeds WHERE enabled AND state = 'active'"
            " AND (next_due_at IS NULL OR next_due_at <= ?) ORDER BY next_due_at, id",
            (to_cell(now),),
        )
        return [_watched(row) for row in rows]

    def get(self, feed_id: int) -> WatchedFeed:
        """The feed with this id, which must exist."""
        row = self._connection.execute("SELECT * FROM feeds WHERE id = ?", (feed_id,)).fetchone()
        return _watched(row)

    def save_state(self, feed_id: int, state: FeedState) -> None:
        """Keep what a poll taught. A pause that the user set meanwhile is kept."""
        self._connection.execute(
            "UPDATE feeds SET etag = :etag, last_modified = :last_modified,"
            " body_hash = :body_hash, hint_s = :hint_s, interval_s = :interval_s,"
            " next_due_at = :next_due_at, last_polled_at = :last_polled_at,"
            " last_ok_at = :last_ok_at, last_new_at = :last_new_at, failures = :failures,"
            " state = CASE state WHEN 'paused' THEN state ELSE :state END,"
            " last_error = :last_error, memory = :memory WHERE id = :id",
            {"id": feed_id, **_state_columns(state)},
        )

    def move(self, feed_id: int, url: str) -> bool:
        """Rewrite an address after a permanent redirect; False if that one is watched already."""
        taken = self._connection.execute("SELECT 1 FROM feeds WHERE url = ?", (url,)).fetchone()
        if taken:
            return False
        self._connection.execute("UPDATE feeds SET url = ? WHERE id = ?", (url, feed_id))
        return True

    def log_poll(
        self,
        feed_id: int,
        polled_at: datetime,
        outcome: PollOutcome,
        *,
        http_status: int | None = None,
        entries: int = 0,
        new: int = 0,
        changed: int = 0,
        duration_ms: int | None = None,
        error: str | None = None,
    ) -> None:
        """Write one line of the log; `error` also holds the defects of a document read anyway."""
        self._connection.execute(
            "INSERT INTO polls (feed_id, polled_at, outcome, http_status, entries, new,"
            " changed, duration_ms, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                feed_id,
                to_cell(polled_at),
                outcome,
                http_status,
                entries,
                new,
                changed,
                duration_ms,
                error,
            ),
        )

    def prune_polls(self, before: datetime) -> int:
        """Forget polls older than `before`; returns how many."""
        cursor = self._connection.execute(
            "DELETE FROM polls WHERE polled_at < ?", (to_cell(before),)
        )
        return cursor.rowcount

    def begin_run(self, kind: str, host: str, version: str, now: datetime) -> int:
        """Note that watching began; returns the run's id."""
        cursor = self._connection.execute(
            "INSERT INTO runs (started_at, kind, host, version) VALUES (?, ?, ?, ?)",
            (to_cell(now), kind, host, version),
        )
        return int(cursor.lastrowid or 0)

    def end_run(self, run_id: int, now: datetime) -> None:
        """Note that watching ended."""
        self._connection.execute(
            "UPDATE runs SET ended_at = ? WHERE id = ?", (to_cell(now), run_id)
        )


def _columns(feed: Feed, *, added_by: str) -> dict[str, Any]:
    return {
        "url": feed.url,
        "name": feed.name,
        "source": feed.source.name,
        "site": feed.source.domain,
        "kind": feed.kind,
        "category": feed.category,
        "language": feed.source.language,
        "region": feed.source.region,
        "timezone": feed.source.timezone,
        "enabled": int(feed.enabled),
        "added_by": added_by,
    }


_INSTANTS: Sequence[str] = ("next_due_at", "last_polled_at", "last_ok_at", "last_new_at")
_PLAIN: Sequence[str] = (
    "etag",
    "last_modified",
    "body_hash",
    "hint_s",
    "interval_s",
    "failures",
    "state",
    "last_error",
)


def _state_columns(state: FeedState) -> dict[str, Any]:
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        **{name: to_cell(getattr(state, name)) for name in _INSTANTS},
        "memory": to_json(asdict(state.memory)),
    }


def _watched(row: sqlite3.Row) -> WatchedFeed:
    source = Source(
        name=row["source"],
        domain=row["site"] or "",
        language=row["language"],
        region=row["region"],
        timezone=row["timezone"],
    )
    feed = Feed(
        url=row["url"],
        name=row["name"],
        source=source,
        kind=row["kind"],
        category=row["category"],
        enabled=bool(row["enabled"]),
    )
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values |= {name: from_cell(row[name]) for name in _INSTANTS}
    memory = PollMemory(**json.loads(row["memory"])) if row["memory"] else PollMemory()
    state = FeedState(**values, memory=memory)
    return WatchedFeed(id=row["id"], feed=feed, state=state)
