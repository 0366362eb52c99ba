"""The full-text index: what it holds of an article, and how one revision takes another's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.search import labels, singles, spaced

if TYPE_CHECKING:
    import sqlite3

    from pipelines.database.held import Held

# A revision that differs in none of these is found as before.
INDEXED = frozenset(("title", "text", "publisher", "language"))


class SearchIndex:
    """The table `article_search`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def clear(self) -> None:
        """Let nothing be found."""
        self._connection.execute(
            "INSERT INTO article_search (article_search) VALUES ('delete-all')"
        )

    def hurry(self, buffer: int) -> None:
        """Gather changes in so many bytes of memory, and let those written out lie unmerged.

        What is merged is written anew: that takes time, and room for all of it once more.
        """
        for name, value in (("hashsize", buffer), ("automerge", 0), ("crisismerge", 2000)):
            self._connection.execute(
                "INSERT INTO article_search (article_search, rank) VALUES (?, ?)", (name, value)
            )

    def replace(self, before: Held | None, after: Held | None) -> None:
        """Let the latest revision be found instead of the one before."""
        if before is not None:
            # A contentless index forgets a row only when told what the row said.
            self._connection.execute(
                "INSERT INTO article_search (article_search, rowid, title, text, singles, labels)"
                " VALUES ('delete', ?, ?, ?, ?, ?)",
                (before.id, *self._indexed(before)),
            )
        if after is not None:
            self._connection.execute(
                "INSERT INTO article_search (rowid, title, text, singles, labels)"
                " VALUES (?, ?, ?, ?, ?)",
                (after.id, *self._indexed(after)),
            )

    def _indexed(self, held: Held) -> tuple[str, str, str, str]:
        symbols = self._connection.execute(
            "SELECT DISTINCT symbol FROM mentions WHERE article_id = ? AND revision = ?"
            " ORDER BY symbol",
            (held.id, held.revision),
        )
        label = labels(
            held.source,
            held.publisher,
            held.language,
            held.first_seen_at,
            (row[0] for row in symbols),
        )
        return spaced(held.title), spaced(held.text), singles(held.title, held.text), label
