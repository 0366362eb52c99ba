"""What became of an entry: its article is stored, its page is to be tried again, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.rows import to_cell

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.items import PendingEntry


class Outcomes:
    """What attempts came to, in `entries`; a settled entry is needed whole no more (`payloads`)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def done(
        self,
        pending: PendingEntry,
        article_id: int,
        note: str | None = None,
        *,
        until: datetime | None = None,
        keep: bool = False,
        count: int = 1,
    ) -> None:
        """The entry's article is stored; `note` says why it is less than the page.

        `until`: so long others that list the page share the reason, without asking for it.
        `keep`: its page will be looked at again, so that the whole entry is still needed.
        `count` is 0 where another entry's page was asked for, that leads to the same. What its
        feed has changed since it was taken up stays pending.
        """
        values = {"article_id": article_id, "reason": note, "count": count}
        self._settle(pending.id, "done", values, until, pending.entry_hash)
        if not keep:
            self._forget_whole(pending.id)

    def postpone(
        self, entry_id: int, reason: str, next_try_at: datetime, *, count: int = 1
    ) -> None:
        """Another attempt will be made; `count` says how many have been made since the last."""
        self._connection.execute(
            "UPDATE entries SET attempts = attempts + ?, last_error = ?, next_try_at = ?"
            " WHERE id = ?",
            (count, reason, to_cell(next_try_at), entry_id),
        )

    def give_up(
        self,
        entry_id: int,
        reason: str,
        *,
        until: datetime | None = None,
        entry_hash: str | None = None,
    ) -> None:
        """The page is not to be had; the reason is kept.

        `until` as in `done`. `entry_hash`: what it said when it was taken up.
        """
        values = {"article_id": None, "reason": reason, "count": 1}
        self._settle(entry_id, "failed", values, until, entry_hash)
        self._forget_whole(entry_id)

    def _settle(
        self,
        entry_id: int,
        state: str,
        values: Mapping[str, int | str | None],
        until: datetime | None,
        entry_hash: str | None,
    ) -> None:
        """Write what came of an attempt; what was changed since it began stays pending."""
        named = {**values, "id": entry_id, "state": state, "hash": entry_hash}
        self._connection.execute(
            "UPDATE entries SET article_id = coalesce(:article_id, article_id),"
            " attempts = attempts + :count WHERE id = :id",
            named,
        )
        self._connection.execute(
            "UPDATE entries SET state = :state, last_error = :reason, next_try_at = :until"
            " WHERE id = :id AND entry_hash = coalesce(:hash, entry_hash)",
            {**named, "until": to_cell(until)},
        )

    def _forget_whole(self, entry_id: int) -> None:
        """Keep of the entry what its columns say, unless its page is still to be fetched."""
        self._connection.execute(
            "DELETE FROM payloads WHERE entry_id = (SELECT id FROM entries"
            " WHERE id = ? AND state <> 'pending')",
            (entry_id,),
        )
