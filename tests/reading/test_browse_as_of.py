"""`broadtape browse --as-of T` shows the record as it was at T, and says so everywhere."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from data.sample.command import told
from pipelines.browse import server
from pipelines.instants import to_text
from tests.reading import corpus
from tests.reading.test_browse import QUERIES, TABLES, Browser, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("datasette")
pytest.importorskip("datasette_dashboards")

THEN = corpus.START + timedelta(hours=14, minutes=30)
NAMED = '<time datetime="2026-11-02T22:30:00Z">2026-11-02 22:30:00 UTC</time>'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("as_of") / "news.db"
    ids = corpus.make(path)
    with Browser(path, ids, "--as-of", to_text(THEN)) as browser:
        browser.wait()
        yield browser


PAGES = ("/", "/news", "/-/dashboards", "/-/dashboards/news", "/news/identities/1",
         "/news/revisions/1", *(f"/news/{name}" for name in (*QUERIES, *TABLES)))  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_the_moment(browser: Browser, page: str) -> None:
    assert browser.get(page).count(NAMED) == 1


def test_so_does_a_page_of_an_error(browser: Browser) -> None:
    with pytest.raises(HTTPError) as missing:
        browser.get("/news/no_such_table")
    assert NAMED in missing.value.read().decode()


def test_what_came_later_is_not_there(browser: Browser) -> None:
    ids = {row["article"] for row in browser.rows("/news/latest")}
    assert ids == {browser.ids[name] for name, *_ in corpus.ARTICLES[:15]}
    store(browser.path, "later", "Meanwhile, in Aldhaven", "Grain is loaded again.")
    for typed in ("Meanwhile", "存款", "临川光电"):
        assert browser.rows("/news/search", q=typed) == []
        assert browser.rows("/news/articles", _search=typed) == []
    assert browser.rows("/news/by_symbol", symbol="003977.SZ") == []


@pytest.mark.parametrize("typed", ["降息", '"rate cut"', "semi*", "corvane -larch", "dockers"])
def test_its_search_is_the_commands(browser: Browser, typed: str) -> None:
    then = ("--as-of", to_text(THEN), "--json")
    done = told("--db", browser.path, "search", *then, "--", typed)
    wanted = {article["id"] for article in json.loads(done.stdout)["articles"]}
    assert {row["article"] for row in browser.rows("/news/search", q=typed)} == wanted


def test_charts_end_then(browser: Browser) -> None:
    told_of = server.metadata(THEN)["plugins"]["datasette-dashboards"]["news"]
    assert set(told_of["charts"]) == {name for row in told_of["layout"] for name in row}
    answers = {}
    for name, chart in told_of["charts"].items():
        assert "'now'" not in chart["query"]
        answer = json.loads(browser.get("/news.json", sql=chart["query"], _shape="objects"))
        assert answer["ok"], (name, answer)
        answers[name] = answer["rows"]
    assert answers["articles"] == [{"n": 15}]
    assert answers["full"] == [{"share": 100.0}]  # of the 14 days before then
    assert sum(row["articles"] for row in answers["hourly"]) == 15


def test_now_names_no_moment(tmp_path: Path) -> None:
    assert "as_of" not in server.metadata()
    corpus.make(tmp_path / "news.db")
    with Browser(tmp_path / "news.db", {}) as browser:
        browser.wait()
        assert "The record as it was" not in browser.get("/news/latest")


def test_without_room_it_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.make(tmp_path / "news.db")
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 10))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    done = told("--db", tmp_path / "news.db", "browse", "--as-of", "2026-11-02", "--port", "1")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "TMPDIR" in line
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-01"])
def test_what_is_no_time(tmp_path: Path, typed: str) -> None:
    corpus.make(tmp_path / "news.db")
    done = told("--db", tmp_path / "news.db", "browse", "--as-of", typed)
    assert done.returncode == 2
    assert "is no time" in done.stderr
