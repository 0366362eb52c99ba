"""The rivals, their environments, and how one is asked: a JSON line in, a JSON line out."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".venv-rivals"
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rival:
    """A tool, what it is installed as, and with which others it shares an environment.

    `task` is the function of guest/ that uses it.
    """

    name: str
    task: str
    package: str
    environment: str = "general"


class Asked:
    """A rival's process, as a context; answers come in the order of the questions."""

    def __init__(self, rival: Rival) -> None:
        self.rival = rival

    def __enter__(self) -> Asked:
        # Nothing but loopback: whoever asks for the outside meets a closed door at once.
        closed = "http://127.0.0.1:9"
        outside = {"http_proxy": closed, "https_proxy": closed, "no_proxy": "127.0.0.1"}
        own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(
            [environment(self.rival.environment), HERE / "guest", self.rival.task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=own | outside | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            self._process.communicate(timeout=5)  # it ends with its questions
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def ask(self, question: Answer) -> Answer:
        """Give one answer; {} where the rival failed on this question.

        Raises RuntimeError where its process has ended.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.rival.name} ended")
        answer: Answer = json.loads(line)
        return answer


def environment(name: str) -> Path:
    """Set up an environment where that has not been done; returns its interpreter."""
    folder = ENVIRONMENTS / name
    python, wanted = folder / "bin" / "python", HERE / "requirements" / f"{name}.txt"
    ENVIRONMENTS.mkdir(exist_ok=True)
    with (ENVIRONMENTS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "requirements.txt"
        if not done.exists() or done.read_text() != wanted.read_text():
            print(f"Setting up {folder} (some minutes, once) ...", file=sys.stderr)
            if not python.exists():
                subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            for packages in (["--upgrade", "pip"], ["--requirement", str(wanted)]):
                install = [str(python), "-I", "-m", "pip", "install", "--quiet", *packages]
                subprocess.run(install, check=True)
            done.write_text(wanted.read_text())
    return python


def version(rival: Rival) -> str:
    """Name the version that is installed."""
    code = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
    command = [str(environment(rival.environment)), "-I", "-c", code, rival.package]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()
