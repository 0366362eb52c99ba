"""A record of a million articles out of a small one, in minutes.

    python -m bench.enlarge FILE TIMES

FILE is a record of `bench.record`, of up to 60,000 articles. Its articles are repeated until
there are TIMES as many, at the same dates, each copy a story of its own. Rows are copied by
SQL. The full-text index is not filled anew, which would take an hour: its pages are copied,
and the ids in them moved. That can be done in place, for ids between 2^14 and 2^21 take three
bytes, and a page states few of them in full (https://www.sqlite.org/src/file/ext/fts5/fts5_index.c):
the first of each term's list, the first on each page, and the first of each page of skips.
FTS5's own integrity check has the last word.
"""

from __future__ import annotations

import argparse
import sqlite3
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from bench.record import FIRST_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of the columns that are moved with the copies. The rest is copied as it is.
MOVED = {
    "stories": ("id", "first_article_id"),
    "identities": ("id", "latest_seq", "story_id"),
    "revisions": ("seq", "article_id"),
    "story_members": ("story_id", "article_id"),
    "mentions": ("article_id",),
    "article_search_docsize": ("id",),
}
LEFT_OUT = {"story_members": ("id",)}
PER_TABLE = (
    "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {key} BETWEEN ? AND ?"
)
AVERAGES, STRUCTURE = 1, 10
_SEGMENT = 37  # bits below the number of a segment in the key of a page
_SKIPS = 1 << 36


@dataclass(frozen=True)
class Index:
    """All pages of the base's segments as one array, and where in it ids stand in full."""

    keys: list[int]
    bounds: list[int]
    bytes: numpy.ndarray
    places: numpy.ndarray

    def moved(self, by: int) -> Iterator[tuple[int, bytes]]:
        """The pages with every id moved, by their old keys."""
        content, at = self.bytes.copy(), self.places
        old = (
            (content[at].astype(numpy.int64) & 127) << 14
            | (content[at + 1].astype(numpy.int64) & 127) << 7
            | content[at + 2]
        )
        new = old + by
        content[at], content[at + 1] = new >> 14 | 128, new >> 7 & 127 | 128
        content[at + 2] = new & 127
        whole = content.tobytes()
        for key, start, end in zip(self.keys, self.bounds, self.bounds[1:], strict=False):
            yield key, whole[start:end]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to eight bytes, and where what follows it begins."""
    value = 0
    while True:
        byte = data[at]
        at += 1
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at


def ids_of_leaf(page: bytes) -> set[int]:
    """Where on a leaf ids are written in full."""
    first, size = struct.unpack_from(">HH", page)
    places = {first} if first else set()
    at, term, footer = 0, 0, size
    while footer < len(page):
        delta, footer = varint(page, footer)
        at += delta
        place = at
        if term:
            _, place = varint(page, place)  # letters shared with the term before
        letters, place = varint(page, place)
        place += letters
        term += 1
        if place < size:  # else its list begins on the next page
            places.add(place)
    return places


def ids_of_skips(page: bytes) -> set[int]:
    """Where on a page of skips an id is written in full."""
    return {varint(page, 1)[1]}


def read_index(connection: sqlite3.Connection) -> Index:
    """Take the index apart."""
    keys, bounds, parts, places = [], [0], [], []
    rows = connection.execute(
        "SELECT id, block FROM article_search_data WHERE id > ? ORDER BY id", (STRUCTURE,)
    )
    for key, page in rows:
        found = ids_of_skips(page) if key & _SKIPS else ids_of_leaf(page)
        places += sorted(bounds[-1] + place for place in found)
        keys.append(key)
        parts.append(page)
        bounds.append(bounds[-1] + len(page))
    content = numpy.frombuffer(b"".join(parts), numpy.uint8)
    return Index(keys, bounds, content, numpy.array(places))


def enlarge(path: Path, times: int) -> None:
    """Repeat the record's articles until there are `times` as many."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -300000")
    connection.execute("PRAGMA wal_autocheckpoint = 50000")
    connection.execute("INSERT INTO article_search (article_search) VALUES ('optimize')")
    last, articles = connection.execute("SELECT max(id), count(*) FROM identities").fetchone()
    assert last - FIRST_ID + 1 == articles, "enlarged already"
    assert FIRST_ID + articles * times < 1 << 21, "too many ids for three bytes"
    index = read_index(connection)
    (segment,) = {key >> _SEGMENT for key in index.keys}
    terms = connection.execute("SELECT term, pgno FROM article_search_idx").fetchall()
    for copy in range(1, times):
        connection.execute("BEGIN")
        copy_rows(connection, copy * articles, last)
        connection.executemany(
            "INSERT INTO article_search_data VALUES (?, ?)",
            ((key + (copy << _SEGMENT), page) for key, page in index.moved(copy * articles)),
        )
        connection.executemany(
            "INSERT INTO article_search_idx VALUES (?, ?, ?)",
            ((segment + copy, term, page) for term, page in terms),
        )
        connection.execute("COMMIT")
    connection.execute("BEGIN")
    write_structure(connection, segment, times)
    connection.execute("COMMIT")
    connection.close()


def copy_rows(connection: sqlite3.Connection, by: int, last: int) -> None:
    for table, moved in MOVED.items():
        columns = [
            row[1]
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[1] not in LEFT_OUT.get(table, ())
        ]
        values = [f"{name} + {by}" if name in moved else name for name in columns]
        key = "id" if "id" in moved else "article_id"
        connection.execute(
            PER_TABLE.format(
                table=table, columns=", ".join(columns), values=", ".join(values), key=key
            ),
            (FIRST_ID, last),
        )


def write_structure(connection: sqlite3.Connection, segment: int, times: int) -> None:
    """Tell FTS5 of the copied segments: as many of one level, and what they hold in sum."""
    (block,) = connection.execute(
        "SELECT block FROM article_search_data WHERE id = ?", (STRUCTURE,)
    ).fetchone()
    numbers, at = [], 4
    while at < len(block):
        number, at = varint(block, at)
        numbers.append(number)
    levels, segments, writes = numbers[:3]
    assert segments == 1
    pages = numbers[-1]
    told = [levels, times, writes]
    told += [0, 0] * (levels - 1) + [0, times]
    for copy in range(times):
        told += [segment + copy, 1, pages]
    connection.execute(
        "UPDATE article_search_data SET block = ? WHERE id = ?",
        (block[:4] + b"".join(map(_varint, told)), STRUCTURE),
    )
    (block,) = connection.execute(
        "SELECT block FROM article_search_data WHERE id = ?", (AVERAGES,)
    ).fetchone()
    sums, at = [], 0
    while at < len(block):
        number, at = varint(block, at)
        sums.append(number * times)
    connection.execute(
        "UPDATE article_search_data SET block = ? WHERE id = ?",
        (b"".join(map(_varint, sums)), AVERAGES),
    )


def _varint(number: int) -> bytes:
    parts = [number & 127]
    while number := number >> 7:
        parts.append(number & 127 | 128)
    return bytes(reversed(parts))


def check(path: Path) -> None:
    """Let FTS5 read all of the index; raises sqlite3.DatabaseError where it is not as it must."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("INSERT INTO article_search (article_search) VALUES ('integrity-check')")
    connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("times", type=int)
    parser.add_argument("--check", action="store_true", help="let FTS5 check all of the index")
    arguments = parser.parse_args()
    started = time.monotonic()
    enlarge(arguments.file, arguments.times)
    if arguments.check:
        check(arguments.file)
    print(f"{arguments.file.stat().st_size / 1e6:,.0f} MB, {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
