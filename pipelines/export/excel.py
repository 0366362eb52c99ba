"""CSV as spreadsheet programs open it: with a BOM, and with nothing that they would run.

A cell that begins like a formula is made text with an apostrophe (OWASP, "CSV Injection"),
and so is a text that they would take for a number or a date and rewrite (`000088`, `3-4`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from pipelines.export.csv import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BOM = b"\xef\xbb\xbf"
CELL_LIMIT = 32_767  # UTF-16 units; Excel moves the rest of a longer cell to the next row

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_REWRITTEN = re.compile(
    r"[\s\d.,:/%()$€£¥-]*\d[\s\d.,:/%()$€£¥-]*|\d+(\.\d+)?[eE][+-]?\d+|true|false"
    r"|\d{0,4}[ -/.]?[A-Za-z]{3,9}[ -/.]?\d{1,4}",
    re.IGNORECASE,
)
# A date or a number is never longer.
_LONGEST_REWRITTEN = 40


def write_excel(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO) -> int:
    """Write rows as they come, texts made safe. Returns how many."""
    out.write(BOM)
    return write_csv(columns, (tuple(map(safe_cell, row)) for row in rows), out)


def safe_cell(value: Any) -> Any:
    """Give a text that a spreadsheet shows as it stands; numbers and nothing stay as they are."""
    if not isinstance(value, str) or not value:
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if value.startswith(_FORMULA) or _is_formula_after_space(text) or _would_be_rewritten(text):
        text = f"'{text}"
    return _shortened(text)


def _is_formula_after_space(text: str) -> bool:
    return text[0].isspace() and text.lstrip().startswith(_FORMULA)


def _would_be_rewritten(text: str) -> bool:
    return len(text) <= _LONGEST_REWRITTEN and _REWRITTEN.fullmatch(text) is not None


def _shortened(text: str) -> str:
    if len(text) <= CELL_LIMIT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - 1)].decode("utf-16-le", "ignore") + "…"
