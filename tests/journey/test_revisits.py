"""Edits and removals that no feed announces are found by looking at the page again."""

from __future__ import annotations

import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import is_sound, query

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITED, REMOVED = "jobless-claims-fall", "aurelis-north-sea-link"


def let_pass(user: User, days: int) -> None:
    """So many days pass: everything the record knows of happened earlier by that much."""
    with closing(sqlite3.connect(user.db)) as database, database:
        happened = (
            ("identities", "first_seen_at"),
            ("entries", "first_seen_at"),
            ("visits", "due_at"),
        )
        for table, column in happened:
            database.execute(
                f"UPDATE {table} SET {column} ="
                f" strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-{days} days')"
            )


@dataclass(frozen=True)
class Week:
    """A week in which one text was edited and one page went; what each crawl asked for."""

    user: User
    site: Site
    edited: str
    removed: str
    asked: dict[str, Counter[str]]
    answers: Counter[int]
    rows: dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    with Site() as site:
        user = User.of(site, tmp_path_factory.mktemp("week"))
        asked, rows = {}, {}

        def crawl(name: str) -> int:
            pages, requests = len(site.pages_fetched()), len(site.requests)
            crawl = user.run("crawl")
            assert crawl.returncode == 0, crawl.stderr
            asked[name] = Counter(site.pages_fetched()[pages:])
            rows[name] = {row["url"]: row for row in user.rows()}
            return requests

        crawl("first")
        edited = site.article_url("meridian", EDITED)
        removed = site.article_url("meridian", REMOVED)
        [text] = [a.text for a in site.articles("meridian") if a.slug == EDITED]
        site.edit_article(
            "meridian", EDITED, text=f"{text}\n\nThe department revised 12 of its 50 states."
        )
        site.remove_article("meridian", REMOVED)
        crawl("same day")
        let_pass(user, days=1)
        before = crawl("next day")
        paths = {url.split("/", 3)[3] for url in asked["next day"]}
        answers = Counter(
            request.status
            for request in site.requests[before:]
            if request.path.lstrip("/") in paths
        )
        crawl("again")
        let_pass(user, days=6)
        crawl("next week")
        let_pass(user, days=1)
        crawl("week after")
        yield Week(user, site, edited, removed, asked, answers, rows)


def test_no_feed_announced_the_edit(week: Week) -> None:
    assert week.asked["same day"] == Counter()


def test_every_page_is_looked_at_once_after_a_day(week: Week) -> None:
    assert week.asked["next day"] == Counter(week.rows["first"].keys())
    assert week.asked["again"] == Counter()


def test_a_page_that_did_not_change_costs_little_and_writes_nothing(week: Week) -> None:
    pages = len(week.rows["first"])
    assert week.answers[404] == 1
    # Some are asked for whole, to find out a server that says "not modified" of what is.
    assert week.answers[304] == pages - 1 - week.answers[200] > pages / 2
    touched = {week.edited, week.removed}
    for url, row in week.rows["first"].items():
        if url not in touched:
            now = week.rows["next day"][url]
            assert (now["seq"], now["text"]) == (row["seq"], row["text"])


def test_an_edit_is_found_without_the_feed(week: Week) -> None:
    row = week.rows["next day"][week.edited]
    assert row["revision"] == "2"
    assert "12 of its 50 states" in row["text"]
    assert row["title"] == week.rows["first"][week.edited]["title"]
    assert row["published_at"] == week.rows["first"][week.edited]["published_at"]


def test_what_an_edit_is_worth_can_be_read(week: Week) -> None:
    shown = week.user.run("show", week.rows["first"][week.edited]["id"], "--revisions").stdout
    assert "(material: sentence added)" in shown
    assert "+ The department revised 12 of its 50 states." in shown


