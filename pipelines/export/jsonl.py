"""JSON Lines: an object a line, UTF-8, lists as lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from pipelines.export.fields import native

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Legal inside a JSON string, but some readers of lines end a line there.
_LINE_ENDS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"})


def write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> int:
    """Write rows as they come. Returns how many."""
    return write_objects((native(columns, row) for row in rows), out)


def write_objects(objects: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write any objects, one a line. Returns how many."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    count = 0
    for value in objects:
        out.write(encode(value).translate(_LINE_ENDS) + "\n")
        count += 1
    return count
