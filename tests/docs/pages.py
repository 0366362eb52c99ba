"""The pages of docs/ taken apart: what can be typed, asked and configured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What needs the internet, another machine's rights, or never ends.
NOT_RUN = re.compile(
    r"git clone|make |pip install|sudo |journalctl|\. \.venv|broadtape (browse|run)\b|eval |_BROAD"
)


@dataclass(frozen=True)
class Page:
    """A page with its fenced blocks, in order."""

    name: str
    blocks: tuple[tuple[str, str], ...]

    def of(self, *languages: str) -> list[str]:
        """The blocks in one of these languages."""
        return [text for language, text in self.blocks if language in languages]

    def commands(self) -> list[str]:
        """Each command line of the page: of `sh`, and what stands behind $ in `console`."""
        found = []
        for language, text in self.blocks:
            joined = re.sub(r"\\\n\s*", " ", text)
            if language == "sh":
                found += joined.splitlines()
            elif language == "console":
                found += [line[2:] for line in joined.splitlines() if line.startswith("$ ")]
        return [line for line in found if line.strip() and not NOT_RUN.search(line)]


def read(name: str) -> Page:
    """A page of docs/, or another file of the project."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return Page(name, tuple((m[1], m[2]) for m in FENCE.finditer(text)))
