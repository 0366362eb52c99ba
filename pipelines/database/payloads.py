"""Entries whole, as they wait for their page: to the table `payloads` and back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pipelines.database.announcements import CLAIMED
from pipelines.database.rows import from_cell
from pipelines.instants import from_text
from pipelines.items import Entry, PendingEntry

if TYPE_CHECKING:
    import sqlite3

    from pydantic import TypeAdapter

# Rows for `read_pending`.
WHOLE = (
    f"SELECT e.*, p.payload, {CLAIMED} AS claimed_at"  # noqa: S608 - a constant
    " FROM entries AS e LEFT JOIN payloads AS p ON p.entry_id = e.id"
)
# What a payload need not say, for a column of the entry says it.
_IN_COLUMNS = ("link", "title", "summary", "published_raw")


@cache
def _codec() -> TypeAdapter[Entry]:
    from pydantic import TypeAdapter

    return TypeAdapter(Entry)


def pack(entry: Entry) -> str:
    """Write what the columns do not say."""
    return _codec().dump_json(entry, exclude_defaults=True, exclude=set(_IN_COLUMNS)).decode()


def read_pending(row: sqlite3.Row) -> PendingEntry:
    """Read a row of `entries` with its payload."""
    rest = _codec().validate_json(row["payload"]) if row["payload"] else Entry()
    entry = replace(rest, **{name: row[name] for name in _IN_COLUMNS})
    return PendingEntry(
        id=row["id"],
        feed_id=row["feed_id"],
        entry=entry,
        key=row["key"],
        attempts=row["attempts"],
        arrival=row["arrival"],
        first_seen_at=from_text(row["first_seen_at"]),
        last_seen_at=from_text(row["last_seen_at"]),
        article_id=row["article_id"],
        entry_hash=row["entry_hash"],
        claimed_at=from_cell(row["claimed_at"]),
    )
