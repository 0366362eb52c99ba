"""The one way an instant is written: `2022-03-04T12:11:50Z`, UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"


def to_text(moment: datetime) -> str:
    """`2022-03-04T12:11:50Z`: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime(FORM)


def from_text(text: str) -> datetime:
    """Undo `to_text`. Raises ValueError for anything else."""
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
