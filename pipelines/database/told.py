"""What is told of an article: its latest revision, its next look, and all its sightings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.database.rows import from_cell, split
from pipelines.instants import from_text
from pipelines.items import Told

if TYPE_CHECKING:
    import sqlite3

# A page that answered was asked for no earlier than this before.
LONGEST_ANSWER = timedelta(minutes=1)

TOLD = (
    "SELECT i.id, i.source, r.status, r.text, r.flags, r.title, r.original_title, r.seen_at,"
    " v.due_at, v.entry_id FROM identities AS i JOIN revisions AS r ON r.seq = i.latest_seq"
    " LEFT JOIN visits AS v ON v.article_id = i.id"
)


def read_told(row: sqlite3.Row, connection: sqlite3.Connection) -> Told:
    """Read a row of `TOLD`, and the sightings that lead to its article."""
    sightings = connection.execute(
        "SELECT feed_id, title, summary, published_at, updated_at FROM entries"
        " WHERE article_id = ? AND state = 'done'",
        (row["id"],),
    ).fetchall()
    titles = {row["title"], row["original_title"], *(seen["title"] for seen in sightings)}
    dates = {seen[name] for seen in sightings for name in ("published_at", "updated_at")}
    read_at = from_text(row["seen_at"])
    return Told(
        article_id=row["id"],
        source=row["source"],
        status=row["status"],
        text=row["text"],
        read_at=read_at,
        asked_at=read_at - LONGEST_ANSWER,
        withdrawn=row["status"] == "gone" or "withdrawn" in split(row["flags"]),
        due_at=from_cell(row["due_at"]),
        looked_through=row["entry_id"],
        feeds=frozenset(seen["feed_id"] for seen in sightings),
        titles=frozenset(filter(None, titles)),
        summaries=frozenset(seen["summary"] or "" for seen in sightings),
        claimed_at=from_cell(max(filter(None, dates), default=None)),
    )
