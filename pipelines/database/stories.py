"""Stories: which articles tell the same, since when, and who was counted where before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.rows import to_cell

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from pipelines.database.articles import Articles


class Stories:
    """The tables `stories` and `story_members`.

    A story has the id of its first article, so that one which is told once needs no row: most
    are. It gets one with its second article; the first never is a row of `story_members`
    unless its story is merged into another.
    """

    def __init__(self, connection: sqlite3.Connection, articles: Articles) -> None:
        self._connection = connection
        self._articles = articles

    def begin(self, article_id: int) -> None:
        """Open a story with its first article."""
        self._connection.execute("UPDATE identities SET story_id = id WHERE id = ?", (article_id,))

    def join(self, story_id: int, article_id: int, similarity: float | None, now: datetime) -> None:
        """Add a copy to a story."""
        [rank] = self._connection.execute(
            "INSERT INTO stories (id, first_article_id, first_seen_at, articles)"
            " SELECT id, id, first_seen_at, 2 FROM identities WHERE id = ?"
            " ON CONFLICT (id) DO UPDATE SET articles = articles + 1 RETURNING articles",
            (story_id,),
        ).fetchone()
        self._connection.execute(
            "INSERT INTO story_members (story_id, article_id, computed_at, similarity, rank)"
            " VALUES (?, ?, ?, ?, ?)",
            (story_id, article_id, to_cell(now), similarity, rank),
        )
        self._connection.execute(
            "UPDATE identities SET story_id = ? WHERE id = ?", (story_id, article_id)
        )

    def merge(self, into: int, other: int, now: datetime) -> None:
        """Move every member of `other` to `into`; who was where, and when, stays on record.

        Each that moves is a change ("recompute"), so that a mirror of the changes follows.
        """
        members = self._connection.execute(
            "SELECT id FROM identities WHERE story_id = ? ORDER BY id", (other,)
        ).fetchall()
        for member in members:
            self.join(into, member["id"], None, now)
            self._articles.amend(member["id"], now)
        self._connection.execute("UPDATE stories SET articles = 0 WHERE id = ?", (other,))
