"""How values become cells and cells values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelines.instants import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SEPARATOR = "; "


def to_cell(moment: datetime | None) -> str | None:
    """Write an instant as `2022-03-04T12:11:50Z`, in UTC, in whole seconds."""
    return None if moment is None else to_text(moment)


def from_cell(text: str | None) -> datetime | None:
    """Read what `to_cell` wrote."""
    return None if text is None else from_text(text)


def joined(values: Iterable[str]) -> str | None:
    """Write several values in one cell, as exports show them; None when there are none."""
    return SEPARATOR.join(value.replace(";", ",") for value in values) or None


def split(cell: str | None) -> tuple[str, ...]:
    """Read what `joined` wrote."""
    return tuple(cell.split(SEPARATOR)) if cell else ()


def to_json(value: object) -> str:
    """Write a small structure for a cell that only Broadtape reads."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
