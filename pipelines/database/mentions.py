"""Which instruments are talked about: what `symbols` and `status --symbol` read."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import from_cell
from pipelines.database.selection import Selection, filters, moment
from pipelines.symbols.alike import alike, counted_as, counted_with

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# Of the mentions f of an article, those of its latest revision. Hardly any has a later one, so
# that a look into an index says so, and the revisions themselves, which are long, stay unread.
_OF_LATEST = (
    "NOT EXISTS (SELECT 1 FROM revisions AS l WHERE l.article_id = f.article_id"
    " AND l.revision > f.revision AND l.computed_at <= :then)"
)
_REVISION = " CROSS JOIN revisions AS r ON r.article_id = f.article_id AND r.revision = f.revision"
# The mentions f of symbols that are counted as one of those wanted.
_WANTED = (
    "(SELECT json_extract(value, '$[0]') AS symbol, json_extract(value, '$[1]') AS counted"
    " FROM json_each(:wanted)) AS w CROSS JOIN mentions AS f ON f.symbol = w.symbol"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the record tells of a symbol and those counted as it.

    `since` and `latest` are when the first and the last article that ever mentioned it were
    first seen, `before` how many did of the articles that it is compared with.
    """

    name: str | None
    since: str
    latest: str
    before: int


class Mentions:
    """The table `mentions`, symbols that are alike counted as one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def counted(self, selection: Selection) -> Counter[str]:
        """In how many of the selected articles each symbol stands."""
        conditions, values = _of(selection)
        pairs = self._connection.execute(
            "SELECT DISTINCT f.symbol, i.id FROM identities AS i"  # noqa: S608 - conditions of ours
            " CROSS JOIN mentions AS f ON f.article_id = i.id"
            f"{_joined(conditions)} WHERE f.computed_at <= :then AND {conditions}",
            values,
        ).fetchall()
        symbols = {symbol for symbol, _ in pairs}
        known = self._known(symbols, selection.as_of)
        names = {symbol: counted_as(symbol, known) for symbol in symbols}
        return Counter(name for name, _ in {(names[symbol], article) for symbol, article in pairs})

    def told(self, symbols: Sequence[str], before: Selection) -> dict[str, Told]:
        """What is told of these symbols, which `counted` gave; `before` counts what was live."""
        known = self._known(symbols, before.as_of)
        pairs = [(one, symbol) for symbol in symbols for one in counted_with(symbol, known)]
        conditions, values = _of(before)
        values["wanted"] = json.dumps(pairs)
        rows = self._connection.execute(
            "SELECT w.counted, min(i.first_seen_at), max(i.first_seen_at),"  # noqa: S608 - conditions of ours
            f" count(DISTINCT iif(i.arrival <> 'bootstrap' AND {conditions}, i.id, NULL))"
            f" FROM {_WANTED} CROSS JOIN identities AS i ON i.id = f.article_id"
            f"{_joined(conditions)} WHERE f.computed_at <= :then GROUP BY w.counted",
            values,
        ).fetchall()
        names = self._names(values)
        return {counted: Told(names.get(counted), *rest) for counted, *rest in rows}

    def _names(self, values: dict[str, Any]) -> dict[str, str]:
        """What each symbol is called most often."""
        rows = self._connection.execute(
            f"SELECT w.counted, f.name FROM {_WANTED}"  # noqa: S608 - SQL of ours
            " WHERE f.name IS NOT NULL AND f.computed_at <= :then"
            " GROUP BY w.counted, f.name ORDER BY count(*), f.name DESC",
            values,
        )
        return {counted: name for counted, name in rows}  # noqa: C416 - rows are no pairs

    def _known(self, symbols: Iterable[str], as_of: datetime | None) -> frozenset[str]:
        """Which symbols the record holds at all, of those alike to these."""
        others = {other for symbol in symbols for other in alike(symbol)}
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS"
            " (SELECT 1 FROM mentions WHERE symbol = value AND computed_at <= ?)",
            (json.dumps(sorted(others)), moment(as_of)),
        )
        return frozenset(row[0] for row in rows)

    def coverage(self, symbol: str, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """Who mentions a symbol or one alike, by which rule, how often and since when."""
        rows = self._connection.execute(
            "SELECT f.symbol, i.source, f.rule, f.certainty, count(DISTINCT i.id) AS articles,"
            " min(i.first_seen_at) AS first_mentioned_at,"
            " max(i.first_seen_at) AS last_mentioned_at"
            " FROM mentions AS f JOIN identities AS i ON i.id = f.article_id"
            " WHERE f.symbol IN (SELECT value FROM json_each(?)) AND f.computed_at <= ?"
            " GROUP BY f.symbol, i.source, f.rule, f.certainty"
            " ORDER BY articles DESC, f.symbol, i.source, f.rule",
            (json.dumps(alike(symbol)), moment(as_of)),
        )
        return [dict(row) for row in rows]

    def begins(self) -> datetime | None:
        """When the record's first article was first seen."""
        row = self._connection.execute("SELECT min(first_seen_at) FROM identities").fetchone()
        return from_cell(row[0])


def _of(selection: Selection) -> tuple[str, dict[str, Any]]:
    """What an article i and a mention f of it must fulfil to be selected, and the values."""
    conditions, values = filters(selection)
    return f"{_OF_LATEST}{conditions}", {**values, "then": moment(selection.as_of)}


def _joined(conditions: str) -> str:
    """The revision r of a mention, where the conditions ask for it."""
    return _REVISION if " r." in conditions or "(r." in conditions else ""
