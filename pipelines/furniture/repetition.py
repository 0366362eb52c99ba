"""What repeats at the ends of a source's articles is its furniture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.furniture.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD = 4
TAIL = 8
"""Lines at either end that learned furniture is looked for in."""
LEAST_ARTICLES = 3
LEAST_SHARE = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The ends of one stored article, which repetition is learned from.

    `group` tells independent articles apart (a story's id, else the article's): copies of
    one text count once. `head` and `tail` are the first HEAD and last TAIL lines of its
    text, `removed` the lines taken out of it before.
    """

    group: int | str
    head: tuple[str, ...]
    tail: tuple[str, ...]
    removed: tuple[str, ...] = ()

    @classmethod
    def of(cls, group: int | str, text: str, removed: Iterable[str] = ()) -> Edge:
        """Cut the ends off a stored text."""
        lines = text.split("\n") if text else []
        return cls(
            group=group, head=tuple(lines[:HEAD]), tail=tuple(lines[-TAIL:]), removed=tuple(removed)
        )


def learn(edges: Iterable[Edge]) -> frozenset[str]:
    """The furniture of a source: folded lines that recur at the ends of its articles.

    A line counts once per group. It must stand at the head or tail of at least three
    independent articles, and of 6 % of them. Figures are part of the line, so that a
    table's last row, or a price, is never learned from its wording alone.
    """
    groups: dict[int | str, set[str]] = {}
    for edge in edges:
        lines = groups.setdefault(edge.group, set())
        lines.update(filter(None, map(fold, (*edge.head, *edge.tail, *edge.removed))))
    counts = Counter(line for lines in groups.values() for line in lines)
    least = max(LEAST_ARTICLES, LEAST_SHARE * len(groups))
    return frozenset(line for line, count in counts.items() if count >= least)


def strip_learned(
    lines: Sequence[str], learned: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take learned lines off both ends; returns what is kept and what was removed.

    Never everything: if nothing else would remain, the text is left as it is.
    """
    if not learned:
        return tuple(lines), ()
    edge = {*range(HEAD), *range(len(lines) - TAIL, len(lines))}
    gone = {i for i in edge if 0 <= i < len(lines) and fold(lines[i]) in learned}
    # Once an end is furniture, what follows it inward is looked at in its turn.
    for inward in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        kept = 0
        for i in inward:
            if i not in gone:
                kept += 1
                if kept >= 2:
                    break
                if fold(lines[i]) in learned:
                    gone.add(i)
                    kept -= 1
    if len(gone) == len(lines):
        return tuple(lines), ()
    return (
        tuple(line for i, line in enumerate(lines) if i not in gone),
        tuple(lines[i] for i in sorted(gone)),
    )


def reclean(
    text: str, removed: Sequence[str], learned: frozenset[str]
) -> tuple[str, tuple[str, ...]] | None:
    """Clean a stored text with what has been learned since; None when nothing changes.

    Returns the new text and the new list of removed lines.
    """
    kept, gone = strip_learned(text.split("\n"), learned)
    return ("\n".join(kept), (*removed, *gone)) if gone else None
