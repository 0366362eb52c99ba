"""Real pages with gold, read by Broadtape and by its rivals, judged by bench.quality."""

from __future__ import annotations

import random
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench.quality import run
from bench.quality.corpora import LOADERS, Case
from bench.quality.report import figures
from bench.rivals.tools import Answer, Asked, Rival
from pipelines.encoding import decode
from pipelines.items import Article, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RIVALS = (
    Rival("news-please", "page:news-please", "news-please"),
    Rival("newspaper4k", "page:newspaper4k", "newspaper4k"),
    Rival("trafilatura", "page:trafilatura", "trafilatura"),
    Rival("trafilatura, precision", "page:trafilatura-precision", "trafilatura"),
    Rival("Media Cloud", "page:mediacloud", "mediacloud-metadata", "mediacloud"),
    Rival("readability-lxml", "page:readability", "readability-lxml"),
    Rival("goose3", "page:goose3", "goose3"),
    Rival("Fundus", "page:fundus", "fundus", "fundus"),
)
OURS = "Broadtape"
WANTED = [name for name in LOADERS if name != "htmldate-eval"]
Rows = dict[str, list[dict[str, Any]]]
"""By reader, its judged pages."""


def measure(sample: int | None) -> Rows:
    """Let every reader read every page, two of them at a time."""
    rows: Rows = {OURS: [], **{rival.name: [] for rival in RIVALS}}
    # Not forked: beside threads a forked process may wait for a lock that nobody holds.
    own = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    with own, ThreadPoolExecutor(2) as pool:
        for corpus in WANTED:
            cases = sampled(LOADERS[corpus](), sample)
            tasks = {rival.name: pool.submit(_read_all, rival, cases) for rival in RIVALS}
            tasks[OURS] = pool.submit(_read_by_us, own, cases)
            for name, task in tasks.items():
                rows[name] += task.result()
    return rows


def sampled(cases: Iterable[Case], sample: int | None) -> list[Case]:
    """All cases, or so many drawn by a fixed seed."""
    drawn = sorted(cases, key=lambda case: case.id)
    random.Random(1).shuffle(drawn)
    return list(islice(drawn, sample))


def _read_by_us(own: Executor, cases: Sequence[Case]) -> list[dict[str, Any]]:
    return list(own.map(run.score, cases, chunksize=4))


def _read_all(rival: Rival, cases: Sequence[Case]) -> list[dict[str, Any]]:
    rows = []
    with Asked(rival) as asked:
        asked.ask({"url": "https://warm.example/up", "html": "<p>Rates rise. " * 9})
        for case in cases:
            answer = asked.ask(_question(case))
            if "unsupported" not in answer:
                row = run.judged(case, article_of(case, answer), answer["seconds"])
                rows.append(row | {"error": answer.get("error")})
    return rows


def _question(case: Case) -> dict[str, Any]:
    seen = str(case.gold.get("seen") or "")[:10]
    # Decoded as Broadtape decodes, so that nobody is judged by what a server said of a charset;
    # and some names of pages are no addresses, which some rivals want.
    return {
        "url": case.url if case.url.startswith("http") else "https://page.example/",
        "html": decode(case.body).text,
        "language": case.gold.get("lang"),
        "seen": seen or None,
    }


def article_of(case: Case, answer: Answer) -> Article:
    """An answer as an article; a time without a zone is read in the publisher's."""
    text = answer.get("text") or ""
    published = answer.get("published")
    return Article(
        url=case.url,
        title=answer.get("title"),
        text=text,
        status="full" if text else "empty",
        published=_moment(published, case.timezone or "UTC") if published else None,
    )


def _moment(text: str, zone: str) -> Moment | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    day = len(text) == 10 or (at.hour, at.minute, at.second) == (0, 0, 0)
    if day:  # the day is meant, whatever zone was put behind it
        at = at.replace(tzinfo=None)
    stated = at.tzinfo is not None
    return Moment(
        at=at if stated else at.replace(tzinfo=ZoneInfo(zone)),
        raw=text,
        precision="day" if day else "minute",
        zone="stated" if stated else "assumed",
        origin="page",
    )


Table = dict[tuple[str, str], dict[str, tuple[float, float, int]]]
"""By corpus and measure, each reader's figure over all pages, over the odd half, and pages."""


def table(rows: Rows) -> Table:
    """Figures of every reader, side by side."""
    found: Table = {}
    for reader, own in rows.items():
        for corpus, name, total, _, odd, pages in figures(own):
            found.setdefault((corpus, name), {})[reader] = (total, odd, pages)
    return found
