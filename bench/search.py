"""How long a search takes in a large record.

    python -m bench.search [--rows 200000] [--db FILE]

The record is `bench.record`'s: half English, half Chinese, words by Zipf's law. The queries are
words, phrases, prefixes, combinations and filters, drawn from common to rare, each with its
20 passages. Prints percentiles by kind, against the target of 50 ms for the 95th at
1,000,000 articles. Processor time is measured: what a search costs where nothing else runs
and the file is in memory. `--db` uses a record that is there, or keeps the one made.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import record
from pipelines.database import open_database
from pipelines.database.selection import Selection
from pipelines.search import parse_query, snippet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.record import Words
    from pipelines.database import Database

TARGET_MS = 50
QUERIES = 60


def kinds(rng: random.Random, newest: datetime) -> dict[str, Callable[[], tuple[str, Selection]]]:
    chinese, english = (stock.words for stock in record.stocks())
    symbols = [symbol for symbol, _, _ in record.instruments()]

    def ranked(words: Words) -> str:
        """A word: as likely one of the ten commonest as one between 1,000 and 10,000."""
        return words.words[int(10 ** rng.uniform(0, 4.4))]

    def either() -> str:
        return ranked(rng.choice((english, chinese)))

    def ago(days: float) -> datetime:
        return newest - timedelta(days=days)

    def few() -> str:
        """An instrument: as likely one of the ten most mentioned as one of the last thousands."""
        return symbols[int(10 ** rng.uniform(0, 3.4))]

    any_ = Selection()
    span = (newest - record.START).days
    return {
        "a word": lambda: (ranked(english), any_),
        "the commonest words": lambda: (rng.choice(english.words[:20]), any_),
        "a Chinese word": lambda: (ranked(chinese), any_),
        "two words": lambda: (f"{ranked(english)} {ranked(english)}", any_),
        "two Chinese words": lambda: (f"{ranked(chinese)} {ranked(chinese)}", any_),
        "either of three": lambda: (f"{either()} OR {either()} OR {either()}", any_),
        "one without another": lambda: (f"{ranked(english)} NOT {ranked(english)}", any_),
        "a phrase": lambda: (f'"{english.text(rng, 2)}"', any_),
        "a Chinese phrase": lambda: (f'"{chinese.text(rng, 2)}"', any_),
        "a beginning": lambda: (f"{ranked(english)[:4]}*", any_),
        "in the title": lambda: (f"title:{ranked(english)}", any_),
        "of one source": lambda: (
            ranked(english),
            Selection(source=f"Source {rng.randrange(record.SOURCES)}"),
        ),
        "of one publisher": lambda: (
            ranked(english),
            Selection(source=f"Publisher {rng.randrange(record.PUBLISHERS)}"),
        ),
        "of one instrument": lambda: (either(), Selection(symbol=few())),
        "in the other language": lambda: (ranked(english), Selection(language="zh")),
        "of the last day": lambda: (ranked(english), Selection(since=ago(1))),
        "of the last month": lambda: (either(), Selection(since=ago(30))),
        "before some day": lambda: (either(), Selection(until=ago(rng.uniform(0, span)))),
    }


def measure(database: Database, make: Callable[[], tuple[str, Selection]]) -> Iterator[float]:
    for _ in range(QUERIES):
        typed, selection = make()
        started = time.process_time()
        query = parse_query(typed)
        found = database.searching.search(query, selection, 20)
        for article in found.articles:
            snippet(article["text"], query.phrases)
        yield (time.process_time() - started) * 1000


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--db", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.db or Path(folder) / "news.db"
        if not path.exists():
            record.make(path, arguments.rows)
        everything: list[float] = []
        with open_database(path, read_only=True) as database:
            totals = database.reading.totals()
            print(f"{totals['articles']:,} articles, {totals['bytes'] / 1e6:,.0f} MB")
            newest = datetime.fromisoformat(totals["last_seen_at"])
            for name, make in kinds(random.Random(7), newest).items():
                times = list(measure(database, make))
                everything += times
                print(
                    f"{name:<22} p50 {percentile(times, 0.5):6.1f} ms"
                    f"   p95 {percentile(times, 0.95):7.1f} ms   worst {max(times):7.1f} ms",
                    flush=True,
                )
    p95 = percentile(everything, 0.95)
    print(f"{'all':<22} p95 {p95:.1f} ms (target {TARGET_MS} ms at 1,000,000)")
    return int(p95 > TARGET_MS)


if __name__ == "__main__":
    raise SystemExit(main())
