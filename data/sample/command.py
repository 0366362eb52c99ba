"""The command `broadtape` in the process that asks: what it writes, and how it ends.

A process of its own costs half a second for the same answer. Tests of what only a process
shows (a terminal, a signal, what is imported) start one.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from crawler.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def command(
    *arguments: object, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `broadtape ARGUMENTS`; nothing of BROADTAPE_… is inherited but what is given here."""
    words = [str(argument) for argument in arguments]
    inherited = {name: value for name, value in os.environ.items() if "BROADTAPE" not in name}
    with ExitStack() as stack:
        stack.enter_context(
            mock.patch.dict(os.environ, {**inherited, **(environment or {})}, clear=True)
        )
        stack.enter_context(_in_folder(cwd))
        out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        with _written_to(1, out), _written_to(2, err):
            code = _code(words)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.read())


def told(
    *arguments: object, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it, and give what it writes as text."""
    done = command(*arguments, cwd=cwd, environment=environment)
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def _code(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


@contextmanager
def _in_folder(folder: Path | None) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder or before)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _written_to(number: int, file: Any) -> Iterator[None]:
    """Let what is written to stdout (1) or stderr (2), by whatever means, go to a file."""
    name = ("stdout", "stderr")[number - 1]
    stream, kept = getattr(sys, name), os.dup(number)
    stream.flush()
    os.dup2(file.fileno(), number)
    ours = io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8", write_through=True)
    setattr(sys, name, ours)
    try:
        yield
    finally:
        ours.flush()
        setattr(sys, name, stream)
        os.dup2(kept, number)
        os.close(kept)
