"""The record in a browser: pages, search, links, facets, while somebody writes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

import pytest

from data.sample.command import told
from data.sample.user import COMMAND
from pipelines.browse import counting, server
from pipelines.database import open_database
from pipelines.items import Article
from tests.reading import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

pytest.importorskip("datasette")
pytest.importorskip("datasette_dashboards")

HOSTILE = "<script>window.ran=1;alert('body')</script><img src=x onerror='window.ran=1;alert(1)'>"


class Browser:
    """A `broadtape browse` and somebody who asks it for pages."""

    def __init__(
        self,
        path: Path,
        ids: dict[str, int],
        *options: str,
        before: Sequence[str] = (),
        **how: Any,
    ) -> None:
        self.path, self.ids = path, ids
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [*before, COMMAND, "--db", path, "browse", "--port", str(self.port), *options],
            **{"stderr": subprocess.DEVNULL, **how},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def wait(self) -> None:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("browse did not start")

    def get(self, path: str, **parameters: str) -> str:
        query = f"?{urlencode(parameters)}" if parameters else ""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{quote(path)}{query}", timeout=30
        ) as answer:
            body: bytes = answer.read()
        return body.decode("utf-8")

    def rows(self, path: str, **parameters: str) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = json.loads(
            self.get(f"{path}.json", _shape="array", **parameters)
        )
        return rows


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("browse") / "any name.db"
    ids = corpus.make(path)
    ids["hostile page"] = store(path, "evil", f"Hostile {HOSTILE}", HOSTILE)
    with Browser(path, ids) as browser:
        browser.wait()
        yield browser


def store(path: Path, key: str, title: str, text: str, at: datetime = corpus.START) -> int:
    with open_database(path) as database, database.transaction():
        article_id = database.articles.create(key, "Quay Street", at, "live")
        database.articles.add_revision(
            article_id,
            Article(url="https://news.example.com/" + key, title=title, language="en", text=text),
            "add",
            seen_at=at,
            computed_at=at,
            text_hash=None,
            word_count=1,
        )
        database.stories.begin(article_id)
    return article_id


QUERIES = ("search", "latest", "article", "by_symbol", "most_mentioned", "most_syndicated",
           "story", "biggest_revisions", "silent_feeds")  # fmt: skip
TABLES = ("articles", "feeds", "entries", "revisions", "mentions", "stories", "story_members",
          "polls", "runs")  # fmt: skip


@pytest.mark.parametrize("page", [f"/news/{name}" for name in (*QUERIES, *TABLES)])
def test_every_page_opens(browser: Browser, page: str) -> None:
    shown = browser.get(page)
    assert "message-error" not in shown
    assert "(Error" not in shown


@pytest.mark.parametrize("typed", ["降息", "金", "A股", '"rate cut"', "semi*", "corvane -larch"])
def test_its_search_is_the_commands(browser: Browser, typed: str) -> None:
    done = told("--db", browser.path, "search", "--json", "--", typed)
    wanted = {article["id"] for article in json.loads(done.stdout)["articles"]}
    assert {row["article"] for row in browser.rows("/news/search", q=typed)} == wanted
    boxed = browser.rows("/news/articles", _search=typed)
    assert {row["id"] for row in boxed} == wanted


def test_odd_punctuation_in_a_search_box_is_no_error(browser: Browser) -> None:
    for typed in ('"((', "*", "title:", "zebra NOT", "'; drop table feeds; --"):
        assert browser.rows("/news/search", q=typed) == []
        assert "message-error" not in browser.get("/news/articles", _search=typed)


def test_hits_are_marked(browser: Browser) -> None:
    shown = browser.get("/news/search", q="降息")
    assert "<mark>降息</mark>" in shown
    assert "⟦" not in shown.split("<table")[1]


def test_a_body_is_text(browser: Browser) -> None:
    article = str(browser.ids["hostile page"])
    for page in (
        browser.get("/news/article", id=article),
        browser.get("/news/latest"),
        browser.get("/news/search", q="hostile"),
        browser.get("/news/articles"),
        browser.get("/news/revisions", _col="text"),
    ):
        assert "<script>window" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;window" in browser.get("/news/article", id=article)


def test_things_are_linked(browser: Browser) -> None:
    article = browser.ids["并购"]
    latest = browser.get("/news/latest")
    assert f'<a href="/news/article?id={article}">' in latest
    assert '<a href="/news/by_symbol?symbol=XSHE%3A003977">XSHE:003977</a>' in latest
    assert {row["in_story"] for row in browser.rows("/news/latest")} == {1}
    shown = browser.get("/news/article", id=str(article))
    assert '<a href="/news/story?id=' in shown
    by_symbol = browser.rows("/news/by_symbol", symbol="003977.SZ")
    assert {row["article"] for row in by_symbol} == {article, browser.ids["预增"]}


def test_tables_begin_with_few_columns_and_facets(browser: Browser) -> None:
    shown = browser.get("/news/articles")
    assert "col-title" in shown
    assert "col-html" not in shown
    assert "临江财经" in shown
    assert "col-html" in browser.get("/news/articles", _nocol="url")
    zh = browser.rows("/news/articles", language="zh")
    assert {row["language"] for row in zh} == {"zh"}


def test_every_chart_has_its_numbers(browser: Browser) -> None:
    dashboard = server.metadata()["plugins"]["datasette-dashboards"]["news"]
    charts = dashboard["charts"]
    assert set(charts) == {name for row in dashboard["layout"] for name in row}
    for name, chart in charts.items():
        answer = json.loads(browser.get("/news.json", sql=chart["query"], _shape="objects"))
        assert answer["ok"], (name, answer)
    page = browser.get("/-/dashboards/news")
    assert all(chart["title"] in page for chart in charts.values())


def test_what_is_stored_meanwhile_is_seen(browser: Browser) -> None:
    before = len(browser.rows("/news/articles", _search="Meanwhile", _size="max"))
    store(browser.path, "meanwhile", "Meanwhile, in Aldhaven", "Grain is loaded again.")
    after = browser.rows("/news/articles", _search="Meanwhile", _size="max")
    assert (before, len(after)) == (0, 1)


def test_it_only_reads(browser: Browser) -> None:
    with pytest.raises(urllib.error.HTTPError):
        browser.get("/news.json", sql="delete from feeds")
    with open_database(browser.path, read_only=True) as database:
        assert database.check() == []


async def test_long_tables_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    httpx = pytest.importorskip("httpx")
    corpus.make(tmp_path / "news.db")
    monkeypatch.setattr(counting, "LONG", 10)
    through = httpx.ASGITransport(app=server.application(tmp_path / "news.db"))
    async with httpx.AsyncClient(
        transport=through, base_url="http://broadtape", follow_redirects=True
    ) as reader:
        page = await reader.get("/news/articles")
        assert {"_nocount", "_nofacet"} <= set(page.url.params)
        assert "诺兰央行意外降息25个基点" in page.text
        faceted = await reader.get("/news/articles", params={"_facet": "source"})
        assert "_nofacet" not in faceted.url.params
        assert "临江财经" in faceted.text
        assert "Many rows" in (await reader.get("/news")).text


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    corpus.make(tmp_path / "news.db")
    (tmp_path / "datasette").mkdir()
    (tmp_path / "datasette" / "__init__.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--db", str(tmp_path / "news.db"), "browse"],
        capture_output=True, encoding="utf-8", timeout=60,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'broadtape[browse]'" in done.stderr.splitlines()[-1]


def test_an_address_that_is_taken(browser: Browser) -> None:
    done = told("--db", browser.path, "browse", "--port", browser.port)
    assert done.returncode == 1
    assert "choose another --port" in done.stderr.splitlines()[-1]
