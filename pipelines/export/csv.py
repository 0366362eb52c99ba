"""CSV: UTF-8 without a BOM, a header row, quoting as in RFC 4180, rows that end in a newline."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BATCH = 200


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> int:
    """Write rows as they come; values are not altered. Returns how many."""
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    count = 0
    stream = iter(rows)
    while batch := list(islice(stream, _BATCH)):
        count += len(batch)
        # Python before 3.13 leaves a lone carriage return unquoted, and readers take it for
        # the end of the row.
        if any(type(cell) is str and "\r" in cell for row in batch for cell in row):
            careful.writerows(batch)
        else:
            writer.writerows(batch)
    return count
