"""Pages to be looked at again: when, through which entry; and what looks at a source found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.database.announcements import CLAIMED
from pipelines.database.payloads import read_pending
from pipelines.database.rows import to_cell, to_json
from pipelines.habits import Habits, Record
from pipelines.items import PendingEntry, Visit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.habits import Occasion

_COUNTS = tuple(Record.__dataclass_fields__)
# Any feed may say that an article has changed, whichever it is looked at through.
_OF_ENTRIES = "(SELECT article_id FROM entries WHERE id IN (SELECT value FROM json_each(:among)))"


class Visits:
    """The tables `visits`, a row for each article that is due again, and `habits`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def due(
        self, now: datetime, limit: int = -1, among: Sequence[int] | None = None
    ) -> list[PendingEntry]:
        """Entries whose stored page is to be asked for again; whatever the feed points to first.

        Then the youngest articles: after a time in which nobody watched, their edits are the
        most. `among`: of the articles of these entries alone.
        """
        rows = self._connection.execute(
            "SELECT e.*, p.payload, v.etag, v.page_modified, v.visit_attempts, v.moved,"  # noqa: S608 - constants
            f" {CLAIMED} AS claimed_at"
            " FROM (SELECT v.* FROM visits AS v JOIN entries AS e ON e.id = v.entry_id"
            " JOIN feeds AS f ON f.id = e.feed_id"
            " WHERE v.due_at <= :now AND e.state <> 'pending' AND e.article_id = v.article_id"
            f" AND f.enabled AND (:among IS NULL OR v.article_id IN {_OF_ENTRIES})"
            " ORDER BY v.moved DESC, v.article_id DESC LIMIT :limit) AS v"
            " JOIN entries AS e ON e.id = v.entry_id"
            " LEFT JOIN payloads AS p ON p.entry_id = e.id"
            " ORDER BY v.moved DESC, v.article_id DESC",
            {
                "now": to_cell(now),
                "limit": limit,
                "among": None if among is None else to_json(list(among)),
            },
        )
        return [replace(read_pending(row), visit=_visit(row)) for row in rows]

    def of(self, article_id: int) -> Visit | None:
        """How an article's page would be asked for again; None if it will not be."""
        row = self._connection.execute(
            "SELECT etag, page_modified, visit_attempts, moved FROM visits WHERE article_id = ?",
            (article_id,),
        ).fetchone()
        return _visit(row) if row else None

    def source_of(self, article_id: int) -> str:
        """The source whose article it is."""
        row = self._connection.execute(
            "SELECT source FROM identities WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row["source"])

    def edits(self, article_id: int) -> int:
        """How often the publisher has changed or withdrawn the article, as far as was found."""
        row = self._connection.execute(
            "SELECT count(*) FROM revisions WHERE article_id = ?"
            " AND change IN ('revise', 'withdraw')",
            (article_id,),
        ).fetchone()
        return int(row[0])

    def plan(self, article_id: int, entry_id: int, due_at: datetime, visit: Visit) -> None:
        """Look at an article's page again at `due_at`, asking as `visit` says."""
        self._connection.execute(
            "INSERT INTO visits (article_id, entry_id, due_at, etag, page_modified,"
            " visit_attempts, moved) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (article_id) DO UPDATE SET entry_id = excluded.entry_id,"
            " due_at = excluded.due_at, etag = excluded.etag,"
            " page_modified = excluded.page_modified, visit_attempts = excluded.visit_attempts,"
            " moved = excluded.moved",
            (
                article_id,
                entry_id,
                to_cell(due_at),
                visit.etag,
                visit.last_modified,
                visit.attempts,
                visit.moved,
            ),
        )

    def hasten(self, entry_ids: Sequence[int], now: datetime) -> int:
        """Look now at the articles of these entries, also at those that needed no look any more."""
        cursor = self._connection.execute(
            "INSERT INTO visits (article_id, entry_id, due_at, moved)"
            " SELECT article_id, id, :now, 1 FROM entries WHERE state = 'done'"
            " AND article_id IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))"
            " ON CONFLICT (article_id) DO UPDATE SET due_at = min(due_at, excluded.due_at),"
            " moved = 1",
            {"now": to_cell(now), "ids": to_json(list(entry_ids))},
        )
        return cursor.rowcount

    def end(self, article_id: int) -> None:
        """The article's page need not be looked at any more; nor is its entry needed whole."""
        self._connection.execute(
            "DELETE FROM payloads WHERE entry_id = (SELECT e.id FROM visits AS v"
            " JOIN entries AS e ON e.id = v.entry_id WHERE v.article_id = ? AND e.state = 'done')",
            (article_id,),
        )
        self._connection.execute("DELETE FROM visits WHERE article_id = ?", (article_id,))

    def habits(self, source: str) -> Habits:
        """What looks at the source's pages have come to."""
        rows = self._connection.execute("SELECT * FROM habits WHERE source = ?", (source,))
        return Habits(
            records={
                row["occasion"]: Record(**{name: row[name] for name in _COUNTS}) for row in rows
            }
        )

    def keep_record(self, source: str, occasion: Occasion, record: Record) -> None:
        """Write what looks of one occasion have come to."""
        values = [getattr(record, name) for name in _COUNTS]
        self._connection.execute(
            f"INSERT OR REPLACE INTO habits (source, occasion, {', '.join(_COUNTS)})"  # noqa: S608 - names of ours
            f" VALUES (?, ?, {', '.join('?' * len(_COUNTS))})",
            (source, occasion, *values),
        )


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(
        etag=row["etag"],
        last_modified=row["page_modified"],
        attempts=row["visit_attempts"],
        moved=bool(row["moved"]),
    )
