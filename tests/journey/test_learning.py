"""Furniture that no list names is learned from its repetition, and only that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.sample.user import User
from tests.journey.helpers import query

if TYPE_CHECKING:
    from pathlib import Path

    from data.sample.site import Site

HEAD = "Zephyr members hear it half an hour before everyone else"
TAIL = (
    "Pick up the Zephyr almanac at any tram stop",
    "Zephyr is printed on paper from managed woods",
)
ARTICLES = 60


def body(site: Site, number: int) -> tuple[str, list[str]]:
    """A body between promo lines, and its sentences; every fifth quotes a promo in mid-text."""
    article = site.articles("meridian")[number % 10]
    sentences = [
        f"{line} This is report number {number}." for line in article.text.splitlines() if line
    ]
    if number % 5 == 0:
        sentences.insert(2, f"A sign in lobby {number} reads: {TAIL[0]}.")
    return "\n\n".join([HEAD, *sentences, *TAIL]), sentences


def test_repeated_lines_go_and_prose_stays(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path)
    prose = {}
    for number in range(ARTICLES):
        text, sentences = body(site, number)
        url = site.add_article("meridian", f"report-{number}", title=f"Report {number}", text=text)
        prose[url] = sentences
    assert user.run("crawl").returncode == 0

    def stored() -> dict[str, str]:
        rows = query(user, "SELECT url, text FROM articles ORDER BY seq")
        return {url: text for url, text in rows if url in prose}

    def dirty(texts: dict[str, str]) -> list[int]:
        promos = {HEAD, *TAIL}
        return [i for i, text in enumerate(texts.values()) if promos & set(text.splitlines())]

    first = stored()
    assert len(first) == ARTICLES
    # Three teach it, and some were being read meanwhile.
    assert len(dirty(first)) <= 10, dirty(first)
    assert user.run("db", "reclean").returncode == 0
    after = stored()
    assert dirty(after) == []
    lost = [s for url, text in after.items() for s in prose[url] if s not in text]
    assert lost == []
