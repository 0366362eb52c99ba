"""Where an export goes: stdout, or files that appear only when they are whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from pipelines.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Put = Callable[[str, str], None]

_BUFFER = 1 << 20
_TEXT = {"mode": "w", "encoding": "utf-8", "newline": ""}


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
    with _whole(path, **_TEXT) as out:
        yield cast("TextIO", out)


@contextmanager
def binary_target(path: Path | None) -> Iterator[BinaryIO]:
    """Open stdout or a file as `text_target` does, for bytes."""
    if path is None:
        with open(sys.stdout.fileno(), "wb", buffering=_BUFFER, closefd=False) as out:
            yield out
        return
    with _whole(path, mode="wb", buffering=_BUFFER) as out:
        yield cast("BinaryIO", out)


@contextmanager
def posts_target(path: Path | None) -> Iterator[Put]:
    """Give a function that puts a post of a name: into the folder `path`, a file each.

    Stdout, and a path that ends in `.md`, get the posts one after another. Posts that the
    folder holds already are replaced, others in it are left alone; none appears before all
    are written.
    """
    if path is None or path.suffix == ".md":
        with text_target(path) as out:
            yield lambda _, post: print(post, end="", file=out)
        return
    with new_folder(path, into=True) as folder:

        def put(name: str, post: str) -> None:
            (folder / name).write_text(post, encoding="utf-8", newline="")

        yield put


@contextmanager
def new_folder(path: Path, *, into: bool = False) -> Iterator[Path]:
    """Give a temporary folder beside `path`, to be renamed to it at the end.

    Where `path` is there already it is replaced, or with `into` added to, file by file.

    Raises:
        ExportError: the folder or the disk does not let us; nothing is left behind.
    """
    with _told_plainly(path):
        path = path.absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_dir():
            raise NotADirectoryError(0, "it is a file, not a folder")
        partial = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        try:
            yield partial
            partial.chmod(0o755)
            if not path.exists():
                partial.replace(path)
            elif into:
                for file in sorted(partial.iterdir()):
                    file.replace(path / file.name)
            else:
                old = partial.with_name(f"{partial.name}.old")
                path.replace(old)
                partial.replace(path)
                shutil.rmtree(old)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _whole(path: Path, **how: Any) -> Iterator[Any]:
    with _told_plainly(path):
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before the rename
            dir=path.parent, prefix=f".{path.name}.", delete=False, **how
        )
        partial = Path(handle.name)
        try:
            with handle:
                yield handle
                # A cursor may move on the strength of this file: it must outlive a power cut.
                handle.flush()
                os.fsync(handle.fileno())
            partial.chmod(0o644)
            partial.replace(path)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(
            f"cannot write {path} ({error.strerror})", "nothing was left behind; write it elsewhere"
        ) from error
