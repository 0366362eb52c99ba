"""Where the last export of changes ended, kept in a file between runs of cron."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.errors import ExportError
from pipelines.export.target import text_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class KeptCursor:
    """The `seq` in a file; None while there is no such file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.value = self._read()

    def _read(self) -> int | None:
        try:
            text = self._path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise ExportError(f"cannot read {self._path}", "name another --cursor") from error
        if not (text.isascii() and text.isdigit()):
            raise ExportError(
                f"{self._path} holds no cursor", "name another --cursor, or remove the file"
            )
        return int(text)

    def move(self, seq: int) -> None:
        """Keep `seq`; to be called when the export is safely on the disk."""
        with text_target(self._path) as out:
            out.write(f"{seq}\n")
        self.value = seq


@contextmanager
def kept_cursor(path: Path) -> Iterator[KeptCursor]:
    """Read the cursor of a file, and keep other exports from it until the end.

    Raises:
        ExportError: the file holds something else, or another export is at it.
    """
    lock = path.with_name(f".{path.name}.lock")
    try:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise ExportError(
            f"cannot write {path} ({error.strerror})", "name another --cursor"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ExportError(
                f"another export is moving {path}", "try again when it has ended"
            ) from error
        yield KeptCursor(path)
    finally:
        os.close(handle)
