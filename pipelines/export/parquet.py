"""Parquet: typed columns, written a row group at a time."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from pipelines.database.rows import split
from pipelines.errors import ExportError
from pipelines.export.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.export.fields import Kind

# Some 8 MB of news. pyarrow holds several times that in memory.
_ROW_GROUP = 2_000


def write_parquet(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO) -> int:
    """Write rows as they come: instants with their zone, lists of strings. Returns how many.

    Raises:
        ExportError: pyarrow is not installed, or `out` is a terminal.
    """
    if out.isatty():
        raise ExportError("Parquet is not for reading on a terminal", "name a file with -o")
    pyarrow, parquet = _pyarrow()
    schema = pyarrow.schema(
        [
            pyarrow.field(name, _type(pyarrow, FIELDS[name].kind), not FIELDS[name].required)
            for name in columns
        ]
    )
    count = 0
    stream = iter(rows)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(stream, _ROW_GROUP)):
            arrays = [
                pyarrow.array(_values(FIELDS[name].kind, cells), schema.field(name).type)
                for name, cells in zip(columns, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(group)
    return count


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ExportError(
            "Parquet needs pyarrow", "install it with: pip install 'broadtape[parquet]'"
        ) from error
    return pyarrow, pyarrow.parquet


def _type(pyarrow: Any, kind: Kind) -> Any:
    return {
        "integer": pyarrow.int64(),
        "text": pyarrow.string(),
        "instant": pyarrow.timestamp("us", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
    }[kind]


def _values(kind: Kind, cells: Sequence[Any]) -> Sequence[Any]:
    if kind == "instant":
        return [None if cell is None else datetime.fromisoformat(cell) for cell in cells]
    if kind == "list":
        return [split(cell) for cell in cells]
    return cells
