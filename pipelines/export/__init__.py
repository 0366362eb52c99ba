"""Rows -> files: one module a format, one line here to add one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.export.atom import ATOM_COLUMNS, write_atom
from pipelines.export.csv import write_csv
from pipelines.export.excel import write_excel
from pipelines.export.jsonl import write_jsonl
from pipelines.export.markdown import MARKDOWN_COLUMNS, write_markdown
from pipelines.export.parquet import write_parquet
from pipelines.export.target import binary_target, posts_target, text_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Format:
    """How rows become a file.

    `write(columns, rows, out)` writes rows as they come and returns how many; `target` opens
    the `out` it wants, from a path or from None for stdout. `columns` are those that the
    format needs; None: whatever is exported. `encoded`: it takes texts as UTF-8.
    """

    write: Callable[[Sequence[str], Iterable[Sequence[Any]], Any], int]
    target: Callable[[Path | None], AbstractContextManager[Any]] = text_target
    columns: tuple[str, ...] | None = None
    encoded: bool = False


FORMATS: dict[str, Format] = {
    "csv": Format(write_csv, binary_target, encoded=True),
    "excel": Format(write_excel, binary_target),
    "jsonl": Format(write_jsonl),
    "parquet": Format(write_parquet, binary_target),
    "markdown": Format(write_markdown, posts_target, MARKDOWN_COLUMNS),
    "atom": Format(write_atom, text_target, ATOM_COLUMNS),
}
