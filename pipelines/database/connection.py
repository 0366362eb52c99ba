"""An open database: its rooms, transactions, copies."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from pipelines.database.announcements import Announcements
from pipelines.database.articles import Articles
from pipelines.database.entries import Entries
from pipelines.database.feeds import Feeds
from pipelines.database.mentions import Mentions
from pipelines.database.outcomes import Outcomes
from pipelines.database.plainly import told_plainly
from pipelines.database.reading import Reading
from pipelines.database.rewinding import rewind
from pipelines.database.rows import to_cell
from pipelines.database.searching import Searching
from pipelines.database.signatures import Signatures
from pipelines.database.stories import Stories
from pipelines.database.told import Tellings
from pipelines.database.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

# Steps of SQLite's machine: some milliseconds.
HEED_AFTER = 100_000


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
