"""Rows -> files: one module a format, one line here to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TextIO

from pipelines.export.csv import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Writer(Protocol):
    """Writes rows as they come; returns how many."""

    def __call__(self, columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> int:
        """Write to `out`, a text stream opened with newline=''."""


FORMATS: dict[str, Writer] = {
    "csv": write_csv,
}
