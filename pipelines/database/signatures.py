"""Signatures: which few of the latest articles share text with one at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.rows import to_cell

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

CANDIDATES = 12
# More entries than this are not taken up late at once.
LATECOMERS = 500
_OF_BAND = (
    "SELECT article_id FROM (SELECT article_id FROM signatures"
    " WHERE band = ? AND article_id >= ? ORDER BY article_id DESC LIMIT 32)"
)


class Signatures:
    """The table `signatures`: a row for each band of each article of the window.

    Ids rise with first sight, so that the window is a span of ids and no row needs a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def alike(self, bands: Sequence[int], since: datetime) -> list[int]:
        """The few articles that share most bands; the earliest of equals first.

        A band that many share says little: the latest 32 of it are enough, so that
        the cost does not grow with what is stored.
        """
        first = self._first_seen(since)
        if not bands or first is None:
            return []
        rows = self._connection.execute(
            f"SELECT article_id FROM ({' UNION ALL '.join([_OF_BAND] * len(bands))})"  # noqa: S608 - numbers of ours
            f" GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT {CANDIDATES}",
            [value for band in bands for value in (band, first)],
        )
        return [row["article_id"] for row in rows]

    def keep(self, article_id: int, bands: Iterable[int]) -> None:
        """Keep an article's signature."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO signatures (band, article_id) VALUES (?, ?)",
            [(band, article_id) for band in sorted(bands)],
        )

    def drop(self, article_id: int, bands: Iterable[int]) -> None:
        """Drop the signature of a text that the article no longer has."""
        self._connection.executemany(
            "DELETE FROM signatures WHERE band = ? AND article_id = ?",
            [(band, article_id) for band in bands],
        )

    def prune(self, before: datetime) -> int:
        """Forget the signatures of articles first seen earlier; returns how many rows."""
        first = self._first_seen(before)
        if first is None:
            return self._connection.execute("DELETE FROM signatures").rowcount
        return self._connection.execute(
            "DELETE FROM signatures WHERE article_id < ?", (first,)
        ).rowcount

    def _first_seen(self, since: datetime) -> int | None:
        """An id that no article seen then or later is below.

        Of the first few, the least: what waited long for its page has a later id than its
        time would give it, and being too low only costs a look at older articles.
        """
        [first] = self._connection.execute(
            "SELECT min(id) FROM (SELECT id FROM identities WHERE first_seen_at >= ?"
            " ORDER BY first_seen_at LIMIT ?)",
            (to_cell(since), LATECOMERS),
        ).fetchone()
        return None if first is None else int(first)
