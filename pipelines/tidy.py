"""What may be forgotten: texts and the log of polls past their retention, old signatures.

Identities are kept for ever, so that an old item that returns is not news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.known import SIGNATURE_WINDOW
from pipelines.revisiting import ANNOUNCED

if TYPE_CHECKING:
    from pipelines.database import Database

# Texts that one transaction forgets: others wait for it to end.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went: rows of the log, rows of signatures, articles that lost their text."""

    polls: int
    signatures: int
    texts: int


def tidy(
    database: Database,
    now: datetime,
    *,
    polls_kept_s: float,
    texts_kept_s: float,
    most_texts: int | None = None,
) -> Forgotten:
    """Forget what is past its time; of texts at most so many, the rest the next time."""
    with database.transaction():
        polls = database.feeds.prune_polls(now - timedelta(seconds=polls_kept_s))
        database.announcements.prune(now - ANNOUNCED)
        signatures = database.signatures.prune(now - SIGNATURE_WINDOW)
    old = database.articles.ids_with_text(now - timedelta(seconds=texts_kept_s), most_texts)
    for start in range(0, len(old), BATCH):
        with database.transaction():
            for article_id in old[start : start + BATCH]:
                database.articles.forget_text(article_id)
    return Forgotten(polls, signatures, texts=len(old))
