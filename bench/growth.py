"""What storing an article costs as the record grows, and how much room one takes.

    python -m bench.growth [--small 10000] [--large 1000000]

Into a small and a large record (`bench.grown`) 400 articles are stored through `store`, after
100 that warm it, by turns of 20, so that whatever else runs slows both alike. The time is
processor time, the mean of the 400; clock time, printed beside it, says little where other
work runs.

The large record's full-text index is no larger. An index at rest costs a new article the
same whatever its size; that its parts are merged as it grows, each article once for every
fourfold, is measured apart and added to the large record's time.

Room is measured on 2,000 articles with an entry each, of lengths as real pages have (those
of ../shared/corpora/fundus, on average: address 99 letters, title 69, image 109, tags 62, text
5.5 KB and its HTML 1.15 times that; feed summary 200, as unevenly as in ../shared/corpora/
feeds-real), stored the same way.

Targets: at most 1.25 times the time; under 2 KB of room beyond text and HTML, the full-text
index not counted.
"""

from __future__ import annotations

import argparse
import math
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bench import record
from bench.grown import grow, make
from pipelines.database import open_database
from pipelines.identity import entry_hash, entry_key
from pipelines.items import Article, Entry, Extracted, Feed, Moment, Sighting, Source
from pipelines.known import SIGNATURE_WINDOW
from pipelines.store import store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipelines.database import Database

WARM, MEASURED, TURN, ROOM = 100, 400, 20, 2_000
TARGET_RATIO, TARGET_BYTES = 1.25, 2048
SOURCE = Source(name="Harbour Ledger", domain="ledger.example.com", language="en")


@cache
def stock() -> record.Words:
    """The English vocabulary of the record."""
    return record.stocks()[1].words


def articles(seed: int, count: int, at: datetime) -> Iterator[Article]:
    """English articles that share no passage with any other, of real-looking lengths."""
    rng = random.Random(seed)
    words = stock()
    for number in range(count):
        url = f"https://www.ledger.example.com/markets/{at:%Y/%m/%d}/"
        slug = words.text(rng, 8).replace(" ", "-")
        lines = [words.text(rng, 45) for _ in range(max(2, round(18 * rng.lognormvariate(0, 0.6))))]
        yield Article(
            url=f"{url}{slug}-{seed}-{number}.html",
            title=words.text(rng, 11),
            publisher="Harbour Ledger",
            authors=("Mara Quill", "Ivo Lant")[: number % 3],
            language="en",
            published=Moment(
                at=at, raw=f"{at:%Y-%m-%dT%H:%M:%S}Z", precision="second", zone="stated",
                origin="json-ld",
            ),
            text="\n".join(lines),
            html="\n".join(f'<p>{line} <a href="{url}{slug}">{slug}</a></p>' for line in lines),
            summary=words.text(rng, 6),
            image=f"https://images.ledger.example.com/{at:%Y/%m}/{slug}/{slug[:20]}.jpg?width=1200",
            tags=tuple(words.text(rng, 2) for _ in range(5)),
            extractor="broadtape 0.1.0+2.3.1 trafilatura-precision",
        )  # fmt: skip


def store_articles(database: Database, seed: int, count: int, at: datetime) -> list[float]:
    """Store so many new articles; returns milliseconds of processor for each."""
    with database.transaction():
        feed = database.feeds.add(
            Feed(url=f"https://ledger.example.com/{seed}", name=f"Ledger {seed}", source=SOURCE)
        )
    rng = random.Random(seed)
    costs = []
    for article in articles(seed, count, at):
        # Half the summaries of real feeds are under 100 bytes, a tenth over 260.
        summary = stock().text(rng, max(1, round(14.5 * rng.lognormvariate(0, 1.15))))
        entry = Entry(
            guid=article.url, link=article.url, title=article.title, summary=summary,
            published_raw="Tue, 24 Nov 2026 08:00:00 GMT", published=article.published,
        )  # fmt: skip
        key, kind = entry_key(entry)
        sighting = Sighting(entry=entry, key=key, key_kind=kind, entry_hash=entry_hash(entry))
        with database.transaction():
            ids = database.entries.record(feed, [sighting], at, "live").new
            [pending] = database.entries.by_id(ids)
        extracted = Extracted(
            pending=pending,
            source=SOURCE.name,
            article=article,
            final_url=article.url,
            fetched_at=at,
        )
        started = time.thread_time()
        store(database, extracted, at)
        costs.append(1000 * (time.thread_time() - started))
    return costs


