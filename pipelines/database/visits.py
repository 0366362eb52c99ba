"""Pages to be looked at again: when, through which entry, and what the server said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.database.entries import read_pending
from pipelines.database.rows import to_cell
from pipelines.items import PendingEntry, Visit

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime


class Visits:
    """The table `visits`: one row for each article that is due again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def due(self, now: datetime, limit: int = -1) -> list[PendingEntry]:
        """Entries whose stored page is to be asked for again, the longest due first."""
        rows = self._connection.execute(
            "SELECT e.*, v.etag, v.page_modified, v.visit_attempts"
            " FROM visits AS v JOIN entries AS e ON e.id = v.entry_id"
            " JOIN feeds AS f ON f.id = e.feed_id"
            " WHERE v.due_at <= ? AND e.state = 'done' AND e.article_id = v.article_id"
            " AND f.enabled ORDER BY v.due_at, v.article_id LIMIT ?",
            (to_cell(now), limit),
        )
        return [
            replace(
                read_pending(row),
                visit=Visit(
                    etag=row["etag"],
                    last_modified=row["page_modified"],
                    attempts=row["visit_attempts"],
                ),
            )
            for row in rows
        ]

    def plan(self, article_id: int, entry_id: int, due_at: datetime, visit: Visit) -> None:
        """Look at an article's page again at `due_at`, asking as `visit` says."""
        self._connection.execute(
            "INSERT INTO visits (article_id, entry_id, due_at, etag, page_modified,"
            " visit_attempts) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (article_id) DO UPDATE SET entry_id = excluded.entry_id,"
            " due_at = excluded.due_at, etag = excluded.etag,"
            " page_modified = excluded.page_modified, visit_attempts = excluded.visit_attempts",
            (
                article_id,
                entry_id,
                to_cell(due_at),
                visit.etag,
                visit.last_modified,
                visit.attempts,
            ),
        )

    def end(self, article_id: int) -> None:
        """The article's page need not be looked at any more; nor is its entry needed whole."""
        self._connection.execute(
            "UPDATE entries SET payload = NULL WHERE state = 'done'"
            " AND id = (SELECT entry_id FROM visits WHERE article_id = ?)",
            (article_id,),
        )
        self._connection.execute("DELETE FROM visits WHERE article_id = ?", (article_id,))
