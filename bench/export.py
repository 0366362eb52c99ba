"""Memory and time of `broadtape export`, on as many rows as wanted.

    python -m bench.export [--rows 100000]

Rows are made through the database's own door, with bodies of about 3,000 characters.
Prints the peak memory of the export's process and its time, against the target of 120 MB.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.database import Database, open_database
from pipelines.items import Article, Moment

TARGET_MB = 120
WORDS = (*(f"word{number}" for number in range(400)), "利率", "股市", "上涨", "公司", "利润")


def fill(database: Database, rows: int) -> None:
    """Store `rows` synthetic articles."""
    rng = random.Random(7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, rows, 5000):
        with database.transaction():
            for number in range(first, min(first + 5000, rows)):
                at = start + timedelta(seconds=number)
                text = "\n".join(" ".join(rng.choices(WORDS, k=90)) for _ in range(6))
                article = Article(
                    url=f"https://news.example.com/{number}",
                    title=" ".join(rng.choices(WORDS, k=9)),
                    publisher="Example",
                    language="en",
                    published=Moment(
                        at=at, raw="", precision="second", zone="stated", origin="feed"
                    ),
                    text=text,
                )
                article_id = database.articles.create(
                    f"news.example.com/{number}", "Example", at, "live"
                )
                database.articles.add_revision(
                    article_id,
                    article,
                    "add",
                    seen_at=at,
                    computed_at=at,
                    text_hash=f"{number:032x}",
                    word_count=540,
                )
                database.stories.begin(article_id, at, at)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "x.db", Path(folder) / "x.csv"
        started = time.perf_counter()
        with open_database(path) as database:
            fill(database, arguments.rows)
        print(f"{arguments.rows:,} rows made in {time.perf_counter() - started:.0f} s")
        command = [str(Path(sys.executable).with_name("broadtape")), "--db", str(path)]
        started = time.perf_counter()
        export = subprocess.Popen([*command, "export", "-f", "csv", "-o", str(out)])
        _, _, usage = os.wait4(export.pid, 0)
        peak_mb = usage.ru_maxrss / 1024
        print(
            f"export: {time.perf_counter() - started:.1f} s, {peak_mb:.0f} MB of memory"
            f" (target {TARGET_MB}), {out.stat().st_size / 1e6:.0f} MB of CSV"
        )
        return int(peak_mb > TARGET_MB)


if __name__ == "__main__":
    sys.exit(main())
