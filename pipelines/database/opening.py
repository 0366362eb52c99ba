"""Opening the file: settings of SQLite, whose file it is, its tables made or upgraded."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from sqlite_utils import Database as SqliteUtils

from pipelines.database.connection import Database
from pipelines.database.plainly import told_plainly
from pipelines.errors import DatabaseMissing, DatabaseTooNew, DatabaseTooOld, NotADatabase
from pipelines.schema import PAGE_BYTES, migrations

if TYPE_CHECKING:
    from pathlib import Path

AGAIN_S = 0.02


def open_database(path: Path, *, read_only: bool = False, busy_timeout_s: float = 30.0) -> Database:
    """Open the database, making or upgrading its tables unless `read_only`.

    Raises:
        DatabaseMissing: `read_only`, and there is no file.
        NotADatabase, DatabaseTooNew, DatabaseTooOld, DatabaseLocked, DatabaseUnwritable: as
            they say.
    """
    if read_only and not path.is_file():
        raise DatabaseMissing(f"no database at {path}", "make one with `broadtape crawl`")
    with told_plainly(path):
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, read_only, busy_timeout_s)
        try:
            _check_and_migrate(connection, path, read_only)
        except BaseException:
            connection.close()
            raise
    return Database(connection, path)


def _connect(path: Path, read_only: bool, busy_timeout_s: float) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    if not read_only:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a file that is yet to be
        _log_ahead(connection, time.monotonic() + busy_timeout_s)
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _log_ahead(connection: sqlite3.Connection, until: float) -> None:
    """Switch to a write-ahead log; two who do it at once are told so without any waiting."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() >= until:
                raise
            time.sleep(AGAIN_S)
        else:
            return


def _check_and_migrate(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    database = SqliteUtils(connection)
    # Tables first: somebody may be making them, and says so as he does.
    tables = set(database.table_names()) - {"_sqlite_migrations"}
    ours = {migration.name for migration in migrations._migrations}
    applied = {migration.name for migration in migrations.applied(database)}
    if newer := applied - ours:
        raise DatabaseTooNew(
            f"{path} was made by another version of Broadtape ({', '.join(sorted(newer))})",
            "open it with that version, or name another file with --db",
        )
    if not applied and tables:
        raise NotADatabase(
            f"{path} is another program's database (it holds {', '.join(sorted(tables)[:3])})",
            "name another file with --db",
        )
    if applied == ours:
        return
    if read_only and applied:
        raise DatabaseTooOld(
            f"{path} was made by an earlier Broadtape",
            "bring it up to date with `broadtape db upgrade`",
        )
    if read_only:
        raise DatabaseMissing(f"{path} needs its tables made", "run `broadtape crawl` once")
    # Two processes may open a new file at once: the one that waited finds it done.
    connection.execute("BEGIN IMMEDIATE")
    migrations.apply(database)
    connection.execute("COMMIT")
