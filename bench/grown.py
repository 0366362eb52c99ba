"""Two records of one kind and different size, for what a new article costs in each.

The small one is of `bench.record`, its full-text index at rest. The large one is the small
with its rows copied by SQL, under keys, hashes and times of their own; the copies are not in
the full-text index. Both have the signatures of 70,000 articles: 14 days at 5,000 a day,
which is what a record that is tidied daily keeps.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from bench import record
from pipelines.signature import BANDS, LEAD_BANDS

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = 14 * 5_000

# A copied row's own values (t the row, n.k the number of the copy, :base how many articles
# there were, :span how many seconds they took); all other values are as they were.
LATER = "strftime('%Y-%m-%dT%H:%M:%SZ', t.first_seen_at, (n.k * :span) || ' seconds')"
MOVED = "t.{} + n.k * :base"
OWN = {
    "stories": {"id": MOVED, "first_article_id": MOVED, "first_seen_at": LATER},
    "identities": {
        "id": MOVED,
        "url_key": "t.url_key || '/' || n.k",
        "source": "t.source || (n.k % 50)",
        "first_seen_at": LATER,
        "latest_seq": MOVED,
        "story_id": MOVED,
    },
    "url_keys": {"hash": "random()", "article_id": MOVED},
    "revisions": {"seq": MOVED, "article_id": MOVED, "text_hash": "lower(hex(randomblob(8)))"},
    "story_members": {"id": MOVED, "story_id": MOVED, "article_id": MOVED},
    "entries": {"id": MOVED, "key": "lower(hex(randomblob(8)))", "article_id": MOVED},
    "mentions": {"article_id": MOVED},
}


def make(path: Path, size: int) -> float:
    """Make the small record.

    Returns milliseconds of processor, per article, for merging the two halves of its index.
    """
    record.make(path, size // 2)
    record.make(path, size)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        started = time.thread_time()
        connection.execute("INSERT INTO article_search (article_search) VALUES ('optimize')")
        took = 1000 * (time.thread_time() - started) / size
        _sign(connection, size)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return took


def grow(small: Path, base: int, path: Path, size: int) -> None:
    """Make the large record at `path`, of about `size` articles, from the small of `base`."""
    shutil.copy(small, path)
    span = int(record.EVERY.total_seconds() * base)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -500000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS small", (str(small),))
        connection.execute("CREATE TEMP TABLE n (k INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO n VALUES (?)", ((k,) for k in range(1, size // base)))
        connection.execute("BEGIN")
        for table, own in OWN.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = [own[name].format(name) if name in own else f"t.{name}" for name in columns]
            connection.execute(
                f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {', '.join(values)}"
                f" FROM n CROSS JOIN small.{table} AS t"
                + (" ORDER BY 1" if table == "url_keys" else ""),
                {"base": base, "span": span},
            )
        connection.execute("COMMIT")
        _sign(connection, size)
        connection.execute("DETACH small")
        connection.execute("PRAGMA journal_mode = WAL")


def _sign(connection: sqlite3.Connection, size: int) -> None:
    """Put signatures as of 70,000 articles in place of those there were."""
    rng = random.Random(size)
    bands = {
        rng.randrange(-(2**47), 2**47): rng.randint(max(1, size - WINDOW + 1), size)
        for _ in range(WINDOW * (BANDS + LEAD_BANDS + 1))
    }
    connection.execute("BEGIN")
    connection.execute("DELETE FROM main.signatures")
    connection.executemany(
        "INSERT INTO main.signatures (band, article_id) VALUES (?, ?)", sorted(bands.items())
    )
    connection.execute("COMMIT")
