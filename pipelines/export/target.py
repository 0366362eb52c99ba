"""Where an export goes: stdout, or a file that appears only when it is whole."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from pipelines.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def text_target(path: Path | None) -> Iterator[TextIO]:
    """Open stdout (None), or a temporary file beside `path` renamed to it at the end.

    Raises:
        ExportError: the folder or the disk does not let us; nothing is left behind.
    """
    if path is None:
        # A text layer of our own: stdout's may translate newlines or not be UTF-8.
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
            yield out
        return
    try:
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before the rename
            "w",
            encoding="utf-8",
            newline="",
            dir=path.parent,
            prefix=f".{path.name}.",
            delete=False,
        )
    except OSError as error:
        raise ExportError(f"cannot write {path} ({error.strerror})", "choose another -o") from error
    partial = Path(handle.name)
    try:
        with handle:
            yield cast("TextIO", handle)
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise ExportError(
            f"cannot write {path} ({error.strerror})", "nothing was left behind"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
