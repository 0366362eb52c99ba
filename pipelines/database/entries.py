"""Sightings: one row per feed and entry, pending until its page is stored or given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.database.payloads import WHOLE, pack, read_pending
from pipelines.database.rows import joined, to_cell
from pipelines.instants import from_text
from pipelines.revisiting import has_moved
from pipelines.urls import key_hash, url_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pipelines.database.announcements import Announcements
    from pipelines.items import Arrival, Entry, PendingEntry, Sighting


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a document brought: ids of new and of changed entries, and how many were known.

    `moved` are known entries, by id, that are as they were but for a later date.
    """

    new: tuple[int, ...]
    changed: tuple[int, ...]
    known: int
    moved: Mapping[int, Entry] = field(default_factory=dict)


class Entries:
    """The tables `entries` and `payloads` (entries whole, while their page is to be had)."""

    def __init__(self, connection: sqlite3.Connection, announcements: Announcements) -> None:
        self._connection = connection
        self._announcements = announcements

    def record(
        self, feed_id: int, sightings: Sequence[Sighting], now: datetime, arrival: Arrival
    ) -> Recorded:
        """Write every unknown or changed entry as pending, before anything else is fetched."""
        new: list[int] = []
        changed: list[int] = []
        moved: dict[int, Entry] = {}
        known = 0
        for sighting in {s.key: s for s in reversed(sightings)}.values():
            row = self._connection.execute(
                "SELECT id, article_id, entry_hash, published_at, updated_at FROM entries"
                " WHERE feed_id = ? AND key = ?",
                (feed_id, sighting.key),
            ).fetchone()
            if row is None:
                new.append(self._insert(feed_id, sighting, now, arrival))
            elif row["entry_hash"] == sighting.entry_hash:
                known += 1
                if has_moved(_dated(row), sighting.entry.dated_at):
                    moved[row["id"]] = sighting.entry
                    self._date_anew(row["id"], sighting.entry)
                self._connection.execute(
                    "UPDATE entries SET last_seen_at = ? WHERE id = ?", (to_cell(now), row["id"])
                )
            else:
                changed.append(row["id"])
                if row["article_id"] is not None:
                    self._announcements.take_back(row["article_id"], row["entry_hash"])
                self._renew(row["id"], sighting, now)
        return Recorded(tuple(reversed(new)), tuple(reversed(changed)), known, moved)

    def guids_of_links(self, feed_id: int, entries: Iterable[Entry]) -> dict[str, str]:
        """Under which guid the feed listed each link before: URL key -> the latest guid."""
        found: dict[str, str] = {}
        for key in {url_key(entry.link) for entry in entries if entry.link and entry.guid}:
            rows = self._connection.execute(
                "SELECT e.key, e.link FROM url_keys AS u"
                " JOIN entries AS e ON e.article_id = u.article_id"
                " WHERE u.hash = ? AND e.feed_id = ? AND e.key_kind = 'guid' ORDER BY e.id",
                (key_hash(key), feed_id),
            )
            for row in rows:  # an article may have other addresses, with guids of their own
                if url_key(row["link"]) == key:
                    found[key] = row["key"]
        return found

    def _insert(self, feed_id: int, sighting: Sighting, now: datetime, arrival: Arrival) -> int:
        cursor = self._connection.execute(
            "INSERT INTO entries (feed_id, key, key_kind, link, title, author, summary,"
            " published_raw, published_at, updated_at, entry_hash, first_seen_at, last_seen_at,"
            " state, arrival)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)",
            (
                feed_id,
                sighting.key,
                sighting.key_kind,
                *_shown(sighting.entry),
                sighting.entry_hash,
                to_cell(now),
                to_cell(now),
                arrival,
            ),
        )
        entry_id = int(cursor.lastrowid or 0)
        self.keep_whole(entry_id, sighting.entry)
        return entry_id

    def _renew(self, entry_id: int, sighting: Sighting, now: datetime) -> None:
        self._connection.execute(
            "UPDATE entries SET link = ?, title = ?, author = ?, summary = ?, published_raw = ?,"
            " published_at = ?, updated_at = ?, entry_hash = ?, last_seen_at = ?,"
            " state = 'pending', attempts = 0, next_try_at = NULL WHERE id = ?",
            (*_shown(sighting.entry), sighting.entry_hash, to_cell(now), entry_id),
        )
        self.keep_whole(entry_id, sighting.entry)

    def _date_anew(self, entry_id: int, entry: Entry) -> None:
        """Keep a date that has moved; the whole entry too, where it is still needed."""
        self._connection.execute(
            "UPDATE entries SET published_raw = ?, published_at = ?, updated_at = ? WHERE id = ?",
            (*_shown(entry)[4:], entry_id),
        )
        self._connection.execute(
            "UPDATE payloads SET payload = ? WHERE entry_id = ?", (pack(entry), entry_id)
        )

    def keep_whole(self, entry_id: int, entry: Entry) -> None:
        """Keep everything an entry says, for a reading of its page that is to come."""
        self._connection.execute(
            "INSERT OR REPLACE INTO payloads (entry_id, payload) VALUES (?, ?)",
            (entry_id, pack(entry)),
        )

    def pending(
        self, now: datetime, *, feed_id: int | None = None, limit: int = -1
    ) -> list[PendingEntry]:
        """Entries whose page is to be fetched now, the newest sightings first."""
        rows = self._connection.execute(
            f"{WHOLE} WHERE state = 'pending'"
            " AND (next_try_at IS NULL OR next_try_at <= :now)"
            " AND (:feed IS NULL OR feed_id = :feed)"
            " ORDER BY first_seen_at DESC, id LIMIT :limit",
            {"now": to_cell(now), "feed": feed_id, "limit": limit},
        )
        return [read_pending(row) for row in rows]

    def by_id(self, ids: Sequence[int]) -> list[PendingEntry]:
        """Pending entries by id, in the order given."""
        rows = (
            self._connection.execute(f"{WHOLE} WHERE id = ?", (entry_id,)).fetchone()
            for entry_id in ids
        )
        return [read_pending(row) for row in rows if row and row["state"] == "pending"]

    def count_pending(self) -> int:
        """How many entries still wait for their page."""
        row = self._connection.execute(
            "SELECT count(*) FROM entries WHERE state = 'pending'"
        ).fetchone()
        return int(row[0])


def _shown(entry: Entry) -> tuple[str | None, ...]:
    return (
        entry.link,
        entry.title,
        joined(entry.authors),
        entry.summary,
        entry.published_raw,
        to_cell(entry.published.at) if entry.published else None,
        to_cell(entry.updated.at) if entry.updated and entry.updated != entry.published else None,
    )


def _dated(row: sqlite3.Row) -> datetime | None:
    """When the entry had last changed, as the feed told it before."""
    known = [from_text(row[name]) for name in ("published_at", "updated_at") if row[name]]
    return max(known, default=None)
