"""The user's own table of names: `symbols.csv` with the columns symbol, names, aliases.

    symbol,names,aliases
    XSHE:000088,盐田港,深圳市盐田港股份有限公司
    XNAS:AAPL,Apple Inc.; Apple,AAPL shares

Several names are parted by semicolons. The longest name that fits wins; in Latin script it
must be whole words, in Chinese there are no such borders. A name that is a common word of
its language is refused, for it would be found everywhere.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import lru_cache
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ConfigError
from pipelines.symbols.candidates import Candidate
from pipelines.symbols.markets import US_EXCHANGES, Listing
from pipelines.symbols.normalise import read_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORTEST = 2
START = 2
COMMON = frozenset(
    "all and are bank best block box can data day energy first for gap general global gold group "
    "has home key life live market match may new news next now oil one open out people real sea "
    "snap square stock target the time unity visa well world".split()
)


@dataclass(frozen=True, slots=True)
class NameTable:
    """Names by their first two characters, the longest first."""

    by_start: Mapping[str, tuple[tuple[str, Listing], ...]]
    us_listings: Mapping[str, Listing] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> NameTable:
        """Read a table.

        Raises:
            ConfigError: naming the file and the line, with the remedy.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(f"cannot read {path} ({error})", "save it as CSV in UTF-8") from error
        if rows and not {"symbol", "names"} <= set(rows[0]):
            raise ConfigError(f"{path}: line 1", "name the columns symbol,names,aliases")
        found: dict[str, Listing] = {}
        for number, row in enumerate(rows, start=2):
            found |= _names(row, f"{path}: line {number}")
        return cls.of(found)

    @classmethod
    def of(cls, names: Mapping[str, Listing]) -> NameTable:
        """Make a table of names and what they mean."""
        by_start: dict[str, list[tuple[str, Listing]]] = {}
        for name in sorted(names, key=len, reverse=True):
            by_start.setdefault(name[:START], []).append((name, names[name]))
        us = {known.code: known for known in names.values() if known.mic in US_EXCHANGES}
        return cls({start: tuple(found) for start, found in by_start.items()}, us)

    def find(self, text: str) -> Iterator[Candidate]:
        """Find the names in a text, the longest at each place, none inside another."""
        starts = self.by_start.keys() & set(map(add, text, text[1:]))
        places = sorted((at, start) for start in starts for at in _places(text, start))
        free = 0
        for at, start in places:
            if at < free:
                continue
            for name, known in self.by_start[start]:
                end = at + len(name)
                if text.startswith(name, at) and _is_whole(text, at, end):
                    yield Candidate(
                        listing=known, rule="user-name", certainty="medium", matched=name, name=name
                    )
                    free = end
                    break


def _places(text: str, start: str) -> Iterator[int]:
    at = text.find(start)
    while at >= 0:
        yield at
        at = text.find(start, at + 1)


@lru_cache(maxsize=1)
def names_in(file: str | None) -> NameTable | None:
    """The user's table, read once by each worker; None where there is none."""
    return NameTable.load(Path(file)) if file else None


def _names(row: Mapping[str, str | None], where: str) -> dict[str, Listing]:
    symbol = (row.get("symbol") or "").strip()
    known = read_symbol(symbol)
    if known is None:
        raise ConfigError(f"{where}: {symbol!r} is no symbol", "write it as XSHE:000088")
    names = f"{row.get('names') or ''};{row.get('aliases') or ''}".replace("；", ";").split(";")
    found = {}
    for name in filter(None, map(str.strip, names)):
        if len(name) < SHORTEST or name.casefold() in COMMON:
            raise ConfigError(
                f"{where}: {name!r} is too common a name", "write the company's full name"
            )
        found[name] = known
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether Latin letters or digits do not run on at either end; Chinese always may."""
    return not (
        (start and _runs_on(text[start - 1], text[start]))
        or (end < len(text) and _runs_on(text[end - 1], text[end]))
    )


def _runs_on(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and left < "\u2e80" and right < "\u2e80"
