"""What may be forgotten: the log of polls past its retention, signatures past their window.

Identities are kept for ever, so that an old item that returns is not news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.store import SIGNATURE_WINDOW

if TYPE_CHECKING:
    from pipelines.database import Database


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows that went."""

    polls: int
    signatures: int


def tidy(database: Database, now: datetime, polls_kept_s: float) -> Forgotten:
    """Forget what is past its time."""
    with database.transaction():
        return Forgotten(
            polls=database.feeds.prune_polls(now - timedelta(seconds=polls_kept_s)),
            signatures=database.signatures.prune(now - SIGNATURE_WINDOW),
        )
