"""CSV: UTF-8 without a BOM, a header row, quoting as in RFC 4180, rows that end in a newline."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> int:
    """Write rows as they come; values are not altered. Returns how many."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    count = 0

    def counted() -> Iterable[Sequence[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    writer.writerows(counted())
    return count
