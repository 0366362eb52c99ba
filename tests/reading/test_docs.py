"""Every command of docs/reading.md and of the examples in `--help` does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from data.sample.command import told
from data.sample.user import COMMAND
from tests.reading import corpus

DOCS = Path(__file__).parents[2] / "docs" / "reading.md"
LINES = re.findall(r"^\$ (broadtape .*)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
RUN = [line for line in LINES if line != "broadtape browse"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docs")
    (path / "data").mkdir()
    corpus.make(path / "data" / "broadtape.db")
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return told(*arguments, cwd=folder)


def test_there_are_commands_to_try() -> None:
    assert len(RUN) > 10


@pytest.mark.parametrize("line", RUN)
def test_a_command_of_the_page(folder: Path, line: str) -> None:
    done = run(folder, *shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    # The corpus lies weeks before now: `symbols` of the last days may have nothing to list.
    assert done.stdout or done.stderr.startswith("no instrument")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    done = subprocess.run(
        [COMMAND], capture_output=True, encoding="utf-8",
        env={**os.environ, "_BROADTAPE_COMPLETE": f"{shell}_source"},
    )  # fmt: skip
    if shell != "bash" or done.returncode == 0:  # click asks bash for its version
        assert "broadtape" in done.stdout, done.stderr
    words = {"COMP_WORDS": "broadtape sea", "COMP_CWORD": "1"}
    completed = subprocess.run(
        [COMMAND], capture_output=True, encoding="utf-8",
        env={**os.environ, **words, "_BROADTAPE_COMPLETE": "zsh_complete"},
    )  # fmt: skip
    assert "search" in completed.stdout
