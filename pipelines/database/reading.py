"""What exports, `show` and `status` read. Nothing here writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.database.rows import from_cell, to_cell
from pipelines.database.selection import (
    EXPORT_COLUMNS,
    REVISION_THEN,
    STORY_THEN,
    Selection,
    export_query,
    moment,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Sequence
    from datetime import datetime


class Reading:
    """Queries for people and programs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def export(
        self,
        selection: Selection,
        columns: Sequence[str] = EXPORT_COLUMNS,
        *,
        with_text: bool = True,
        by_first_seen: bool = False,
        encoded: bool = False,
    ) -> Generator[tuple[Any, ...]]:
        """Stream the selected articles by id, or changes by seq; cells in the order of `columns`.

        Memory does not grow with the rows. `with_text=False` leaves text and html empty.
        `encoded` gives every value as UTF-8 bytes: the quickest where bytes are all that is
        wanted.
        """
        query, values = export_query(
            selection,
            columns,
            with_text=with_text,
            by_first_seen=by_first_seen,
            encoded=encoded,
        )
        cursor = self._connection.execute(query, values)
        cursor.row_factory = None
        yield from cursor

    def cursor(self) -> int:
        """The `seq` of the latest change, 0 when there is none."""
        row = self._connection.execute("SELECT coalesce(max(seq), 0) FROM revisions").fetchone()
        return int(row[0])

    def settled_at(self) -> datetime | None:
        """When the latest change was computed; an export as of then is all there is."""
        row = self._connection.execute(
            "SELECT max((SELECT max(computed_at) FROM revisions),"
            " coalesce((SELECT max(computed_at) FROM story_members), ''))"
        ).fetchone()
        return from_cell(row[0])

    def article(self, article_id: int, as_of: datetime | None = None) -> dict[str, Any] | None:
        """Every value of one article, or None; all that follows likewise as of a moment."""
        values = {"id": article_id, "as_of": moment(as_of)}
        row = self._connection.execute("SELECT * FROM articles WHERE id = :id", values).fetchone()
        then = self._connection.execute(
            "SELECT r.* FROM identities AS i"  # noqa: S608 - SQL of ours
            f" JOIN revisions AS r ON r.seq = {REVISION_THEN} WHERE i.id = :id",
            values,
        ).fetchone()
        if row is None or then is None:
            return None
        query, bounds = export_query(
            Selection(article_id=article_id, as_of=as_of), ("story_id", "story_size")
        )
        article = {**dict(row), **dict(self._connection.execute(query, bounds).fetchone())}
        article |= {name: then[name] for name in then.keys() if name in article}  # noqa: SIM118 - a Row
        article["fetched_at"] = article["updated_at"] = then["seen_at"]
        return article

    def mentions(
        self, article_id: int, revision: int, as_of: datetime | None = None
    ) -> list[dict[str, Any]]:
        """The instruments of one revision, with their evidence."""
        rows = self._connection.execute(
            "SELECT symbol, name, certainty, rule, place, matched, count FROM mentions"
            " WHERE article_id = ? AND revision = ? AND computed_at <= ? ORDER BY rowid",
            (article_id, revision, moment(as_of)),
        )
        return [dict(row) for row in rows]

    def revisions(self, article_id: int, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """Every revision of one article, the oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM revisions WHERE article_id = ? AND computed_at <= ? ORDER BY seq",
            (article_id, moment(as_of)),
        )
        return [dict(row) for row in rows]

    def copies(
        self, story_id: int, but: int, as_of: datetime | None = None
    ) -> list[dict[str, Any]]:
        """The other articles of a story, in order of first sight.

        `lag` is how many seconds after the story's first article each was first seen.
        """
        rows = self._connection.execute(
            "WITH may_be (id) AS"  # noqa: S608 - SQL of ours
            " (SELECT :story UNION SELECT article_id FROM story_members WHERE story_id = :story)"
            " SELECT * FROM (SELECT i.id, i.source, r.publisher, r.title, r.url, i.first_seen_at,"
            " r.published_at, r.published_precision, strftime('%s', i.first_seen_at)"
            " - strftime('%s', min(i.first_seen_at) OVER ()) AS lag"
            " FROM may_be JOIN identities AS i ON i.id = may_be.id"
            f" JOIN revisions AS r ON r.seq = {REVISION_THEN}"
            f" WHERE {STORY_THEN.format(article='i.id', then=':as_of')} = :story)"
            " WHERE id <> :but ORDER BY first_seen_at, id",
            {"story": story_id, "but": but, "as_of": moment(as_of)},
        )
        return [dict(row) for row in rows]

    def sightings(self, article_id: int, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """Where the article was listed, and when.

        As of a moment, a last sight after it is left out, and so is what became of the page.
        """
        rows = self._connection.execute(
            "SELECT f.name AS feed, e.link, e.first_seen_at,"
            " iif(e.last_seen_at <= :then, e.last_seen_at, NULL) AS last_seen_at,"
            " iif(:as_of IS NULL, e.last_error, NULL) AS last_error"
            " FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id"
            " WHERE e.article_id = :id AND e.first_seen_at <= :then ORDER BY e.first_seen_at",
            {"id": article_id, "as_of": to_cell(as_of), "then": moment(as_of)},
        )
        return [dict(row) for row in rows]

    def feed_health(self) -> list[dict[str, Any]]:
        """Each watched feed: its state, last poll, and what its entries became."""
        rows = self._connection.execute(
            "SELECT f.id, f.name, f.url, f.source, f.state, f.interval_s, f.next_due_at,"
            " f.last_polled_at, f.last_ok_at, f.last_new_at, f.failures, f.last_error,"
            " (SELECT outcome FROM polls WHERE feed_id = f.id ORDER BY id DESC LIMIT 1)"
            "   AS outcome,"
            " count(e.id) AS entries, coalesce(sum(e.state = 'done'), 0) AS done,"
            " coalesce(sum(e.state = 'pending'), 0) AS pending,"
            " coalesce(sum(e.state = 'failed'), 0) AS failed"
            " FROM feeds AS f LEFT JOIN entries AS e ON e.feed_id = f.id"
            " WHERE f.enabled GROUP BY f.id ORDER BY f.id"
        )
        return [dict(row) for row in rows]

    def totals(self) -> dict[str, Any]:
        """How much the record holds."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM identities) AS articles,"
            " (SELECT count(*) FROM revisions) AS revisions,"
            " (SELECT count(*) FROM identities) - coalesce("
            "   (SELECT sum(articles - 1) FROM stories WHERE articles > 1), 0) AS stories,"
            " (SELECT count(*) FROM entries WHERE state = 'pending') AS pending,"
            " (SELECT min(first_seen_at) FROM identities) AS first_seen_at,"
            " (SELECT max(first_seen_at) FROM identities) AS last_seen_at,"
            " (SELECT kind FROM runs ORDER BY id DESC LIMIT 1) AS last_run,"
            " (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes"
        ).fetchone()
        return dict(row)

    def failures(self, limit: int) -> list[dict[str, Any]]:
        """Entries whose page could not be had, the latest first.

        `next_try_at` says when it is tried again; None: it was given up.
        """
        rows = self._connection.execute(
            "SELECT f.name AS feed, e.link, e.title, e.last_error, e.last_seen_at,"
            " iif(e.state = 'pending', e.next_try_at, NULL) AS next_try_at"
            " FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id"
            " WHERE e.state = 'failed' OR e.state = 'pending' AND e.last_error IS NOT NULL"
            " ORDER BY e.last_seen_at DESC, e.id LIMIT ?",
            (limit,),
        )
        return [dict(row) for row in rows]
