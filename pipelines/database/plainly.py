"""What SQLite and the file system complain of, in the user's words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.errors import DatabaseError, DatabaseLocked, DatabaseUnwritable, NotADatabase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
