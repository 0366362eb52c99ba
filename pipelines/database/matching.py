"""Which articles match a query, now or at a moment of the past.

The index knows the latest revisions. A query of then asks it for all whose text is what it
was, and a second one, made for the while, for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.selection import REVISION_THEN
from pipelines.search import singles, spaced

if TYPE_CHECKING:
    import sqlite3

# The ids of articles that match. :labelled is :query within labels, which the texts of then lack.
MATCHES = "SELECT rowid AS id FROM article_search WHERE article_search MATCH :labelled"
MATCHES_THEN = (
    f"{MATCHES} AND rowid NOT IN (SELECT id FROM temp.texts_of_then)"  # noqa: S608 - SQL of ours
    " UNION ALL SELECT rowid FROM temp.search_then WHERE search_then MATCH :query"
)


def index_of_then(connection: sqlite3.Connection, as_of: str) -> None:
    """Index, for this connection alone, the texts that read otherwise at `as_of` than now."""
    for statement in (
        "DROP TABLE IF EXISTS temp.texts_of_then",
        "DROP TABLE IF EXISTS temp.search_then",
        "CREATE TEMP TABLE texts_of_then (id INTEGER PRIMARY KEY, title TEXT, text TEXT)",
        "CREATE VIRTUAL TABLE temp.search_then USING fts5 (title, text, singles, labels,"
        " content='', tokenize='unicode61 remove_diacritics 2')",
    ):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO temp.texts_of_then SELECT i.id, r.title, r.text"  # noqa: S608 - SQL of ours
        " FROM (SELECT DISTINCT article_id FROM revisions"
        "        WHERE change <> 'add' AND computed_at > :as_of) AS changed"
        " JOIN identities AS i ON i.id = changed.article_id"
        f" JOIN revisions AS r ON r.seq = {REVISION_THEN}"
        " JOIN revisions AS latest ON latest.seq = i.latest_seq"
        " WHERE r.title IS NOT latest.title OR r.text <> latest.text",
        {"as_of": as_of},
    )
    texts = connection.execute("SELECT id, title, text FROM temp.texts_of_then")
    connection.executemany(
        "INSERT INTO temp.search_then (rowid, title, text, singles) VALUES (?, ?, ?, ?)",
        ((row[0], spaced(row[1]), spaced(row[2]), singles(row[1], row[2])) for row in texts),
    )
