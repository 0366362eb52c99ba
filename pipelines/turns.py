"""Whose turn it is to ask for a page, and which entries wait for what that brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.items import PendingEntry, Reading


class Address(NamedTuple):
    """A page as it is asked for: how the source reads its pages, and the URL key of the link."""

    reading: Reading
    url_key: str


@dataclass(slots=True)
class Turn:
    """One entry's turn to ask for a page; `begun_at` is before it was asked for."""

    address: Address
    begun_at: datetime
    waiting: list[PendingEntry] = field(default_factory=list)


class Turns:
    """The turns of one crawl: of the entries that lead to one page, one asks at a time."""

    def __init__(self) -> None:
        self._turns: dict[Address, Turn] = {}
        self._by_entry: dict[int, Turn] = {}

    def begin(self, address: Address, pending: PendingEntry, now: datetime) -> None:
        """Let an entry ask for the page; nobody else does until `end`."""
        self._turns[address] = self._by_entry[pending.id] = Turn(address, now)

    def wait(self, address: Address, pending: PendingEntry) -> bool:
        """Let an entry wait if the page is under way; whether it is."""
        turn = self._turns.get(address)
        if turn is not None:
            turn.waiting.append(pending)
        return turn is not None

    def of(self, pending: PendingEntry) -> Turn | None:
        """The entry's turn; None if it has none."""
        return self._by_entry.get(pending.id)

    def end(self, pending: PendingEntry) -> Turn | None:
        """The entry has had its turn, if it had one."""
        turn = self._by_entry.pop(pending.id, None)
        if turn is not None:
            del self._turns[turn.address]
        return turn
