"""How values become cells and cells values."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SEPARATOR = "; "


def to_cell(moment: datetime | None) -> str | None:
    """Write an instant as `2022-03-04T12:11:50Z`, in UTC, in whole seconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_cell(text: str) -> datetime:
    """Read what `to_cell` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def from_cell(text: str | None) -> datetime | None:
    """Read what `to_cell` wrote where there may be nothing."""
    return None if text is None else read_cell(text)


def joined(values: Iterable[str]) -> str | None:
    """Write several values in one cell, as exports show them; None when there are none."""
    return SEPARATOR.join(value.replace(";", ",") for value in values) or None


def split(cell: str | None) -> tuple[str, ...]:
    """Read what `joined` wrote."""
    return tuple(cell.split(SEPARATOR)) if cell else ()


def to_json(value: object) -> str:
    """Write a small structure for a cell that only Broadtape reads."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
