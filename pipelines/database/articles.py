"""Identities, revisions, mentions: the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.held import HELD, read_held, values_of
from pipelines.database.indexing import INDEXED, SearchIndex
from pipelines.database.rows import joined, to_cell
from pipelines.schema import ARTICLE_VALUES
from pipelines.urls import key_hash

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.database.held import Held
    from pipelines.items import Arrival, Article, Change, Mention

_VALUES = ", ".join(ARTICLE_VALUES)
_INSERT_REVISION = (
    f"INSERT INTO revisions (article_id, revision, change, seen_at, computed_at, {_VALUES})"  # noqa: S608 - column names of ours
    f" VALUES (?, ?, ?, ?, ?, {', '.join('?' * len(ARTICLE_VALUES))})"
)

# So many articles in a row without a text, and those before them have none either.
WITHOUT_TEXT = 10_000


class Articles:
    """The tables `identities`, `url_keys`, `revisions` and `mentions`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._index = SearchIndex(connection)

    # Looking up -------------------------------------------------------------------------

    def get(self, article_id: int) -> Held | None:
        """The article with this id, in its latest revision."""
        row = self._connection.execute(HELD + " WHERE i.id = ?", (article_id,)).fetchone()
        return read_held(row) if row else None

    def html(self, article_id: int) -> str | None:
        """The markup of the article's latest revision; read apart, for it is long."""
        row = self._connection.execute(
            "SELECT r.html FROM identities AS i JOIN revisions AS r ON r.seq = i.latest_seq"
            " WHERE i.id = ?",
            (article_id,),
        ).fetchone()
        return row["html"] if row else None

    def recent(self, source: str, limit: int) -> list[Held]:
        """The latest articles of a source, the newest first."""
        rows = self._connection.execute(
            f"{HELD} WHERE i.source = ? ORDER BY i.id DESC LIMIT ?", (source, limit)
        )
        return [read_held(row) for row in rows]

    def sources(self) -> list[str]:
        """The names of all sources that have articles."""
        rows = self._connection.execute("SELECT DISTINCT source FROM identities ORDER BY source")
        return [row["source"] for row in rows]

    def ids_of_source(self, source: str) -> list[int]:
        """Every article of a source, the oldest first."""
        rows = self._connection.execute(
            "SELECT id FROM identities WHERE source = ? ORDER BY id", (source,)
        )
        return [row["id"] for row in rows]

    def id_of_key(self, url_key: str) -> int | None:
        """The article that this URL key belongs to."""
        row = self._connection.execute(
            "SELECT article_id FROM url_keys WHERE hash = ?", (key_hash(url_key),)
        ).fetchone()
        return int(row["article_id"]) if row else None

    def count_keys(self, article_id: int) -> int:
        """How many addresses lead to the article."""
        row = self._connection.execute(
            "SELECT addresses FROM identities WHERE id = ?", (article_id,)
        ).fetchone()
        return int(row["addresses"]) if row else 0

    def ids_of_text(self, text_hash: str, limit: int = 20) -> list[int]:
        """Articles that have, or once had, exactly this text; the earliest first."""
        rows = self._connection.execute(
            "SELECT DISTINCT article_id FROM revisions WHERE text_hash = ?"
            " ORDER BY article_id LIMIT ?",
            (text_hash, limit),
        )
        return [row["article_id"] for row in rows]

    def ids_with_text(self, before: datetime, most: int | None) -> list[int]:
        """Articles first seen before then that still have a text, the newest first.

        Texts go in the order of first sight, so that a long row of articles without one is
        the end of those that have any.
        """
        rows = self._connection.execute(
            "SELECT i.id, (SELECT max(r.text <> '' OR r.html IS NOT NULL) FROM revisions AS r"
            "   WHERE r.article_id = i.id) AS has_text"
            " FROM identities AS i WHERE i.first_seen_at < ? ORDER BY i.first_seen_at DESC, i.id",
            (to_cell(before),),
        )
        found: list[int] = []
        without = 0
        for article_id, has_text in rows:
            without = 0 if has_text else without + 1
            if has_text:
                found.append(article_id)
            if len(found) == most or without == WITHOUT_TEXT:
                break
        return found

    # Writing ----------------------------------------------------------------------------

    def create(self, url_key: str, source: str, first_seen_at: datetime, arrival: Arrival) -> int:
        """Make an identity; it stays for ever, whatever becomes of its text."""
        cursor = self._connection.execute(
            "INSERT INTO identities (url_key, source, first_seen_at, arrival) VALUES (?, ?, ?, ?)",
            (url_key, source, to_cell(first_seen_at), arrival),
        )
        article_id = int(cursor.lastrowid or 0)
        self.add_keys(article_id, [url_key])
        return article_id

    def add_keys(self, article_id: int, url_keys: Iterable[str]) -> None:
        """Let further addresses lead to the article; a key that is taken stays where it is."""
        cursor = self._connection.executemany(
            "INSERT OR IGNORE INTO url_keys (hash, article_id) VALUES (?, ?)",
            [(key_hash(key), article_id) for key in url_keys],
        )
        if cursor.rowcount > 0:
            self._connection.execute(
                "UPDATE identities SET addresses = addresses + ? WHERE id = ?",
                (cursor.rowcount, article_id),
            )

    def add_revision(
        self,
        article_id: int,
        article: Article,
        change: Change,
        *,
        seen_at: datetime,
        computed_at: datetime,
        text_hash: str | None,
        word_count: int,
    ) -> int:
        """Append a revision and make it the latest; returns its `seq`."""
        before = self.get(article_id)
        number = before.revision + 1 if before else 1
        values = values_of(article, text_hash, word_count)
        cursor = self._connection.execute(
            _INSERT_REVISION,
            (
                article_id,
                number,
                change,
                to_cell(seen_at),
                to_cell(computed_at),
                *(values[name] for name in ARTICLE_VALUES),
            ),
        )
        seq = int(cursor.lastrowid or 0)
        self._connection.execute(
            "UPDATE identities SET latest_seq = ? WHERE id = ?", (seq, article_id)
        )
        self._mention(article_id, number, article.mentions, computed_at)
        self._index.replace(before, self.get(article_id))
        return seq

    def _mention(
        self, article_id: int, revision: int, mentions: Iterable[Mention], computed_at: datetime
    ) -> None:
        self._connection.executemany(
            "INSERT INTO mentions (article_id, revision, symbol, mic, code, name, rule,"
            " certainty, place, matched, count, computed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article_id,
                    revision,
                    mention.symbol,
                    mention.mic,
                    mention.code,
                    mention.name,
                    mention.rule,
                    mention.certainty,
                    mention.place,
                    mention.matched,
                    mention.count,
                    to_cell(computed_at),
                )
                for mention in mentions
            ],
        )

    def forget_text(self, article_id: int) -> None:
        """Drop the text of every revision; what else is known of the article stays.

        The one exception from "nothing in a revision is ever altered".
        """
        held = self.get(article_id)
        self._connection.execute(
            "UPDATE revisions SET text = '', html = NULL, removed = NULL WHERE article_id = ?",
            (article_id,),
        )
        self._index.replace(held, self.get(article_id))

    def add_flag(self, article_id: int, flag: str, now: datetime) -> None:
        """Give an article a flag more, unless it has it."""
        held = self.get(article_id)
        if held is not None and flag not in held.flags:
            self.amend(article_id, now, flags=joined((*held.flags, flag)))

    def amend(self, article_id: int, now: datetime, **values: str | int | None) -> None:
        """Append a revision of the kind "recompute": the latest one but for these values."""
        held = self.get(article_id)
        if held is None:
            return
        kept = ", ".join(name for name in ARTICLE_VALUES if name not in values)
        cursor = self._connection.execute(
            "INSERT INTO revisions (article_id, revision, change, seen_at, computed_at,"  # noqa: S608 - column names of ours
            f" {', '.join([*values, kept])})"
            " SELECT article_id, revision + 1, 'recompute', seen_at, ?,"
            f" {', '.join([*('?' * len(values)), kept])}"
            " FROM revisions WHERE article_id = ? AND revision = ?",
            (to_cell(now), *values.values(), article_id, held.revision),
        )
        self._connection.execute(
            "UPDATE identities SET latest_seq = ? WHERE id = ?", (cursor.lastrowid, article_id)
        )
        self._connection.execute(
            "INSERT INTO mentions SELECT article_id, revision + 1, symbol, mic, code, name, rule,"
            " certainty, place, matched, count, ? FROM mentions"
            " WHERE article_id = ? AND revision = ?",
            (to_cell(now), article_id, held.revision),
        )
        if not INDEXED.isdisjoint(values):
            self._index.replace(held, self.get(article_id))
