"""A user of the installed command who reads the sample: configuration, runs, rows."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.sample.command import told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.sample.site import Site

COMMAND = str(Path(sys.executable).with_name("broadtape"))

csv.field_size_limit(2**31 - 1)


@dataclass
class User:
    """Works in a folder that holds broadtape.toml and sources.toml; `db` is its database."""

    folder: Path
    db: Path
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, folder: Path, db: Path | None = None, **settings: Any) -> User:
        """Configure a crawl of the sample, on loopback and without long pauses.

        `settings` are further keys of broadtape.toml: numbers, or words of letters.
        """
        values = {"delay": 0.01, "workers": 2, **settings}
        lines = ['sources = ["sources.toml"]', 'allow_hosts = ["127.0.0.1"]']
        lines += [f"{key} = {value!r}" for key, value in values.items()]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "broadtape.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "sources.toml").write_text(site.catalogue(), encoding="utf-8")
        return cls(folder, db or folder / "news.db")

    def command(self, *arguments: str) -> list[str]:
        """The command line, with the user's database and configuration."""
        options = ["--config", str(self.folder / "broadtape.toml"), "--db", str(self.db)]
        return [COMMAND, *options, *arguments]

    def run(
        self, *arguments: str, timeout: float = 120, **how: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end, and keep what it says."""
        how = {"capture_output": True, "encoding": "utf-8", "env": self.full_environment(), **how}
        return subprocess.run(self.command(*arguments), timeout=timeout, **how)

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[str]:
        """Start the command in a session of its own, and do not wait."""
        how = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
            "env": self.full_environment(),
            "start_new_session": True,
            **how,
        }
        return subprocess.Popen(self.command(*arguments), **how)

    def rows(self, *options: str) -> list[dict[str, str]]:
        """The record, as `broadtape export -f csv` gives it, without starting a process."""
        arguments = self.command("export", "-f", "csv", "-o", "-", *options)[1:]
        exported = told(*arguments, environment=self.environment)
        if exported.returncode:
            raise AssertionError(exported.stderr)
        return list(csv.DictReader(io.StringIO(exported.stdout, newline="")))

    def full_environment(self) -> Mapping[str, str]:
        """The environment of every command: ours, less what configures Broadtape."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("BROADTAPE_")}
        return {**inherited, **self.environment}
