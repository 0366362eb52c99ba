"""python -m bench.rivals [pages feeds stories edits] [--sample N] [--write]."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bench.quality.corpora import CORPORA
from bench.rivals import edits, feeds, pages, report, stories

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS: dict[str, Callable[[int], str]] = {
    "pages": lambda sample: report.of_pages(pages.measure(sample)),
    "feeds": lambda _: report.of_feeds(feeds.measure()),
    "stories": lambda _: report.of_stories(stories.measure()),
    "edits": lambda _: report.of_edits(edits.measure()),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Broadtape beside its rivals.")
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="all of them by default")
    parser.add_argument("--sample", type=int, default=300, help="at most so many pages a corpus")
    parser.add_argument("--write", action="store_true", help="into docs/comparison.md")
    chosen = parser.parse_args()
    if not CORPORA.is_dir():
        print("bench.rivals: no ../shared/corpora here, nothing is measured")
        return
    for part in chosen.part or PARTS:
        table = PARTS[part](chosen.sample)
        print(f"\n{part}\n\n{table}", flush=True)
        if chosen.write:
            report.write(part, table)
    if chosen.write:
        report.write("versions", report.versions())


if __name__ == "__main__":
    main()
