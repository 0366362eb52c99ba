"""Lines of a body → lines of the article: what is no part of it goes as whole lines.

Order matters: the title and the date stand before the first sentence, link lists stand
after the last, and a heading such as "Related" ends the article unless prose follows.
Every line taken out is kept in `removed`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.furniture import SHORT, fold, is_listed, is_pointer, is_stop, strip_learned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD_LINES = 4
TAIL_LINES = 4

DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\.?\s+[^\W\d]{3,10}\.?,?\s+(?:19|20)\d\d"
    r"|\b\d{1,2} de [^\W\d]{3,10} (?:de|del) (?:19|20)\d\d"
    r"|\b[^\W\d]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{1,2}月\d{1,2}日.{0,4}\d{1,2}:\d\d",
)
PROSE = re.compile(r"[.!?…。！？」”\"')]$")


def clean(
    lines: Sequence[str],
    *,
    titles: Iterable[str] = (),
    link_lines: frozenset[str] = frozenset(),
    boxed: frozenset[str] = frozenset(),
    learned: frozenset[str] = frozenset(),
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kept lines and the removed ones, each in page order.

    `titles` are the forms in which the page states its title, `link_lines` the folded
    texts of links that fill a line of the page, `boxed` those of lines in a box beside the
    article, `learned` the source's own furniture.
    """
    kept, gone = strip_learned(lines, learned)
    folded = [fold(line) for line in kept]
    marks = [key in boxed for key in folded]
    _mark_title(folded, {fold(title) for title in titles} - {""}, marks)
    _mark_listed(kept, marks)
    _mark_dates(kept, marks)
    _mark_links(folded, link_lines, marks)
    _mark_after_stop(kept, marks)
    if all(marks):
        return tuple(lines), ()
    removed = [line for line, mark in zip(kept, marks, strict=True) if mark]
    return tuple(line for line, mark in zip(kept, marks, strict=True) if not mark), (
        *gone,
        *removed,
    )


def _mark_title(folded: Sequence[str], titles: set[str], marks: list[bool]) -> None:
    for i in range(min(3, len(folded))):
        if folded[i] in titles:
            marks[i] = True


def _mark_dates(lines: Sequence[str], marks: list[bool]) -> None:
    """Date lines (with author or source beside them) before the first line of text."""
    for i, line in enumerate(lines[:HEAD_LINES]):
        if marks[i]:
            continue
        if (
            len(line) > (100 if DATE.match(line) else 70)
            or not DATE.search(line)
            or PROSE.search(line)
        ):
            return
        marks[i] = True


def _mark_listed(lines: Sequence[str], marks: list[bool]) -> None:
    last = len(lines) - TAIL_LINES
    for i, line in enumerate(lines):
        at_edge = i < HEAD_LINES or i >= last
        inside = not at_edge and (len(line) > SHORT or line.startswith("- "))
        if not marks[i]:
            marks[i] = is_pointer(line) or (not inside and is_listed(line))


def _mark_links(folded: Sequence[str], link_lines: frozenset[str], marks: list[bool]) -> None:
    """Lines that are nothing but a link: all at the tail, three at the head, runs inside."""
    if not link_lines:
        return
    is_link = [line in link_lines for line in folded]
    for order, most in ((range(len(folded)), 3), (range(len(folded) - 1, -1, -1), len(folded))):
        taken = 0
        for i in order:
            if marks[i]:
                continue
            if not is_link[i] or taken >= most:
                break
            marks[i] = True
            taken += 1
    for i in range(len(folded) - 1):
        if is_link[i] and is_link[i + 1]:
            marks[i] = marks[i + 1] = True


def _mark_after_stop(lines: Sequence[str], marks: list[bool]) -> None:
    """Everything after a heading that ends articles, unless most of it is prose."""
    total = sum(map(len, lines)) or 1
    seen = 0
    for i, line in enumerate(lines):
        # "Read more: a headline" amid the text is passed over, and ends nothing.
        if seen > total * 0.1 and is_stop(line) and not is_pointer(line):
            rest = [lines[j] for j in range(i + 1, len(lines)) if not marks[j]]
            prose = sum(len(text) for text in rest if len(text) > 80 and PROSE.search(text))
            if prose < 0.5 * sum(map(len, rest)) or not rest:
                for j in range(i, len(lines)):
                    marks[j] = True
                return
        seen += len(line)
