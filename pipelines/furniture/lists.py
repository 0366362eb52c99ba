"""What is furniture by the lists: `lists.toml`, patterns of whole lines per language."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

SHORT = 60
"""Longest line that an edge pattern may remove from the middle of a text."""
LONGEST_EDGE = 420
LONGEST_POINTER = 220
LONGEST_HEADING = 30


def _compiled(patterns: dict[str, list[str]], *, tail: str = "") -> re.Pattern[str]:
    """One pattern for the whole line, bar punctuation and arrows around it and a `tail`."""
    either = "|".join(pattern for listed in patterns.values() for pattern in listed)
    return re.compile(rf"[\W_]{{0,6}}(?:{either})[\W_]{{0,6}}{tail}", re.IGNORECASE)


_LISTS = tomllib.loads(Path(__file__).with_name("lists.toml").read_text("utf-8"))
_EDGE = _compiled(_LISTS["edge"])
_ANYWHERE = _compiled(_LISTS["anywhere"])
_STOP = _compiled(_LISTS["stop"], tail=".{0,12}")


def is_listed(line: str) -> bool:
    """Whether a whole line is furniture where it stands at the head or tail of a text."""
    return len(line) <= LONGEST_EDGE and _EDGE.fullmatch(line) is not None


def is_pointer(line: str) -> bool:
    """Whether a whole line leads to another article or stands in for something embedded."""
    return len(line) <= LONGEST_POINTER and _ANYWHERE.fullmatch(line) is not None


def is_stop(line: str) -> bool:
    """Whether a line is a heading that stands where an article has ended."""
    return len(line) <= LONGEST_HEADING and _STOP.fullmatch(line) is not None
