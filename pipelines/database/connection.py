"""Opening the file, transactions, and SQLite's errors in the user's words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlite_utils import Database as SqliteUtils

from pipelines.database.announcements import Announcements
from pipelines.database.articles import Articles
from pipelines.database.entries import Entries
from pipelines.database.feeds import Feeds
from pipelines.database.mentions import Mentions
from pipelines.database.outcomes import Outcomes
from pipelines.database.reading import Reading
from pipelines.database.rewinding import rewind
from pipelines.database.rows import to_cell
from pipelines.database.searching import Searching
from pipelines.database.signatures import Signatures
from pipelines.database.stories import Stories
from pipelines.database.told import Tellings
from pipelines.database.visits import Visits
from pipelines.errors import (
    DatabaseError,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseUnwritable,
    NotADatabase,
)
from pipelines.schema import PAGE_BYTES, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

# Steps of SQLite's machine: some milliseconds.
HEED_AFTER = 100_000
AGAIN_S = 0.02


class Database:
    """An open database; close it, or use it in a `with` block."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self.feeds = Feeds(connection)
        self.announcements = Announcements(connection)
        self.entries = Entries(connection, self.announcements)
        self.outcomes = Outcomes(connection)
        self.told = Tellings(connection, self.announcements)
        self.articles = Articles(connection)
        self.stories = Stories(connection, self.articles)
        self.signatures = Signatures(connection)
        self.reading = Reading(connection)
        self.searching = Searching(connection)
        self.mentions = Mentions(connection)
        self.visits = Visits(connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write together or not at all. Not to be nested.

        Raises:
            DatabaseError: locked for too long, disk full, file gone; nothing was written.
        """
        with told_plainly(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside from one moment, whatever is written meanwhile."""
        with told_plainly(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def check(self) -> list[str]:
        """What SQLite's own integrity check finds; empty when all is well."""
        with told_plainly(self.path):
            rows = self._connection.execute("PRAGMA integrity_check").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]

    def backup(self, target: Path) -> None:
        """Copy the whole database, page by page, while others may write."""
        with told_plainly(target), closing(sqlite3.connect(target)) as copy:
            self._copy_into(copy)

    def copy_as_of(self, target: Path, as_of: datetime) -> None:
        """Copy the database and bring the copy back to a moment; see `rewinding`.

        Raises:
            KeyboardInterrupt: also in the middle of a statement; the copy is then of no use.
        """
        with told_plainly(target), closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.row_factory = sqlite3.Row
            self._copy_into(copy)
            # Python heeds a signal between two of its own instructions, and so in here.
            copy.set_progress_handler(lambda: None, HEED_AFTER)
            try:
                rewind(copy, str(to_cell(as_of)))
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname == "SQLITE_INTERRUPT":
                    raise KeyboardInterrupt from error
                raise

    def _copy_into(self, copy: sqlite3.Connection) -> None:
        with self.snapshot():
            # It begins with what is read first. Without it SQLite starts the copy anew whenever
            # somebody has written, and may never come to its end.
            self._connection.execute("SELECT 1 FROM feeds LIMIT 1").fetchone()
            self._connection.backup(copy, pages=2000, progress=lambda *_: None)

    def vacuum(self) -> None:
        """Rewrite the file without its unused pages."""
        with told_plainly(self.path):
            self._connection.execute("VACUUM")

    def close(self) -> None:
        """Fold the write-ahead log back where possible, and close."""
        self._connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into errors with a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_our_words(error, path) from error
    except PermissionError as error:
        raise DatabaseUnwritable(
            f"no permission to write {path}", "choose another place with --db"
        ) from error
    except (NotADirectoryError, FileExistsError) as error:
        raise DatabaseUnwritable(
            f"{path.parent} is not a folder", "choose another place with --db"
        ) from error


def _in_our_words(error: sqlite3.Error, path: Path) -> DatabaseError:
    text = str(error)
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseLocked(
            f"{path} is in use by another process", "wait for it to finish, then try again"
        )
    if code.startswith("SQLITE_FULL") or "disk is full" in text:
        return DatabaseUnwritable(
            f"no room left on the disk of {path}",
            "make room and run the same command again; nothing stored so far is lost",
        )
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return NotADatabase(
            f"{path} is not a SQLite database, or is damaged",
            "name another file with --db, or restore a backup",
        )
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_PERM")):
        return DatabaseUnwritable(
            f"cannot write {path} ({text})", "check the folder, its permissions and the disk"
        )
    return DatabaseError(f"{path}: {text}", "please report this")