def test_a_removed_page_is_a_withdrawal_that_keeps_its_text(week: Week) -> None:
    row = week.rows["next day"][week.removed]
    assert row["status"] == "gone"
    assert "withdrawn" in row["flags"]
    assert row["text"] == week.rows["first"][week.removed]["text"]


def test_days_nobody_watched_are_one_look_and_the_week_ends_them(week: Week) -> None:
    asked = week.asked["next week"]
    assert {week.edited, week.removed} < set(asked) <= set(week.rows["first"])
    assert set(asked.values()) == {1}
    assert week.asked["week after"] == Counter()
    assert week.rows["next week"][week.removed]["revision"] == "2"


def test_looks_are_kept_as_the_habits_of_the_source(week: Week) -> None:
    rows = query(
        week.user,
        "SELECT source, sum(looks), sum(changed), sum(unmodified), sum(honest), sum(lied)"
        " FROM habits GROUP BY source",
    )
    found = {source: counts for source, *counts in rows}
    articles = Counter(row["source"] for row in week.rows["first"].values())
    for source, (looks, changed, unmodified, honest, lied) in found.items():
        mine = source == week.rows["first"][week.edited]["source"]
        # Before its server had first said "unmodified", one look was enough.
        assert 1.5 * articles[source] <= looks <= 2 * articles[source]
        assert (changed, honest, lied) == ((2, 1, 0) if mine else (0, 0, 0))
        assert unmodified >= looks - changed - 1 - articles[source] // 2


def test_two_crawls_at_once_store_every_article_once(site: Site, user: User) -> None:
    crawls = [user.start("crawl", stdout=subprocess.DEVNULL) for _ in range(2)]
    for crawl in crawls:
        _, stderr = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, stderr
        assert "lock" not in stderr
        assert "Traceback" not in stderr
    urls = Counter(row["url"] for row in user.rows())
    assert urls == Counter(site.fetchable().keys())
    assert query(user, "SELECT DISTINCT change FROM revisions") == [("add",)]
    assert is_sound(user)


def test_a_date_that_the_feed_moves_is_a_reason_to_look(site: Site, user: User) -> None:
    assert user.run("crawl").returncode == 0
    [article, *others] = site.articles("tidewater")
    url = site.article_url("tidewater", article.slug)
    site.edit_article("tidewater", article.slug, text=f"{article.text}\n\nThe vote was 7 to 2.")
    before = len(site.pages_fetched())
    assert user.run("crawl").returncode == 0
    assert site.pages_fetched()[before:] == [url]
    [row] = [row for row in user.rows() if row["url"] == url]
    assert "7 to 2" in row["text"]
    assert query(user, "SELECT looks, changed, honest FROM habits WHERE occasion = 'moved'") == [
        (1, 1, 1)
    ]
    for other in others:
        site.edit_article("tidewater", other.slug)
    before = len(site.pages_fetched())
    assert user.run("crawl").returncode == 0
    assert site.pages_fetched()[before:] == [], "a feed that stamps everything anew says nothing"


def test_a_sitemap_beside_the_feed_announces_edits(site: Site, user: User) -> None:
    [article, *_] = site.articles("meridian")
    url = site.article_url("meridian", article.slug)

    def map_of(changed: str) -> None:
        urls = f"<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>"
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        site.add_page("meridian", "/map.xml", body.encode(), content_type="application/xml")

    map_of("2026-11-24T08:00:00Z")
    assert user.run("feeds", "add", site.url("meridian", "/map.xml")).returncode == 0
    assert user.run("crawl").returncode == 0
    site.edit_article("meridian", article.slug, text=f"{article.text}\n\nIt was 7 to 2.")
    map_of("2026-11-24T09:30:00Z")
    before = len(site.pages_fetched())
    assert user.run("crawl").returncode == 0
    assert [
        page for page in site.pages_fetched()[before:] if page != site.url("meridian", "/map.xml")
    ] == [url]
    [row] = [row for row in user.rows() if row["url"] == url]
    assert "7 to 2" in row["text"]
