"""What was measured → the tables of docs/comparison.md, each between two comments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.rivals import edits, feeds, pages, stories
from bench.rivals.tools import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.feeds import Table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "comparison.md"
TITLES = "title exact"
FACTS = (
    ("fundus", TITLES), ("trafilatura-eval", TITLES), ("chinese", TITLES),
    ("fundus", "right day"), ("chinese", "right day"),
    ("fundus", "right to the minute"), ("chinese", "right to the minute"),
)  # fmt: skip
FUNDUS = "Fundus"
ODD = 1


def of_pages(rows: pages.Rows) -> str:
    """Bodies over all pages and over the odd half; facts and time; Fundus on its own pages."""
    own = rows.pop(FUNDUS)
    measured = pages.table(rows)
    bodies = [(corpus, "body F1") for corpus in pages.WANTED]
    count = [str(next(iter(measured[key].values()))[2]) for key in bodies]
    corpora = [corpus for corpus, _ in bodies]
    milliseconds = {reader: _milliseconds(found) for reader, found in rows.items()}
    parts = [
        "Bodies, F1 over all pages:",
        _grid(["", *corpora], [["pages", *count], *_values(measured, bodies, 0)]),
        "Bodies, F1 over the half of the pages that Broadtape's rules were not chosen on:",
        _grid(["", *corpora], _values(measured, bodies, ODD)),
        "Shares of right titles, days and minutes, and processor time a page:",
        _grid(
            ["", *(f"{name}: {corpus}" for corpus, name in FACTS), "ms"],
            [[*row, milliseconds[_plain(row[0])]] for row in _values(measured, FACTS, 0)],
        ),
        "Fundus, on the pages of publishers that it knows:",
        _of_fundus(own, rows),
    ]
    return "\n\n".join(parts)


def _of_fundus(own: list[dict[str, Any]], rows: pages.Rows) -> str:
    known = {(row["corpus"], row["id"]) for row in own}
    same = {FUNDUS: own} | {
        reader: [row for row in found if (row["corpus"], row["id"]) in known]
        for reader, found in rows.items()
        if reader in (pages.OURS, "trafilatura")
    }
    measured = pages.table(same)
    facts = (TITLES, "right day", "right to the minute", "body F1")
    keys = [key for key in measured if key[1] in facts and measured[key][FUNDUS][2] >= 10]
    lines = [
        [f"{corpus}: {name}", str(values[FUNDUS][2]), *_bold([values[r][0] for r in same])]
        for (corpus, name), values in ((key, measured[key]) for key in keys)
    ]
    lines.append(["ms", str(len(own)), *(_milliseconds(found) for found in same.values())])
    return _grid(["", "pages", *same], lines)


def _values(measured: pages.Table, keys: Sequence[tuple[str, str]], which: int) -> list[list[str]]:
    readers = list(measured[keys[0]])
    columns = [_bold([measured[key][reader][which] for reader in readers]) for key in keys]
    return [[reader, *row] for reader, *row in zip(readers, *columns, strict=True)]


def _bold(values: Sequence[float]) -> list[str]:
    """Three digits, the best in bold; what is never right is not offered at all."""
    shown = [f"{value:.3f}" for value in values]
    best = max(shown)
    return [
        "–" if not value else f"**{text}**" if text == best else text
        for value, text in zip(values, shown, strict=True)
    ]


def _plain(text: str) -> str:
    return text.strip("*")


def _milliseconds(rows: Sequence[Mapping[str, Any]]) -> str:
    return f"{1000 * sum(row['seconds'] for row in rows) / max(1, len(rows)):.0f}"


def of_feeds(found: Mapping[str, Mapping[str, Table]]) -> str:
    """Right of all expectations, by kind of document."""
    whole = found[feeds.OURS]
    keys = [(kind, what) for kind, table in whole.items() for what in table.counts]
    lines = [
        [f"{kind}: {what}", *(_share(found[reader][kind].counts[what]) for reader in found)]
        for kind, what in keys
    ]
    return _grid(["", *found], lines)


def _share(counts: Sequence[int]) -> str:
    return f"{counts[0]} of {counts[1]}"


def of_stories(found: stories.Scores) -> str:
    """Precision and recall of pairs, by language."""
    lines = [
        [name, *(f"{value:.3f}" for score in scores for value in score)]
        for name, scores in found.items()
    ]
    heads = ("English: precision", "recall", "Chinese: precision", "recall")
    return _grid(["", *heads], lines)


def of_edits(found: Mapping[str, edits.Caught]) -> str:
    """What was caught of the fortnight, and at how many requests."""
    heads = ("within 24 h", "withdrawals", "false changes", "whole pages", "requests")
    lines = [
        [
            name,
            f"{row.caught} of {row.edits}",
            row.withdrawn,
            f"{row.false:,}",
            f"{row.pages:,}",
            f"{row.requests:,}",
        ]
        for name, row in found.items()
    ]
    return _grid(["", *heads], lines)


def versions() -> str:
    """Every rival that was measured, with its version."""
    tools = (*pages.RIVALS, *feeds.RIVALS, *stories.RIVALS, *edits.RIVALS)
    named = {rival.package: rival for rival in tools}
    return ", ".join(f"{package} {version(rival)}" for package, rival in named.items()) + "."


def _grid(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def write(part: str, table: str) -> None:
    """Put a part's table between its comments in docs/comparison.md."""
    pattern = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(pattern.sub(lambda at: f"{at[1]}{table}\n{at[2]}", text), encoding="utf-8")
