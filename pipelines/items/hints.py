"""What is known of a page before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.items.entry import Entry
    from pipelines.items.feed import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a page before it is read: its feed entry and its source.

    `furniture` are lines learned to be the source's furniture (folded, see
    `pipelines.furniture`), `suffixes` the site names its titles end in, `names_file` the
    user's own table of names (`pipelines.symbols.names`).
    """

    source: Source
    entry: Entry
    furniture: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()
    names_file: str | None = None
