"""Time and memory of `broadtape export`, against `sqlite3 -csv` of the same columns.

    python -m bench.export [--rows 100000] [--db FILE]

Both are run alternately, three times each, and the best of each is compared: processor time,
which other work on the machine changes least, and time on the clock. Targets: 1.6 times
the time of sqlite3, and 150 MB of memory. The record is `bench.record`'s; `--db` uses one
that is there, or keeps the one made.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import record
from pipelines.database.selection import EXPORT_COLUMNS

TARGET_RATIO, TARGET_MB = 1.6, 150
ROUNDS = 3
# The columns of the export as one would ask the tables for them in plain SQL.
OTHERS = {
    "symbols": "(SELECT group_concat(DISTINCT symbol) FROM mentions AS m"
    " WHERE m.article_id = a.id AND m.revision = a.revision)",
    "story_size": "s.articles",
}
QUERY = (
    f"SELECT {', '.join(OTHERS.get(name, f'a.{name}') for name in EXPORT_COLUMNS)}"
    " FROM articles AS a LEFT JOIN stories AS s ON s.id = a.story_id ORDER BY a.id"
)


@dataclass(frozen=True, order=True)
class Cost:
    """Of one process, its children included."""

    processor_s: float
    clock_s: float
    memory_mb: float


def cost(command: list[str], out: Path) -> Cost:
    """Run a command with its stdout in a file."""
    started = time.perf_counter()
    with out.open("wb") as file:
        process = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    clock = time.perf_counter() - started
    return Cost(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1024)


def compare(database: Path, folder: Path) -> bool:
    """Run both, say what they cost, and whether the targets were met."""
    broadtape = [str(Path(sys.executable).with_name("broadtape")), "--db", str(database)]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(cost(["sqlite3", "-csv", "-header", str(database), QUERY], folder / "a.csv"))
        ours.append(cost([*broadtape, "export", "-f", "csv"], folder / "b.csv"))
    processor = min(ours).processor_s / min(theirs).processor_s
    clock = min(one.clock_s for one in ours) / min(one.clock_s for one in theirs)
    memory = max(one.memory_mb for one in ours)
    print(f"{database.stat().st_size / 1e6:,.0f} MB of database")
    print(f"sqlite3 -csv: {min(theirs).processor_s:.1f} s of processor,", end=" ")
    print(f"{min(one.clock_s for one in theirs):.1f} s")
    print(f"broadtape export: {min(ours).processor_s:.1f} s of processor,", end=" ")
    print(f"{min(one.clock_s for one in ours):.1f} s, {memory:.0f} MB (target {TARGET_MB})")
    print(f"ratio: {processor:.2f} of processor time, {clock:.2f} on the clock", end=" ")
    print(f"(target {TARGET_RATIO}); {(folder / 'b.csv').stat().st_size / 1e6:.0f} MB of CSV")
    return processor <= TARGET_RATIO and memory <= TARGET_MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--db", type=Path)
    arguments = parser.parse_args()
    if shutil.which("sqlite3") is None:
        print("no sqlite3 command to compare with")
        return 1
    with tempfile.TemporaryDirectory() as name:
        database = arguments.db or Path(name) / "news.db"
        if not database.exists():
            record.make(database, arguments.rows)
        return int(not compare(database, Path(name)))


if __name__ == "__main__":
    sys.exit(main())
