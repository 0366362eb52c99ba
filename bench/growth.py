"""What storing an article costs as the record grows, and how much room one takes.

    python -m bench.growth [--small 10000] [--large 1000000]

A record of the small size is made and 400 articles are stored through `store`; then the
record is grown to the large size and 400 more are stored. Grown rows are copies of the
small record's by SQL, with keys, hashes and signatures of their own, at 5,000 articles a
day; signatures older than the window are gone, as they are in a record that is tidied
daily. The grown part is not in the full-text index.

Target: at most 1.25 times the time per article; under 2 KB beyond an article's own text.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.database import Database, open_database
from pipelines.identity import entry_hash
from pipelines.items import Article, Entry, Feed, Sighting, Source
from pipelines.store import SIGNATURE_WINDOW, Extracted, store

A_DAY = 5_000
MEASURED = 400
TARGET_RATIO, TARGET_BYTES = 1.25, 2048
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SYLLABLES = [a + b + c for a in "bdfklmnprst" for b in "aeiou" for c in "bdfklmnprst"]


def make_article(rng: random.Random, number: int) -> Article:
    """An article of about 2,600 letters in words that no other shares much of."""
    words = ["".join(rng.choices(SYLLABLES, k=rng.randrange(1, 4))) for _ in range(420)]
    lines = [" ".join(words[start : start + 60]) + "." for start in range(0, 420, 60)]
    return Article(
        url=f"https://news.example.com/{number}",
        title=" ".join(rng.choices(words, k=9)),
        publisher="Example",
        language="en",
        text="\n".join(lines),
        extractor="bench",
    )


def store_articles(database: Database, feed: int, first: int, count: int) -> list[float]:
    """Store so many new articles; returns milliseconds for each verdict with its rows."""
    rng = random.Random(first)
    costs = []
    for number in range(first, first + count):
        article = make_article(rng, number)
        entry = Entry(guid=str(number), link=article.url, title=article.title)
        sighting = Sighting(
            entry=entry, key=str(number), key_kind="guid", entry_hash=entry_hash(entry)
        )
        with database.transaction():
            ids = database.entries.record(feed, [sighting], NOW, "live").new
            [pending] = database.entries.by_id(ids)
        extracted = Extracted(
            pending=pending,
            source="Example",
            article=article,
            final_url=article.url,
            fetched_at=NOW,
        )
        started = time.perf_counter()
        store(database, extracted, NOW)
        costs.append(1000 * (time.perf_counter() - started))
    return costs


GROW = """
BEGIN;
CREATE TEMP TABLE n (k INTEGER PRIMARY KEY);
WITH RECURSIVE c (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < :copies)
INSERT INTO n SELECT k FROM c;
INSERT INTO identities (id, url_key, source, first_seen_at, arrival, latest_seq, story_id)
SELECT i.id + n.k * :base, i.url_key || '/' || n.k, i.source || (n.k % 50),
       strftime('%Y-%m-%dT%H:%M:%SZ', :start + (i.id + n.k * :base) * 86400.0 / :a_day,
                'unixepoch'),
       i.arrival, i.latest_seq + n.k * :base, i.story_id + n.k * :base
  FROM n, identities AS i WHERE i.id <= :base;
INSERT INTO url_keys SELECT url_key, id FROM identities WHERE id > :base ORDER BY url_key;
INSERT INTO stories (id, first_article_id, first_seen_at, articles)
SELECT id, id, first_seen_at, 1 FROM identities WHERE id > :base;
INSERT INTO story_members (story_id, article_id, computed_at, rank)
SELECT id, id, first_seen_at, 1 FROM identities WHERE id > :base;
"""


def grow(path: Path, base: int, size: int) -> None:
    """Bring the record from `base` articles to about `size`."""
    copies = size // base - 1
    start = (NOW - timedelta(days=size / A_DAY)).timestamp()
    values = {"copies": copies, "base": base, "start": start, "a_day": A_DAY}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")
        for statement in GROW.split(";\n"):
            if statement.strip():
                connection.execute(
                    statement, {k: v for k, v in values.items() if f":{k}" in statement}
                )
        columns = [row[1] for row in connection.execute("PRAGMA table_info(revisions)")]
        kept = [c for c in columns if c not in ("seq", "article_id", "text_hash")]
        connection.execute(
            f"INSERT INTO revisions (seq, article_id, text_hash, {', '.join(kept)})"
            " SELECT r.seq + n.k * :base, r.article_id + n.k * :base,"
            f" lower(hex(randomblob(16))), {', '.join('r.' + c for c in kept)}"
            " FROM n, revisions AS r WHERE r.article_id <= :base",
            {"base": base},
        )
        since = (NOW - SIGNATURE_WINDOW).timestamp()
        connection.execute(
            "INSERT INTO signatures SELECT random(), id, 1, strftime('%s', first_seen_at) + 0"
            " FROM identities, (SELECT 1 FROM n LIMIT 13)"
            " WHERE id > :base AND strftime('%s', first_seen_at) + 0 >= :since ORDER BY 1",
            {"base": base, "since": since},
        )
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def room(path: Path) -> tuple[float, float]:
    """Bytes per article beyond its text: without and with the full-text index."""
    with closing(sqlite3.connect(path)) as connection:
        articles, text = connection.execute(
            "SELECT count(*), sum(length(CAST(text AS BLOB))) FROM revisions"
        ).fetchone()
        [(pages, size)] = connection.execute(
            "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
        )
        search = sum(
            connection.execute(f"SELECT coalesce(sum(length(block)), 0) FROM {name}").fetchone()[0]
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE name LIKE 'article_search%_data'"
            ).fetchall()
        )
    whole = pages * size - text
    return (whole - search) / articles, whole / articles


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        with open_database(path) as database:
            with database.transaction():
                feed = database.feeds.add(
                    Feed(
                        url="https://news.example.com/rss",
                        name="Example",
                        source=Source(name="Example", domain="news.example.com"),
                    )
                )
            store_articles(database, feed, 0, arguments.small)
            small = statistics.median(store_articles(database, feed, 10_000_000, MEASURED))
        without, with_search = room(path)
        grow(path, arguments.small + MEASURED, arguments.large)
        with open_database(path) as database:
            store_articles(database, feed, 20_000_000, 50)
            large = statistics.median(store_articles(database, feed, 30_000_000, MEASURED))
    ratio = large / small
    print(f"{arguments.small:>9,} articles: {small:.2f} ms for verdict and rows (median)")
    print(f"{arguments.large:>9,} articles: {large:.2f} ms, {ratio:.2f} times (target 1.25)")
    print(f"room of one article beyond its text: {without:,.0f} bytes (target {TARGET_BYTES:,})")
    print(f"  with the full-text index: {with_search:,.0f} bytes")
    return int(ratio > TARGET_RATIO or without > TARGET_BYTES)


if __name__ == "__main__":
    sys.exit(main())
