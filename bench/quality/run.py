"""One page through Broadtape's own path, bytes to Article, and scored at once."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import trafilatura

from bench.quality import furniture, measures
from bench.quality.corpora import Case
from pipelines.encoding import decode
from pipelines.extract import extract
from pipelines.items import Article, Entry, Hints, Page, Source

CREDITS = re.compile("(?:记者|作者|撰文|撰稿|编辑|文)(.{0,12})")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def article_of(case: Case) -> tuple[Article, float]:
    """Return the article of a page and the CPU seconds it took; a failure is empty."""
    host = case.url.split("/")[2] if "://" in case.url else "unknown.example"
    page = Page(
        url=case.url,
        final_url=case.url,
        status=200,
        content_type=None,
        body=case.body,
        fetched_at=NOW,
    )
    source = Source(name=host, domain=host.removeprefix("www."), timezone=case.timezone)
    hints = Hints(source=source, entry=Entry(link=case.url))
    start = time.process_time()
    result = extract(page, hints)
    seconds = time.process_time() - start
    return (result if isinstance(result, Article) else Article(url=case.url)), seconds


@cache
def warm_up() -> None:
    """Load what either side loads once in a process, so that no page is charged with it."""
    case = Case(corpus="", id="", url="", body=b"<p>Rates rise. " * 9)
    article_of(case)
    _precision_run(case)


def score(case: Case) -> dict[str, Any]:
    """Broadtape's own reading of a page, judged; of one page in five also what it costs."""
    warm_up()
    article, seconds = article_of(case)
    row = judged(case, article, seconds)
    if int(hashlib.sha256(case.id.encode()).hexdigest(), 16) % 5 == 0:
        row["ours"], row["precision_run"] = seconds, _precision_run(case)
    return row


def judged(case: Case, article: Article, seconds: float) -> dict[str, Any]:
    """Compare a reading of a page, whoever made it, with the gold."""
    gold = case.gold
    row: dict[str, Any] = {
        "corpus": case.corpus,
        "id": case.id,
        "half": case.half,
        "seconds": seconds,
        "empty": not article.text,
        "status": article.status,
    }
    with_deck = "\n".join(filter(None, (article.summary, article.text)))
    if case.corpus == "trafilatura-eval":
        wanted, unwanted = gold.get("with") or [], gold.get("without") or []
        row["body"] = measures.segments(article.text, wanted, unwanted)
        row["deck"] = measures.segments(with_deck, wanted, unwanted)
    elif case.corpus == "chinese":
        wanted_text = measures.dense("".join(gold["body"]))
        row["body"] = measures.compare(wanted_text, measures.dense(article.text))
        row["furniture"] = furniture.left(article.text.split("\n"), "".join(gold["body"]))
    elif "text" in gold:
        tokens = measures.words if case.corpus.startswith("article") else measures.characters
        wanted_text = tokens(gold["text"])
        row["body"] = measures.compare(wanted_text, tokens(article.text))
        row["deck"] = measures.compare(wanted_text, tokens(with_deck))
    row |= _facts(case, article)
    row["finance"] = gold.get("finance", False)
    return row


def _precision_run(case: Case) -> float:
    """CPU seconds of one trafilatura run in precision mode on the same page."""
    start = time.process_time()
    trafilatura.bare_extraction(
        decode(case.body).text, include_comments=False, favor_precision=True
    )
    return time.process_time() - start


def _facts(case: Case, article: Article) -> dict[str, Any]:
    gold = case.gold
    facts: dict[str, Any] = {}
    if gold.get("title"):
        facts["title"] = measures.fold(article.title) == measures.fold(gold["title"])
    published = gold.get("published")
    if published and len(published) > 10:
        facts["day"], minute = _times(case, article, [published, *gold.get("published_alt", ())])
        if "00:00:00" not in published:
            facts["minute"] = minute
    if case.corpus == "htmldate-eval":
        facts["date"] = gold["date"] == _day(article)
        facts["dated"] = _day(article) is not None
    if gold.get("authors") and case.corpus == "fundus":
        found = {measures.fold(name) for name in article.authors}
        wanted = {measures.fold(name) for name in gold["authors"]}
        facts["authors"] = wanted <= found
        facts["authors_exact"] = wanted == found
    if case.corpus == "chinese":
        known = " ".join(str(gold.get(key) or "") for key in ("author", "editor", "source"))
        known += " ".join(gold["body"])
        credited = "".join(CREDITS.findall(measures.fold(decode(case.body).text)))
        facts["invented"] = sum(
            name not in known and measures.fold(name) not in credited for name in article.authors
        )
        facts["authors_found"] = list(article.authors)
    return facts


def _times(case: Case, article: Article, claims: list[str]) -> tuple[bool, bool]:
    """Right day and right minute; a gold without a zone is the wall clock of the place."""
    if article.published is None:
        return False, False
    at = article.published.at
    wanted = [datetime.fromisoformat(claim) for claim in claims if len(claim) > 10]
    place = ZoneInfo(case.timezone or "UTC")
    wanted = [w if w.tzinfo else w.replace(tzinfo=place) for w in wanted]
    day = any(
        at.astimezone(zone).date() == w.astimezone(zone).date()
        for w in wanted
        for zone in ((place,) if article.published.precision == "day" else (place, w.tzinfo))
    )
    minute = article.published.precision != "day" and any(
        abs((at - w).total_seconds()) < 60 for w in wanted
    )
    return day, minute


def _day(article: Article) -> str | None:
    """The day as the page writes it: the claim's own calendar day."""
    if article.published is None:
        return None
    return article.published.at.date().isoformat()
