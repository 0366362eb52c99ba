"""Rows of single pages → the figures of each corpus → docs/quality.md."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bench.quality import measures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]
Figures = list[tuple[str, str, float, float, float, int]]
"""corpus, measure, all pages, even half, odd half, number of pages."""

COST = "CPU against one precision run, times"
ASIA = frozenset(("cn", "jp", "kr", "tw"))
# Before Broadtape: trafilatura 2.3.1 at its best setting, as the folder of corpora records.
BASELINES = {
    ("article-extraction-benchmark", "body F1"): 0.9641,
    ("fundus", "body F1"): 0.951,
    ("fundus", "body F1, with standfirst"): 0.951,
    ("fundus", "body F1, China, Japan, Korea, Taiwan"): 0.908,
    ("fundus", "title exact"): 0.69,
    ("trafilatura-eval", "body F1"): 0.9257,
    ("trafilatura-eval", "title exact"): 0.61,
    ("chinese", "title exact"): 0.76,
    ("newspaper4k-data", "body F1"): 0.965,
    ("readability-pages", "body F1"): 0.9376,
}


def figures(rows: Sequence[Row]) -> Figures:
    """Every figure of every corpus among the rows, over all pages and per half."""
    found: Figures = []

    def add(corpus: str, name: str, pages: Sequence[Row], measure: Any) -> None:
        halves = [[r for r in pages if r["half"] == half] for half in ("even", "odd")]
        values = [measure(part) if part else 0.0 for part in (pages, *halves)]
        found.append((corpus, name, values[0], values[1], values[2], len(pages)))

    for corpus in dict.fromkeys(row["corpus"] for row in rows):
        mine = [row for row in rows if row["corpus"] == corpus]
        for name, pages, measure in _measures(corpus, mine):
            add(corpus, name, pages, measure)
    if timed := [row for row in rows if "ours" in row]:
        add("all", COST, timed, _cost)
    return found


def _measures(  # noqa: C901
    corpus: str, rows: Sequence[Row]
) -> Iterable[tuple[str, Sequence[Row], Any]]:
    def body(key: str) -> Any:
        if corpus == "trafilatura-eval":
            return lambda part: measures.segment_f1(r[key] for r in part)[0]
        if corpus == "chinese":
            return lambda part: _mean(measures.page_scores(r[key])[2] for r in part)
        return lambda part: measures.aeb_f1(r[key] for r in part)[0]

    def share(key: str) -> Any:
        return lambda part: _mean(float(r[key]) for r in part)

    if any("body" in row for row in rows):
        yield "body F1", rows, body("body")
        if any("deck" in row for row in rows):
            yield "body F1, with standfirst", rows, body("deck")
        if corpus == "fundus":
            for name, pages in (
                ("finance", [r for r in rows if r.get("finance")]),
                ("China, Japan, Korea, Taiwan", [r for r in rows if r["id"][:2] in ASIA]),
            ):
                yield f"body F1, {name}", pages, body("deck")
        if corpus == "chinese":
            worst = lambda part: min(measures.page_scores(r["body"])[2] for r in part)  # noqa: E731
            yield "body F1, worst page", rows, worst
    for key, name in (
        ("title", "title exact"),
        ("day", "right day"),
        ("minute", "right to the minute"),
        ("authors", "authors all found"),
        ("authors_exact", "authors exact"),
        ("date", "publication day"),
    ):
        pages = [row for row in rows if key in row]
        if pages:
            yield name, pages, share(key)
    if corpus == "chinese":
        yield (
            "pages with an invented author",
            rows,
            lambda p: float(sum(r["invented"] > 0 for r in p)),
        )
        yield (
            "pages with furniture left",
            rows,
            lambda p: float(sum(bool(r["furniture"]) for r in p)),
        )
    timed = [row for row in rows if "ours" in row]
    if timed:
        yield COST, timed, _cost
    yield "CPU ms a page", rows, lambda part: 1000 * _mean(r["seconds"] for r in part)


def _cost(rows: Sequence[Row]) -> float:
    """Our CPU time over that of one precision run on the same pages in the same process."""
    return float(sum(r["ours"] for r in rows) / (sum(r["precision_run"] for r in rows) or 1))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def markdown(found: Figures, *, whole: bool = False) -> str:
    """A table of figures; `whole` adds what a reader of docs/quality.md must know."""
    lines = [
        "| corpus | measure | before | all | even half | odd half | pages |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for corpus, name, total, even, odd, pages in found:
        before = BASELINES.get((corpus, name))
        digits = 2 if "times" in name else 1 if "CPU" in name or "pages with" in name else 4
        shown = " | ".join(f"{value:.{digits}f}" for value in (total, even, odd))
        lines.append(f"| {corpus} | {name} | {before or ''} | {shown} | {pages} |")
    return "\n".join([*_preface(), *lines, ""]) if whole else "\n".join(lines)


def _preface() -> list[str]:
    names = ("trafilatura", "readability-lxml", "resiliparse", "lxml", "nh3")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return [
        "# Quality of extraction",
        "",
        "Written by `make quality`; every page goes through Broadtape's own path, from bytes to",
        "`Article`, with nothing but its address (and, where the corpus names a country or a",
        "language, the time zone that a catalogue would state). Formulas as each corpus publishes",
        "them; *before* is trafilatura 2.3.1 at its best setting on the same pages. The halves are",
        "by SHA-256 of the page's id. Rules were chosen on the even half, and the lists of",
        "furniture and of names for boxes were written while reading its pages: where the halves",
        "differ, the odd one is what to expect of unseen pages. Some pages of the odd half were",
        "looked at too, so that it is a check and not a sealed test. *Pages with furniture",
        "left* are those whose text holds a line of the inventory in `bench/quality/furniture.py`.",
        "",
        f"Versions: {versions}.",
        "",
    ]
