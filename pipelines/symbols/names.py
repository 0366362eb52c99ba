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
import logging
from dataclasses import dataclass, field
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ConfigError
from pipelines.symbols.candidates import candidate
from pipelines.symbols.markets import US_EXCHANGES, Listing
from pipelines.symbols.normalise import read_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.symbols.candidates import Candidate

LOG = logging.getLogger(__name__)
SHORTEST = 2
START = 2
COMMON = frozenset(
    "all and are bank best block box can data day energy first for gap general global gold group "
    "has home key life live market match may new news next now oil one open out people real sea "
    "snap square stock target the time unity visa well world".split()
)


@dataclass(frozen=True, slots=True)
class NameTable:
    """Whole names and what they mean; `lengths` are those of names with the same start."""

    names: Mapping[str, Listing]
    lengths: Mapping[str, tuple[int, ...]]
    us_listings: Mapping[str, Listing] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> NameTable:
        """Read a table.

        Raises:
            ConfigError: naming the file and the line, with the remedy.
        """
        found: dict[str, Listing] = {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                if not {"symbol", "names"} <= set(reader.fieldnames or ()):
                    raise ConfigError(f"{path}: line 1", "name the columns symbol,names,aliases")
                for row in reader:
                    where = f"{path}: line {reader.line_num}"
                    for name, known in _names(row, where).items():
                        if found.setdefault(name, known) != known:
                            raise ConfigError(
                                f"{where}: {name!r} already means {found[name].symbol}",
                                "give each symbol names of its own",
                            )
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(f"cannot read {path} ({error})", "save it as CSV in UTF-8") from error
        return cls.of(found)

    @classmethod
    def of(cls, names: Mapping[str, Listing]) -> NameTable:
        """Make a table of names and what they mean."""
        lengths: dict[str, set[int]] = {}
        for name in names:
            lengths.setdefault(name[:START], set()).add(len(name))
        us = {known.code: known for known in names.values() if known.mic in US_EXCHANGES}
        longest_first = {start: tuple(sorted(n, reverse=True)) for start, n in lengths.items()}
        return cls(dict(names), longest_first, us)

    def overrules(self, found: Candidate) -> bool:
        """Whether the user says that these very words mean another symbol (`LVMH.PA`)."""
        known = self.names.get(found.matched)
        return known is not None and known != found.listing

    def find(self, text: str) -> Iterator[Candidate]:
        """Find the names in a text, the longest at each place, none inside another."""
        free = 0
        for at, start in enumerate(map(add, text, text[1:])):
            if start not in self.lengths or at < free:
                continue
            for length in self.lengths[start]:
                name = text[at : at + length]
                known = self.names.get(name)
                if known is not None and _is_whole(text, at, at + length):
                    yield from candidate(known, "user-name", "medium", name, at=at, name=name)
                    free = at + length
                    break


@dataclass(frozen=True, slots=True)
class _Read:
    """A table as it was read, and what the file looked like then."""

    stamp: tuple[int, int] | None
    table: NameTable | None


_TABLES: dict[str, _Read] = {}


def check_names(file: Path | None) -> None:
    """Refuse to begin with a table that cannot be read.

    Raises:
        ConfigError: naming the file and the line, with the remedy.
    """
    if file:
        NameTable.load(file)


def names_in(file: str | None) -> NameTable | None:
    """The user's table, read anew when the file has changed; None where there is none.

    No page is lost for its sake: a table that can no longer be read (half saved, a wrong
    line) is said in the log, and the names read before stay in use, if this process has any.
    """
    if not file:
        return None
    known, stamp = _TABLES.get(file), _stamp(file)
    if known is None or known.stamp != stamp:
        known = _TABLES[file] = _Read(stamp, _load(file, known.table if known else None))
    return known.table


def _load(file: str, before: NameTable | None) -> NameTable | None:
    try:
        return NameTable.load(Path(file))
    except ConfigError as error:
        LOG.warning("%s; until then %s", error, "the names before" if before else "no names")
        return before


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = Path(file).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


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
    if not found:
        raise ConfigError(f"{where}: no name for {symbol}", "write one under names")
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether Latin letters or digits do not run on at either end; Chinese always may."""
    return not (
        (start and _runs_on(text[start - 1], text[start]))
        or (end < len(text) and _runs_on(text[end - 1], text[end]))
    )


def _runs_on(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and left < "\u2e80" and right < "\u2e80"
