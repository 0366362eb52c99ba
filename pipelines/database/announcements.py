"""Which announced edits a page has been read after: the table `announcements`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.rows import from_cell, to_cell
from pipelines.instants import from_text
from pipelines.items import Announcement

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from pipelines.items import PendingEntry

# The date that a row of `entries` claims: the later one of the two, or the one there is.
DATED = "max(coalesce(published_at, updated_at), coalesce(updated_at, published_at))"
# The latest that a sighting of the entry's article claims; `e` is the entry.
CLAIMED = f"(SELECT max({DATED}) FROM entries AS s WHERE s.article_id = e.article_id)"  # noqa: S608


class Announcements:
    """A row for each article and changed entry whose page was read; kept for a day or so."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note_reading(self, article_id: int, pending: PendingEntry, read_at: datetime) -> None:
        """The page was read after whatever was claimed when `pending` was taken up.

        And after what its feed had changed, if it says so still; not if it is a planned look, for
        a feed that lags behind says what others have taken back.
        """
        self._connection.execute(
            "INSERT OR REPLACE INTO announcements (article_id, entry_hash, claimed_at, read_at)"
            " SELECT ?, iif(entry_hash = ?, entry_hash, ''), ?, ? FROM entries WHERE id = ?",
            (
                article_id,
                None if pending.visit else pending.entry_hash,
                to_cell(pending.claimed_at),
                to_cell(read_at),
                pending.id,
            ),
        )

    def of(self, article_id: int) -> tuple[Announcement, ...]:
        """What the article's page has been read after."""
        rows = self._connection.execute(
            "SELECT entry_hash, claimed_at, read_at FROM announcements WHERE article_id = ?",
            (article_id,),
        )
        return tuple(
            Announcement(
                entry_hash=row["entry_hash"],
                claimed_at=from_cell(row["claimed_at"]),
                read_at=from_text(row["read_at"]),
            )
            for row in rows
        )

    def of_entry(self, entry_id: int) -> tuple[Announcement, ...]:
        """The same of the article that an entry leads to."""
        row = self._connection.execute(
            "SELECT article_id FROM entries WHERE id = ?", (entry_id,)
        ).fetchone()
        return self.of(row["article_id"]) if row and row["article_id"] else ()

    def claimed_at(self, article_id: int) -> datetime | None:
        """The latest date that a sighting of the article claims by now."""
        row = self._connection.execute(
            f"SELECT {CLAIMED} AS claimed_at FROM (SELECT ? AS article_id) AS e",  # noqa: S608 - SQL of ours
            (article_id,),
        ).fetchone()
        return from_cell(row["claimed_at"])

    def take_back(self, article_id: int, entry_hash: str) -> None:
        """A feed says so no more: if another one comes to say it, that is news."""
        self._connection.execute(
            "DELETE FROM announcements WHERE article_id = ? AND entry_hash = ?",
            (article_id, entry_hash),
        )

    def prune(self, before: datetime) -> None:
        """Forget what was read earlier."""
        self._connection.execute("DELETE FROM announcements WHERE read_at < ?", (to_cell(before),))
