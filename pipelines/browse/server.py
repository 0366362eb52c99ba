"""Serves the record with Datasette."""

from __future__ import annotations

import socket
import tomllib
from importlib import import_module
from importlib.resources import files
from sqlite3 import OperationalError
from typing import TYPE_CHECKING, Any

from pipelines.errors import AddressTaken, ExtraMissing

if TYPE_CHECKING:
    from pathlib import Path

HERE = files("pipelines.browse")
LONG = 200_000  # rows
SETTINGS = {
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 1000,
    "truncate_cells_html": 200,
    # Every suggestion is a query over the whole table.
    "suggest_facets": False,
    # A file that is being written is copied by `broadtape db backup`, not by downloading it.
    "allow_download": False,
}


def application(path: Path) -> Any:
    """Make the ASGI application that shows the database at `path`, read-only.

    The file is opened with mode=ro and is never taken to be immutable: a crawl may write
    it meanwhile, and each page shows what is there by then.

    Raises:
        ExtraMissing: Datasette is not installed.
    """
    try:
        from datasette.app import Datasette
        from datasette.database import Database
        from datasette.plugins import pm
    except ImportError as error:
        raise ExtraMissing(
            "`broadtape browse` needs Datasette", "pip install 'broadtape[browse]'"
        ) from error
    plugin = import_module("pipelines.browse.plugin")
    if not pm.is_registered(plugin):
        pm.register(plugin, name="broadtape")
    metadata = tomllib.loads((HERE / "metadata.toml").read_text(encoding="utf-8"))
    shown = Datasette(
        files=[],
        metadata=metadata,
        settings=SETTINGS,
        static_mounts=[("broadtape", str(HERE / "static"))],
        template_dir=str(HERE / "templates"),
    )
    shown.add_database(_counted_quickly(Database)(shown, path=str(path), is_mutable=True), "news")
    return shown.app()


def _counted_quickly(database: Any) -> Any:
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
        rows = await database.execute(f"SELECT max(rowid) FROM [{table}]")  # noqa: S608
    except OperationalError:  # no such column: a table without row ids
        return True
    return (rows.first()[0] or 0) > LONG


def serve(path: Path, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        ExtraMissing: Datasette is not installed.
        AddressTaken: another program listens there, or it is no address of this machine.
    """
    app = application(path)
    try:
        with socket.create_server((host, port)) as listening:
            config = import_module("uvicorn").Config(app, log_level="warning")
            import_module("uvicorn").Server(config).run(sockets=[listening])
    except OSError as error:
        raise AddressTaken(
            f"cannot listen on {host}:{port} ({error.strerror})", "choose another --port"
        ) from error
