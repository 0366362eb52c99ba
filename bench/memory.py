"""The peak memory of a process and its children, watched from outside (Linux)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Self

EVERY_S = 0.25


class Peak:
    """Highest memory, in MB, of a process and of its whole family, while the block runs.

    Proportional set size: what processes share counts once. 0 where /proc is missing.
    """

    def __init__(self, pid: int) -> None:
        self.parent = self.family = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            sizes = {pid: size_mb(pid) for pid in family(self._pid)}
            self.parent = max(self.parent, sizes[self._pid])
            self.family = max(self.family, sum(sizes.values()))


def family(root: int) -> list[int]:
    """The process, its children, theirs, and so on."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):  # ended meanwhile
            continue
    members = [root]
    for member in members:
        members += [pid for pid, parent in parents.items() if parent == member]
    return members


def size_mb(pid: int) -> float:
    """Proportional set size of a process in MB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
