"""Lines that fit a terminal, broken where a reader of either script expects it.

Chinese has no spaces to break at: a line may end after any character, but none begins with
a closing mark or ends with an opening one, and a number or a Latin word stays whole
(https://www.w3.org/TR/clreq/#line_composition_rules_for_punctuation_marks).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_OPEN = "（《〈「『【〔［｛“‘"
_CLOSE = "，。、；：？！）》〉」』】〕］｝”’…—·,.;:?!)%％"
_UNIT = re.compile(rf"\s+|[{_OPEN}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPEN}]+|[{_OPEN}])[{_CLOSE}]*")


def spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines of a paragraph begin and end; `width` is in columns."""
    from rich.cells import cell_len

    start = end = used = 0
    for unit in _UNIT.finditer(text):
        columns = cell_len(unit[0])
        if unit[0].isspace():
            used += columns
            continue
        if end > start and used + columns > width:
            yield start, end
            start, used = unit.start(), 0
        elif end == start:
            start, used = unit.start(), 0
        end = unit.end()
        used += columns
        while used > width:  # longer than a line: an address, say
            cut = _fitting(text, start, width)
            yield start, cut
            start, used = cut, cell_len(text[cut:end])
    if end > start:
        yield start, end


def wrap(text: str, width: int, *, hanging: int = 0) -> list[str]:
    """The lines of a text, each paragraph's indent kept and its further lines indented more."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        body = paragraph.lstrip(" ")
        indent = len(paragraph) - len(body)
        room = max(width - indent - hanging, 10)
        for number, (start, end) in enumerate(spans(body, room)):
            lines.append(" " * (indent + (hanging if number else 0)) + body[start:end])
        if not body:
            lines.append("")
    return lines


def _fitting(text: str, start: int, width: int) -> int:
    """How far a line from `start` reaches; at least one character."""
    from rich.cells import cell_len

    end = start + 1
    while end < len(text) and cell_len(text[start : end + 1]) <= width:
        end += 1
    return end
