"""python -m bench.quality [--corpus X] [--sample N] [--half even|odd] [--write]."""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from bench.quality.corpora import LOADERS
from bench.quality.report import figures, markdown
from bench.quality.run import score

DEFAULT = [name for name in LOADERS if name != "htmldate-eval"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure extraction on real pages with gold.")
    parser.add_argument("--corpus", action="append", choices=list(LOADERS))
    parser.add_argument("--sample", type=int, help="only the first N pages of each corpus")
    parser.add_argument("--half", choices=["even", "odd"])
    parser.add_argument("--write", action="store_true", help="write docs/quality.md")
    parser.add_argument("--rows", type=Path, help="write every page's figures to this file")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with ProcessPoolExecutor(2) as pool:
        for name in options.corpus or DEFAULT:
            cases = (c for c in LOADERS[name]() if options.half in {None, c.half})
            rows += pool.map(score, islice(cases, options.sample), chunksize=4)
    print(markdown(figures(rows)))
    if options.rows:
        options.rows.write_text(json.dumps(rows, ensure_ascii=False))
    if options.write:
        target = Path(__file__).resolve().parents[2] / "docs" / "quality.md"
        target.write_text(markdown(figures(rows), whole=True))


if __name__ == "__main__":
    main()
