"""Three crawls of a world that changes between them, and what can be read afterwards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from subprocess import check_output
from typing import TYPE_CHECKING

import pytest

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import is_sound, query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import CompletedProcess

HEADER = (
    "id,url,source,publisher,title,authors,language,published_at,published_precision,"
    "published_zone,first_seen_at,arrival,updated_at,revision,seq,status,symbols,story_id,"
    "story_size,tags,flags,word_count,summary,text"
)


@dataclass(frozen=True)
class Story:
    """What happened in each of three crawls, and the record after the last."""

    user: User
    site: Site
    crawls: list[CompletedProcess[str]]
    pages: list[list[str]]
    listed: dict[str, str]
    rows: list[list[dict[str, str]]]
    added: str
    edited: str

    def row(self, url: str) -> dict[str, str]:
        (row,) = [row for row in self.rows[-1] if row["url"] == url]
        return row


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with Site() as site:
        user = User.of(site, tmp_path_factory.mktemp("story"))
        home = tmp_path_factory.mktemp("home")
        user.environment |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
        listed = {url: article.title for url, article in site.fetchable().items()}
        crawls, pages, rows = [], [], []

        def crawl() -> None:
            before = len(site.pages_fetched())
            crawls.append(user.run("crawl"))
            pages.append(site.pages_fetched()[before:])
            rows.append(user.rows())

        crawl()
        crawl()
        added = site.add_article("meridian", "late-news", title="Late news of a merger")
        edited = site.article_url("meridian", "jobless-claims-fall")
        site.edit_article(
            "meridian",
            "jobless-claims-fall",
            title="CORRECTED-US weekly jobless claims rise more than expected",
            text="Claims rose, the department said on Thursday.\n\n"
            "An earlier version of this story said that they had fallen, and that was wrong. "
            "The department has apologised to those who traded on its first release.",
        )
        crawl()
        yield Story(user, site, crawls, pages, listed, rows, added, edited)


def test_every_crawl_ends_well_although_a_feed_is_down(story: Story) -> None:
    for crawl in story.crawls:
        assert crawl.returncode == 0, crawl.stderr
        assert "Traceback" not in crawl.stderr
        assert "Commodities" in crawl.stdout + crawl.stderr


def test_the_first_crawl_stores_every_article_once(story: Story) -> None:
    assert Counter(row["url"] for row in story.rows[0]) == Counter(story.listed.keys())
    assert {row["status"] for row in story.rows[0]} == {"full"}
    titles = {row["url"]: row["title"] for row in story.rows[0]}
    assert titles == story.listed


def test_each_page_is_asked_for_once(story: Story) -> None:
    missing = story.site.article_url("tidewater", "wexcombe-leak-fine")
    assert Counter(story.pages[0]) == Counter([*story.listed, missing])


def test_the_second_crawl_finds_nothing_new_and_fetches_no_page(story: Story) -> None:
    assert story.pages[1] == []
    assert story.rows[1] == story.rows[0]


def test_the_feeds_are_asked_whether_they_changed(story: Story) -> None:
    feed = "/rss/finance.xml"
    statuses = [request.status for request in story.site.requests if request.path == feed]
    assert statuses == [200, 304, 304]


def test_a_new_article_is_one_more_row(story: Story) -> None:
    assert len(story.rows[2]) == len(story.rows[1]) + 1
    assert story.row(story.added)["arrival"] == "live"
    assert {row["arrival"] for row in story.rows[0]} == {"bootstrap"}
    assert Counter(story.pages[2]) == Counter([story.added, story.edited])


def test_an_edited_article_is_a_revision_of_the_same_row(story: Story) -> None:
    (before,) = [row for row in story.rows[1] if row["url"] == story.edited]
    after = story.row(story.edited)
    assert (before["id"], before["revision"]) == (after["id"], "1")
    assert after["revision"] == "2"
    assert after["first_seen_at"] == before["first_seen_at"]
    assert int(after["seq"]) > int(before["seq"])
    assert "Claims rose" in after["text"]
    assert "fell more than expected" in before["text"]


def test_a_wire_story_keeps_both_rows_and_is_one_story(story: Story) -> None:
    one = story.row(story.site.article_url("meridian", "aurelis-north-sea-link"))
    two = story.row(story.site.article_url("tidewater", "cable-maker-grid-order"))
    assert one["story_id"] == two["story_id"]
    assert one["story_size"] == two["story_size"] == "2"


def test_market_reports_which_differ_in_their_figures_are_two_stories(story: Story) -> None:
    monday = story.row(story.site.article_url("tidewater", "market-report-monday"))
    tuesday = story.row(story.site.article_url("tidewater", "market-report-tuesday"))
    assert monday["story_id"] != tuesday["story_id"] or not monday["story_id"]


def test_chinese_is_read_whatever_the_page_declares(story: Story) -> None:
    row = story.row(story.site.article_url("gangcheng", "port-fees-cut"))
    assert row["language"] == "zh"
    assert row["published_at"] == "2026-11-20T12:11:50Z"
    assert "林珺" in row["text"]
    assert "XSHE:003488" in row["symbols"].split("; ")
    assert "责任编辑" not in row["text"]
    assert "扫描二维码" not in row["text"]


def test_furniture_stays_behind(story: Story) -> None:
    furniture = ("cookies", "Sign up", "Register now", "Read next", "相关阅读", "免责声明")
    for row in story.rows[-1]:
        assert not [words for words in furniture if words in row["text"]], row["url"]


def test_the_missing_page_leaves_its_reason(story: Story) -> None:
    link = story.site.article_url("tidewater", "wexcombe-leak-fine")
    ((state, reason),) = query(
        story.user, f"SELECT state, last_error FROM entries WHERE link = '{link}'"
    )
    assert state == "failed"
    assert "404" in reason


def test_the_export_is_the_table_it_promises(story: Story) -> None:
    raw = check_output(story.user.command("export", "-f", "csv", "-o", "-"))
    assert raw.decode().splitlines()[0] == HEADER
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    target = story.user.folder / "out.csv"
    assert story.user.run("export", "-f", "csv", "-o", str(target)).returncode == 0
    assert target.read_bytes() == raw
    assert [file.name for file in target.parent.glob("*out.csv*")] == ["out.csv"]
    rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
    assert {len(row) for row in rows} == {len(HEADER.split(","))}


def test_an_article_can_be_shown(story: Story) -> None:
    row = story.row(story.added)
    shown = story.user.run("show", row["id"])
    assert shown.returncode == 0, shown.stderr
    assert "Late news of a merger" in shown.stdout
    assert row["url"] in shown.stdout
    assert story.user.run("show", "999999").returncode == 1


def test_status_tells_how_things_stand(story: Story) -> None:
    status = story.user.run("status")
    assert status.returncode in (0, 1), status.stderr
    assert "Traceback" not in status.stderr
    assert str(len(story.rows[-1])) in status.stdout
    assert "Commodities" in status.stdout + status.stderr


def test_nothing_is_left_at_home(story: Story) -> None:
    assert list(Path(story.user.environment["HOME"]).rglob("*")) == []


def test_the_database_is_sound(story: Story) -> None:
    assert is_sound(story.user)
    assert query(story.user, "SELECT count(*) FROM entries WHERE state = 'pending'") == [(0,)]