def costs(paths: dict[int, Path]) -> dict[int, tuple[float, float]]:
    """Store into each record in turns.

    Returns milliseconds an article: of processor (mean), and by the clock (median of turns).
    """
    spent: dict[int, list[float]] = {size: [] for size in paths}
    clock: dict[int, list[float]] = {size: [] for size in paths}
    with ExitStack() as stack:
        databases = {size: stack.enter_context(open_database(p)) for size, p in paths.items()}
        for turn in range((WARM + MEASURED) // TURN):
            for size, database in databases.items():
                at = record.START + record.EVERY * size + timedelta(minutes=1 + turn)
                started = time.perf_counter()
                took = store_articles(database, turn, TURN, at)
                if turn * TURN >= WARM:
                    spent[size] += took
                    clock[size].append(1000 * (time.perf_counter() - started) / TURN)
    return {size: (statistics.mean(spent[size]), statistics.median(clock[size])) for size in paths}


def room(path: Path) -> dict[str, float]:
    """Bytes per article of each table and index, those of text and HTML taken out.

    As it is for nearly all articles of a record that is tidied: first seen more than 14
    days ago, and not to be looked at again.
    """
    at = record.START
    with open_database(path) as database:
        store_articles(database, 0, ROOM, at)
        with database.transaction():
            for article_id in range(1, ROOM + 1):
                database.visits.end(article_id)
            database.signatures.prune(at + SIGNATURE_WINDOW)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes = dict(
            connection.execute(
                "SELECT name, sum(pgsize) * 1.0 / ? FROM dbstat GROUP BY name", (ROOM,)
            )
        )
        [text] = connection.execute(
            "SELECT sum(octets) * 1.0 / ? FROM (SELECT length(CAST(text AS BLOB))"
            " + length(CAST(html AS BLOB)) AS octets FROM revisions)",
            (ROOM,),
        ).fetchone()
    sizes["revisions"] -= text
    return sizes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sizes = room(folder / "room.db")
        search = sum(size for name, size in sizes.items() if name.startswith("article_search"))
        beyond = sum(sizes.values()) - search
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:12]:
            print(f"  {name:32} {size:7,.0f}")
        print(f"room of one article beyond its text: {beyond:,.0f} bytes (target {TARGET_BYTES:,})")
        print(f"  and {search:,.0f} of the full-text index", flush=True)
        small, large = (folder / f"growth-{size}.db" for size in (arguments.small, arguments.large))
        merge = make(small, arguments.small)
        grow(small, arguments.small, large, arguments.large)
        measured = costs({arguments.small: small, arguments.large: large})
    more = merge * math.log(arguments.large / arguments.small, 4)
    for size, (processor, clock) in measured.items():
        print(f"{size:>9,} articles: {processor:.2f} ms of processor for verdict and rows (mean)")
        print(f"           {clock:.1f} ms by the clock, with the entry's rows (median)")
    print(f"merging of the full-text index between the two: {more:.2f} ms an article more")
    ratio = (measured[arguments.large][0] + more) / measured[arguments.small][0]
    print(f"{ratio:.2f} times (target {TARGET_RATIO})")
    return int(ratio > TARGET_RATIO or beyond > TARGET_BYTES)


if __name__ == "__main__":
    sys.exit(main())
