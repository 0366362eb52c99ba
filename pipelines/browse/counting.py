"""Row counts of long tables, which Datasette would make a reader wait for."""

from __future__ import annotations

from sqlite3 import OperationalError
from typing import Any

LONG = 200_000  # rows


def counted_quickly(database: Any) -> Any:
    """Datasette's database, less its counting of long tables for the page that lists them.

    SQLite counts rows one by one, and cannot be interrupted: at a million articles that takes
    seconds for each visit.
    """

    class Record(database):  # type: ignore[misc]
        async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
            counts: dict[str, int | None] = {}
            for table in await self.table_names():
                if await is_long(self, table):
                    counts[table] = None
                else:
                    rows = await self.execute(f"SELECT count(*) FROM [{table}]")  # noqa: S608
                    counts[table] = rows.first()[0]
            return counts

    return Record


async def is_long(database: Any, table: str) -> bool:
    """Whether counting a table's rows, or gathering facets of them, would keep a reader waiting."""
    try:
        query = f"SELECT max(rowid) FROM [{table}]"  # noqa: S608
        rows = await database.execute(query, log_sql_errors=False)
    except OperationalError:  # no such column: a table without row ids
        return True
    return (rows.first()[0] or 0) > LONG
