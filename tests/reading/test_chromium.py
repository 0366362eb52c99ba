"""`broadtape browse` in a real browser: what loads, what is found, what runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bench import chromium
from pipelines.database import open_database
from pipelines.instants import to_text
from pipelines.items import Feed, Source
from tests.reading.test_browse import QUERIES, TABLES, Browser, browser, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["browser"]  # the fixture

pytestmark = pytest.mark.skipif(chromium.find() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def started() -> Iterator[chromium.Chromium]:
    with chromium.Chromium() as started:
        yield started


@pytest.fixture
def page(started: chromium.Chromium) -> Iterator[chromium.Chromium]:
    """A page; whatever goes wrong on it, and whatever it asks of others, fails the test."""
    started.wrong.clear()
    started.asked.clear()
    yield started
    assert started.wrong == []
    assert not [url for url in started.asked if not url.startswith(("http://127.0.0.1", "data:"))]


def rows(page: chromium.Chromium) -> list[str]:
    found: list[str] = page.ask(
        "[...document.querySelectorAll('table.rows-and-columns tbody tr')].map(r => r.innerText)"
    )
    return found


def address(browser: Browser, path: str) -> str:
    return f"http://127.0.0.1:{browser.port}{path}"


def test_pages_load(browser: Browser, page: chromium.Chromium) -> None:
    titles = set()
    for path in ("/", "/news", *(f"/news/{name}" for name in (*QUERIES, *TABLES))):
        page.open(address(browser, path))
        assert page.ask("document.querySelector('h1').innerText")
        titles.add(page.ask("document.title"))
    assert not [title for title in titles if "select" in title.lower()]


@pytest.fixture(scope="module")
def lively(browser: Browser) -> Browser:
    """The record with news of the last hours, and feeds that were polled."""
    now = datetime.now(UTC)
    for hours in range(12):
        store(browser.path, f"n/{hours}", f"Hour {hours}", "News.", now - timedelta(hours=hours))
    source = Source(name="Quay Street", domain="quay.example")
    with open_database(browser.path) as database, database.transaction():
        for number, outcome in enumerate(("new", "new", "not_modified")):
            feed = Feed(url=f"https://quay.example/{number}", name=f"F{number}", source=source)
            database.feeds.log_poll(database.feeds.add(feed), now, outcome)
    return browser


def test_charts_are_drawn(lively: Browser, page: chromium.Chromium) -> None:
    page.open(address(lively, "/-/dashboards/news"))
    page.wait_for("document.querySelectorAll('.vega-embed svg').length >= 4")
    with open_database(lively.path, read_only=True) as database:
        articles = database.reading.totals()["articles"]
    page.wait_for(f"document.body.innerText.includes('\\n{articles}\\n')")
    page.wait_for("document.querySelectorAll('path[aria-roledescription=bar]').length >= 12 + 2")


def test_charts_of_a_moment_are_drawn_and_name_it(lively: Browser, page: chromium.Chromium) -> None:
    then = datetime.now(UTC) - timedelta(hours=5, minutes=30)
    with Browser(lively.path, {}, "--as-of", to_text(then)) as bygone:
        bygone.wait()
        page.open(address(bygone, "/-/dashboards/news"))
        page.wait_for("document.querySelectorAll('.vega-embed svg').length >= 4")
        page.wait_for("document.querySelectorAll('path[aria-roledescription=bar]').length >= 6")
        named = page.ask("document.querySelector('.bt-as-of').innerText")
        assert f"{then:%Y-%m-%d %H:%M:%S} UTC" in named


def test_charts_of_an_empty_record_are_no_error(page: chromium.Chromium, tmp_path: Path) -> None:
    open_database(tmp_path / "empty.db").close()
    with Browser(tmp_path / "empty.db", {}) as empty:
        empty.wait()
        page.open(address(empty, "/-/dashboards/news"))
        page.wait_for("document.querySelectorAll('.vega-embed svg').length >= 4")
        page.open(address(empty, "/news/latest"))


def test_search_finds(browser: Browser, page: chromium.Chromium) -> None:
    page.open(address(browser, "/news/articles"))
    page.submit("form.filters", _search="降息 OR semi*")
    assert len(rows(page)) == 5
    page.open(address(browser, "/news/search"))
    page.submit("form.sql", q="降息")
    assert "意外降息" in rows(page)[0]
    assert set(page.ask("[...document.querySelectorAll('mark')].map(m => m.innerText)")) == {"降息"}
    page.click("td.col-article a")
    assert page.ask("document.title").startswith("Article: ")
    assert "诺兰央行意外降息25个基点" in page.ask("document.body.innerText")


def test_facets_filter(browser: Browser, page: chromium.Chromium) -> None:
    page.open(address(browser, "/news/articles"))
    everything = len(rows(page))
    page.click(".facet-results a[href*='language=zh']")
    chinese = rows(page)
    assert 0 < len(chinese) < everything
    assert all("\tzh\t" in row for row in chinese)


def test_no_script_of_an_article_runs(browser: Browser, page: chromium.Chromium) -> None:
    article = browser.ids["hostile page"]
    for path in (
        f"/news/article?id={article}",
        "/news/latest",
        "/news/search?q=hostile",
        "/news/articles?_search=hostile",
        "/news/revisions?_col=text&_col=title&_sort_desc=seq",
        f"/news/story?id={article}",
    ):
        page.open(address(browser, path))
        assert "<script>" in page.ask("document.body.innerText"), path
        assert page.ask("typeof window.ran") == "undefined"
