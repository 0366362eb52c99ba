"""An article that several feeds list: one page asked for, one article, a sighting in each feed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

import pytest

from data.sample.server import Answer, Server, conditional
from data.sample.user import User
from tests.journey.helpers import is_sound, query, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LINE = "The port of {0} took {1} ships of grain on Tuesday, {2} more than in the week before."
RSS = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
CHALLENGE = b"<html><title>Just a moment...</title><p>Checking your browser before you go on.</p>"


def prose(name: str, lines: int = 12) -> list[str]:
    return [
        LINE.format(name.title(), 11 * number, number + len(name)) for number in range(3, lines + 3)
    ]


@dataclass(frozen=True)
class Item:
    """One line of a feed; without a title it has the article's."""

    path: str
    title: str = ""
    summary: str = ""
    content: str = ""
    updated: datetime | None = None
    guid: str = ""
    host: str = ""


@dataclass
class Publisher:
    """A publisher of several feeds; `asked` are the pages that it was asked for."""

    server: Server
    user: User
    feeds: dict[str, list[Item]]
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path, *feeds: str) -> Publisher:
        publisher: Publisher
        server = Server(("127.0.0.1", 0), lambda path, headers: publisher.answer(path, headers))
        settings = 'sources = ["sources.toml"]\nallow_hosts = ["127.0.0.1"]\n'
        (folder / "broadtape.toml").write_text(f"{settings}delay = 0.01\nworkers = 2\n")
        listed = "".join(
            f'[[source.feed]]\nname = "{name}"\nurl = "{server.url}/{name}.xml"\n' for name in feeds
        )
        (folder / "sources.toml").write_text(
            f'[[source]]\nname = "Harwick"\ndomain = "{server.url.removeprefix("http://")}"\n'
            f'language = "en"\n{listed}'
        )
        publisher = cls(server, User(folder, folder / "news.db"), {name: [] for name in feeds})
        return publisher

    def article(self, path: str, *, lines: int = 12, note: str = "", **answer: object) -> None:
        """Serve a page with a text of its own."""
        title = path.strip("/").title()
        body = "".join(f"<p>{line}</p>" for line in [*prose(path.strip("/"), lines), note] if line)
        page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}"
        self.answers[path] = Answer(body=page.encode(), **answer)  # type: ignore[arg-type]

    def refuse(self, path: str, status: int, body: bytes = b"No") -> None:
        self.answers[path] = Answer(body=body, status=status)

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        name = path.strip("/").removesuffix(".xml")
        if name in self.feeds:
            items = "".join(map(self._item, self.feeds[name]))
            feed = f"{RSS}<channel><title>{name}</title>{items}</channel></rss>"
            return Answer(body=feed.encode(), content_type="application/rss+xml")
        if path == "/robots.txt":
            return Answer(body=b"", status=404)
        self.asked.append(path)
        missing = Answer(body=b"", status=404)
        answer = self.answers.get(path) or self.answers.get(path.partition("?")[0], missing)
        return conditional(answer, headers)

    def _item(self, item: Item) -> str:
        title = item.title or item.path.partition("?")[0].strip("/").title()
        link = (item.host or self.server.url) + item.path
        parts = [f"<title>{title}</title><link>{escape(link)}</link>"]
        parts += [f"<description>{escape(item.summary)}</description>"] * bool(item.summary)
        parts += [f"<content:encoded>{escape(item.content)}</content:encoded>"] * bool(item.content)
        if item.updated:
            parts.append(f"<pubDate>{format_datetime(item.updated)}</pubDate>")
        guid = f'<guid isPermaLink="false">{item.guid}</guid>' if item.guid else ""
        return f"<item>{''.join(parts)}{guid}</item>"

    def lists(self, *paths: str, feeds: tuple[str, ...] = ()) -> None:
        for name in feeds or self.feeds:
            self.feeds[name] = [*(Item(path) for path in paths), *self.feeds[name]]

    def crawl(self, *options: str) -> str:
        """Crawl once; what the command said at its end."""
        crawl = self.user.run("crawl", *options)
        assert crawl.returncode == 0, crawl.stderr
        return crawl.stderr

    def sightings(self) -> list[tuple[str, str, int | None, int]]:
        """Feed, state, article and attempts of every entry."""
        return query(
            self.user,
            "SELECT f.name, e.state, e.article_id, e.attempts FROM entries AS e"
            " JOIN feeds AS f ON f.id = e.feed_id ORDER BY e.article_id, f.name, e.id",
        )

    def let_pass(self, **time: float) -> None:
        """Everything the record knows of happened earlier by that much."""
        seconds = timedelta(**time).total_seconds()
        columns = {
            "identities": ["first_seen_at"],
            "entries": ["first_seen_at", "last_seen_at", "next_try_at"],
            "announcements": ["read_at"],
            "visits": ["due_at"],
            "revisions": ["seen_at", "computed_at"],
        }
        with closing(sqlite3.connect(self.user.db)) as database, database:
            for table, names in columns.items():
                for name in names:
                    database.execute(
                        f"UPDATE {table} SET {name} ="
                        f" strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '-{seconds} seconds')"
                    )


@contextmanager
def serving(folder: Path, *feeds: str) -> Iterator[Publisher]:
    publisher = Publisher.of(folder, *feeds)
    publisher.server.start()
    yield publisher
    publisher.server.stop()


@pytest.fixture
def harwick(tmp_path: Path) -> Iterator[Publisher]:
    with serving(tmp_path, "front", "ports", "grain") as publisher:
        yield publisher


def test_feeds_of_one_crawl_ask_once_for_a_page(harwick: Publisher) -> None:
    paths = [f"/story-{number}" for number in range(5)]
    for path in paths:
        harwick.article(path)
    harwick.lists(*paths)
    said = harwick.crawl()
    assert Counter(harwick.asked) == Counter(paths)
    assert "5 pages fetched, 5 stored, 0 failed, 10 sightings of articles read already" in said
    states = Counter((feed, state) for feed, state, _, _ in harwick.sightings())
    assert states == {("front", "done"): 5, ("ports", "done"): 5, ("grain", "done"): 5}
    articles = Counter(article for _, _, article, _ in harwick.sightings())
    assert articles == dict.fromkeys(range(1, 6), 3)
    assert sum(attempts for *_, attempts in harwick.sightings()) == 5
    assert query(harwick.user, "SELECT count(*) FROM revisions") == [(5,)]
    assert query(harwick.user, "SELECT count(*) FROM payloads") == [(5,)], "one entry looks again"
    harwick.crawl()
    assert len(harwick.asked) == 5
    assert is_sound(harwick.user)


def test_a_feed_that_lists_it_later_asks_for_nothing(harwick: Publisher) -> None:
    harwick.article("/wheat")
    harwick.lists("/wheat?utm_source=front", feeds=("front",))
    harwick.crawl()
    harwick.let_pass(hours=3)
    harwick.lists("/wheat", feeds=("ports",))
    said = harwick.crawl()
    assert "0 pages fetched, 0 stored, 0 failed, 1 sightings of articles read already" in said
    assert harwick.asked == ["/wheat?utm_source=front"]
    [(first, article), (second, same)] = query(
        harwick.user, "SELECT first_seen_at, article_id FROM entries ORDER BY id"
    )
    assert article == same == 1
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) >= timedelta(hours=3)
    assert query(harwick.user, "SELECT first_seen_at FROM articles") == [(first,)]
    shown = json.loads(harwick.user.run("show", "1", "--json").stdout)
    assert [seen["feed"] for seen in shown["sightings"]] == ["front", "ports"]
    harwick.let_pass(days=9)
    harwick.lists("/wheat", feeds=("grain",))
    harwick.crawl()
    assert "/wheat" in harwick.asked, "what was read long ago is read again"


def test_a_feed_added_by_hand_is_its_publishers(harwick: Publisher) -> None:
    harwick.article("/spelt")
    harwick.feeds["extra"] = []
    harwick.lists("/spelt")
    address = f"{harwick.server.url}/extra.xml"
    added = harwick.user.run("feeds", "add", address, "--name", "Late news", "--language", "zh")
    assert f"watching {address} of Harwick as feed" in added.stderr
    harwick.crawl()
    assert harwick.asked == ["/spelt"]
    assert {(name, article) for name, _, article, _ in harwick.sightings()} == {
        (name, 1) for name in ("front", "ports", "grain", "Late news")
    }
    assert query(harwick.user, "SELECT source, language FROM feeds WHERE name = 'Late news'") == [
        ("Harwick", "zh")
    ]
    harwick.article("/millet")
    other = harwick.user.run("feeds", "add", address, "--source", "Another house")
    assert f"watching {address} of Another house" in other.stderr
    harwick.lists("/millet", feeds=("front", "extra"))
    harwick.crawl()
    assert harwick.asked == ["/spelt", "/millet"], "two houses, one page"


GATEWAY = """
[[source]]
name = "Gateway"
domain = "gateway.example"
language = "zh"
timezone = "Asia/Shanghai"
{manners}
  [[source.feed]]
  name = "digest"
  url = "{url}/digest.xml"
"""


def with_gateway(publisher: Publisher, manners: str = "") -> None:
    """Another source, a feed of which lists the publisher's articles."""
    file = publisher.user.folder / "sources.toml"
    file.write_text(file.read_text() + GATEWAY.format(manners=manners, url=publisher.server.url))
    publisher.feeds["digest"] = []


def record_of(publisher: Publisher) -> list[list[tuple[object, ...]]]:
    """What is on record, but for what pages it cost and the very second."""
    tables = [
        "SELECT f.name, e.link, e.title, e.state, e.article_id, e.last_error, e.arrival"
        " FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id ORDER BY f.name, e.link",
        "SELECT url_key, source, publisher, title, text, status, revision, arrival, language,"
        " published_at, published_zone, story_id, tags, flags FROM articles ORDER BY url_key",
        "SELECT article_id, change, text FROM revisions ORDER BY article_id, revision",
        "SELECT first_article_id, articles FROM stories ORDER BY id",
        "SELECT article_id, story_id, rank FROM story_members ORDER BY article_id, id",
        "SELECT article_id, count(*) FROM url_keys GROUP BY article_id",
        "SELECT article_id, symbol, place FROM mentions ORDER BY article_id, symbol",
        "SELECT i.id, e.first_seen_at = i.first_seen_at FROM identities AS i JOIN entries AS e"
        " ON e.article_id = i.id JOIN feeds AS f ON f.id = e.feed_id WHERE f.source = i.source"
        " GROUP BY i.id HAVING min(e.first_seen_at) ORDER BY i.id",
    ]
    return [query(publisher.user, sql) for sql in tables]


@pytest.mark.parametrize("order", [("front", "digest"), ("digest", "front")])
def test_two_sources_that_list_an_article_leave_the_record_they_would_without_each_other(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    """One request for both is as good as two: here the second source asks in a way of its own."""
    records = []
    for folder, manners, pages in (
        ("alike", 'prune = []\nregion = "CN"', 2),
        ("apart", 'headers = { Referer = "https://gateway.example/" }', 4),
    ):
        (tmp_path / folder).mkdir()
        with serving(tmp_path / folder, "front", "ports") as harwick:
            with_gateway(harwick, manners)
            harwick.article("/millet")
            harwick.answers["/lost"] = Answer(body=b"", status=404, delay=0.5)
            for name in order:
                harwick.lists("/millet?utm_source=rss", "/lost", feeds=(name,))
                harwick.crawl()
                harwick.let_pass(minutes=20)
            assert Counter(path.partition("?")[0] for path in harwick.asked).total() == pages
            port = harwick.server.url.rpartition(":")[2]
            records.append(json.loads(json.dumps(record_of(harwick)).replace(port, "PORT")))
    assert records[0] == records[1]


def test_a_source_that_prunes_its_pages_reads_them_itself(harwick: Publisher) -> None:
    with_gateway(harwick, "prune = [\"//div[@class='more']\"]")
    harwick.article("/sorrel")
    harwick.lists("/sorrel", feeds=("front", "digest"))
    harwick.crawl()
    assert harwick.asked == ["/sorrel"] * 2
    harwick.lists("/sorrel", feeds=("ports",))
    harwick.crawl()
    assert harwick.asked == ["/sorrel"] * 2, "but the publisher's next feed need not"


@pytest.mark.parametrize("first", ["front", "digest", None])
def test_each_source_falls_back_on_its_own_words(harwick: Publisher, first: str | None) -> None:
    with_gateway(harwick)
    harwick.answers["/thyme"] = Answer(body=b"No", status=403, delay=0.5)
    items = {
        "front": [Item("/thyme")],
        "digest": [Item("/thyme", summary=" ".join(prose("thyme", 2)))],
    }
    if first:
        harwick.feeds[first] = items[first]
        harwick.crawl()
    harwick.feeds |= items
    harwick.crawl()
    assert harwick.asked == ["/thyme"]
    [row] = harwick.user.rows()
    assert (row["source"], row["publisher"], row["status"]) == ("Gateway", "Gateway", "summary")
    assert {name: row[0] for name, *row in harwick.sightings()} == {
        "front": "failed",
        "digest": "done",
    }


@pytest.mark.parametrize("news", ["title", "date"])
def test_a_feed_that_claims_news_brings_a_look(harwick: Publisher, news: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    harwick.article("/barley")
    harwick.feeds["front"] = [Item("/barley", updated=now - timedelta(hours=5))]
    harwick.crawl()
    harwick.let_pass(hours=2)
    harwick.article("/barley", note="The quay of 1911 will close in May, the mayor says.")
    told = {"title": "Barley: quay to close"} if news == "title" else {"updated": now}
    harwick.feeds["ports"] = [replace(harwick.feeds["front"][0], **told)]  # type: ignore[arg-type]
    harwick.crawl()
    assert harwick.asked == ["/barley"] * 2
    assert "quay of 1911" in harwick.user.rows()[0]["text"]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [("front", "ports"), ("ports", "front")])
def test_a_feed_with_fuller_text_than_a_blocked_page(
    harwick: Publisher, together: bool, order: tuple[str, str]
) -> None:
    """The same text is stored in whatever order the feeds come."""
    harwick.answers["/rye"] = Answer(body=CHALLENGE)
    full = "".join(f"<p>{line}</p>" for line in prose("rye", 20))
    items = {"front": Item("/rye"), "ports": Item("/rye", content=full)}
    for name in order:
        harwick.feeds[name] = [items[name]]
        if not together or name == order[-1]:
            harwick.crawl()
    [row] = harwick.user.rows()
    assert (row["status"], row["text"]) == ("full", "\n".join(prose("rye", 20)))
    asked_again = 1 if order[0] == "front" and not together else 0
    assert 1 + asked_again <= len(harwick.asked) <= 2
    assert {(state, article) for _, state, article, _ in harwick.sightings()} == {("done", 1)}


@pytest.mark.parametrize("longest", ["front", "grain"])
def test_a_refused_page_is_asked_for_once_and_the_longest_summary_stays(
    harwick: Publisher, longest: str
) -> None:
    harwick.refuse("/oats", 403)
    for name in harwick.feeds:
        words = " ".join(prose("oats", 2 if name == longest else 1))
        harwick.feeds[name] = [Item("/oats", summary=words)]
    harwick.crawl()
    assert harwick.asked == ["/oats"]
    [row] = harwick.user.rows()
    assert (row["status"], row["text"]) == ("summary", " ".join(prose("oats", 2)))
    assert {(state, article) for _, state, article, _ in harwick.sightings()} == {("done", 1)}


def test_a_missing_page_is_asked_for_once(harwick: Publisher) -> None:
    harwick.answers["/nowhere"] = Answer(body=b"Gone", status=404, delay=1.0)
    harwick.lists("/nowhere")
    assert "1 pages fetched, 0 stored, 3 failed" in harwick.crawl()
    assert harwick.asked == ["/nowhere"]
    assert {state for _, state, _, _ in harwick.sightings()} == {"failed"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"No", status=404),
        Answer(body=b"Gone", status=410),
        Answer(body=b"No", status=403),
        Answer(body=b"%PDF-1.7", content_type="application/pdf"),
    ],
)
def test_a_page_that_is_not_to_be_had_fails_at_once_for_feeds_that_list_it_within_the_hour(
    harwick: Publisher, answer: Answer
) -> None:
    harwick.answers["/nowhere"] = answer
    harwick.lists("/nowhere", feeds=("front",))
    harwick.crawl()
    reason = query(harwick.user, "SELECT last_error FROM entries")
    harwick.let_pass(minutes=40)
    harwick.lists("/nowhere", feeds=("ports",))
    assert "0 pages fetched, 0 stored, 1 failed" in harwick.crawl()
    assert harwick.asked == ["/nowhere"]
    assert {row[1:] for row in harwick.sightings()} == {("failed", None, 1)}
    assert query(harwick.user, "SELECT last_error FROM entries") == reason * 2
    harwick.let_pass(minutes=25)
    harwick.article("/nowhere")
    harwick.lists("/nowhere", feeds=("grain",))
    harwick.crawl()
    assert harwick.asked == ["/nowhere"] * 2, "an hour after the first it is tried once more"
    assert Counter(row[1] for row in harwick.sightings()) == {"failed": 2, "done": 1}
    assert query(harwick.user, "SELECT count(*) FROM payloads") == [(1,)], "of the one to look at"


@pytest.mark.parametrize("news", ["title", "date"])
def test_a_feed_that_says_something_newer_of_a_missing_page_tries_it(
    harwick: Publisher, news: str
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    first = Item("/bran", updated=now - timedelta(minutes=20))
    harwick.feeds["front"] = [first]
    harwick.crawl()
    harwick.article("/bran")
    told = {"title": "Bran: corrected"} if news == "title" else {"updated": now}
    harwick.feeds["ports"] = [replace(first, **told)]  # type: ignore[arg-type]
    harwick.crawl()
    assert harwick.asked == ["/bran"] * 2
    assert len(harwick.user.rows()) == 1


def test_a_page_that_opens_within_the_hour_is_read_as_any_other(harwick: Publisher) -> None:
    harwick.refuse("/peas", 403)
    harwick.feeds["front"] = [Item("/peas")]
    harwick.crawl()
    harwick.article("/peas", lines=4)
    harwick.feeds["ports"] = [Item("/peas", title="Peas: corrected")]
    harwick.crawl()
    full = "".join(f"<p>{line}</p>" for line in prose("peas", 20))
    harwick.feeds["grain"] = [Item("/peas", content=full)]
    harwick.crawl()
    assert harwick.asked == ["/peas"] * 3
    assert len(query(harwick.user, "SELECT * FROM entries WHERE state = 'done'")) == 2


def test_what_a_feed_says_of_a_refused_page_is_kept_without_asking_again(
    harwick: Publisher,
) -> None:
    """As if they had been listed at once: the longest summary stands in for the page."""
    harwick.refuse("/malt", 403)
    for number, name in enumerate(harwick.feeds):
        harwick.feeds[name] = [Item("/malt", summary=" ".join(prose("malt", number)))]
        harwick.crawl()
        harwick.let_pass(minutes=15)
        assert len(harwick.user.rows()) == min(number, 1)
    assert harwick.asked == ["/malt"]
    [row] = harwick.user.rows()
    assert (row["status"], row["text"]) == ("summary", " ".join(prose("malt", 2)))
    states = [(name, state) for name, state, *_ in harwick.sightings()]
    assert states == [("front", "failed"), ("grain", "done"), ("ports", "done")]


def test_an_address_that_was_not_allowed_is_tried_when_it_is(harwick: Publisher) -> None:
    elsewhere = harwick.server.url.replace("127.0.0.1", "127.0.0.2")
    harwick.feeds["front"] = [Item("/chaff", host=elsewhere)]
    harwick.crawl()
    assert [row[1] for row in harwick.sightings()] == ["failed"]
    settings = harwick.user.folder / "broadtape.toml"
    settings.write_text(settings.read_text().replace('"127.0.0.1"', '"127.0.0.1", "127.0.0.2"'))
    harwick.feeds["ports"] = harwick.feeds["front"]
    assert "1 to be tried again" in harwick.crawl(), "nobody answers there yet"


def test_what_failed_for_one_is_tried_again_for_all_and_once(harwick: Publisher) -> None:
    harwick.refuse("/hops", 500)
    harwick.lists("/hops", feeds=("front", "ports"))
    assert "2 to be tried again" in harwick.crawl()
    harwick.lists("/hops", feeds=("grain",))
    assert "1 to be tried again" in harwick.crawl()
    assert harwick.asked == ["/hops"], "not before its time"
    assert {row[1:] for row in harwick.sightings()} == {("pending", None, 1)}
    harwick.let_pass(minutes=6)
    assert "1 pages fetched, 0 stored, 0 failed, 3 to be tried again" in harwick.crawl()
    assert harwick.asked == ["/hops"] * 2
    harwick.article("/hops")
    harwick.let_pass(minutes=66)
    harwick.crawl()
    assert harwick.asked == ["/hops"] * 3
    assert {row[1:3] for row in harwick.sightings()} == {("done", 1)}
    [(earliest,)] = query(harwick.user, "SELECT min(first_seen_at) FROM entries")
    assert query(harwick.user, "SELECT first_seen_at FROM articles") == [(earliest,)]


def test_a_feed_that_lists_it_long_after_it_failed_asks_for_itself(harwick: Publisher) -> None:
    harwick.refuse("/yeast", 500)
    harwick.lists("/yeast", feeds=("front",))
    harwick.crawl()
    harwick.let_pass(minutes=6)
    harwick.crawl()
    harwick.let_pass(minutes=20)  # the next attempt is an hour after the second
    harwick.article("/yeast")
    harwick.lists("/yeast", feeds=("ports",))
    harwick.crawl()
    assert harwick.asked == ["/yeast"] * 3
    [(earliest,)] = query(harwick.user, "SELECT min(first_seen_at) FROM entries")
    assert query(harwick.user, "SELECT first_seen_at FROM articles") == [(earliest,)]
    harwick.let_pass(minutes=60)
    harwick.crawl()
    assert len(harwick.asked) == 3, "what the other brought was read after it was listed"
    assert {row[1:3] for row in harwick.sightings()} == {("done", 1)}


def test_another_spelling_of_the_address_is_tried_for_itself(harwick: Publisher) -> None:
    harwick.refuse("/flax?utm_source=front", 500)
    harwick.article("/flax", delay=0.3)
    harwick.lists("/flax?utm_source=front", feeds=("front",))
    harwick.lists("/flax", feeds=("ports", "grain"))
    harwick.crawl()
    assert Counter(harwick.asked)["/flax"] == 1
    done = {(feed, state) for feed, state, _, _ in harwick.sightings()}
    assert {("ports", "done"), ("grain", "done")} < done
    harwick.let_pass(minutes=6)
    harwick.crawl()
    assert Counter(harwick.asked)["/flax"] == 1
    assert {row[1:3] for row in harwick.sightings()} == {("done", 1)}


def test_a_changed_entry_is_fetched_anew(harwick: Publisher) -> None:
    harwick.article("/corn")
    harwick.lists("/corn")
    harwick.crawl()
    assert harwick.asked == ["/corn"]
    harwick.let_pass(minutes=10)
    harwick.article("/corn", note="The elevator at Quay 7 has burnt down, and all of its corn.")
    for name in harwick.feeds:
        harwick.feeds[name] = [Item("/corn", title="Corn burns")]
    harwick.crawl()
    assert len(harwick.asked) == 2, "once for all of them"
    [row] = harwick.user.rows()
    assert row["revision"] == "2"
    assert "burnt down" in row["text"]
    assert {row[1:3] for row in harwick.sightings()} == {("done", 1)}
    assert query(harwick.user, "SELECT title FROM entries") == [("Corn burns",)] * 3
    harwick.let_pass(days=1)
    harwick.crawl()
    assert len(harwick.asked) == 3, "one look, whichever feed it is made through"


@pytest.mark.parametrize("told", [{"title": "Corn burns"}, {}])
def test_an_edit_that_ten_feeds_announce_one_by_one_is_looked_at_once(
    tmp_path: Path, told: dict[str, str]
) -> None:
    names = [f"feed-{number}" for number in range(10)]
    now = datetime.now(UTC).replace(microsecond=0)
    edited = now - timedelta(minutes=30)
    with serving(tmp_path, *names) as harwick:
        harwick.article("/corn")
        harwick.feeds = {name: [Item("/corn", updated=now - timedelta(hours=5))] for name in names}
        harwick.crawl()
        harwick.let_pass(hours=2)
        harwick.article("/corn", note="The elevator at Quay 7 has burnt down, and all of its corn.")
        announced = [Item("/corn", updated=edited, **told)]
        for polled in (names[:1], names[1:2], names[2:5], names[5:]):
            harwick.feeds |= dict.fromkeys(polled, announced)
            harwick.crawl()
            harwick.let_pass(minutes=6)
        assert harwick.asked == ["/corn"] * 2
        [row] = harwick.user.rows()
        assert (row["revision"], "burnt down" in row["text"]) == ("2", True)
        assert {row[1:3] for row in harwick.sightings()} == {("done", 1)}
        dates = query(harwick.user, "SELECT DISTINCT published_at FROM entries")
        assert dates == [(f"{edited:%Y-%m-%dT%H:%M:%SZ}",)], "what each feed says now is kept"

        harwick.article("/corn", note="No corn is left, says the elevator's owner, Mara Quill.")
        later = [Item("/corn", updated=edited + timedelta(minutes=9), **told)]
        for polled in (names[:1], names[1:]):
            harwick.feeds |= dict.fromkeys(polled, later)
            harwick.crawl()
        assert harwick.asked == ["/corn"] * 3, "a later date is news, once"
        assert "Mara Quill" in harwick.user.rows()[0]["text"]


def test_what_another_feed_still_says_is_no_announcement(harwick: Publisher) -> None:
    """A headline that is taken back is a second edit, though a slow feed never had the first."""
    harwick.article("/corn")
    harwick.lists("/corn")
    harwick.crawl()
    for number, title in enumerate(["Corn burns", "Corn", "Corn burns"], start=2):
        harwick.let_pass(minutes=9)
        harwick.article("/corn", note=f"This is what was known by {number} in the afternoon.")
        harwick.feeds["front"] = [Item("/corn", title=title)]
        harwick.crawl()
        assert len(harwick.asked) == number
    harwick.feeds["ports"] = harwick.feeds["front"]
    harwick.crawl()
    assert len(harwick.asked) == 4
    harwick.let_pass(minutes=61)
    harwick.article("/corn", note="By evening all is known that will ever be known of it.")
    harwick.feeds["grain"] = harwick.feeds["front"]
    harwick.crawl()
    assert len(harwick.asked) == 5, "long after: it may tell of another edit"
    assert "By evening" in harwick.user.rows()[0]["text"]


def test_an_announcement_that_met_a_wall_is_still_to_be_looked_into(harwick: Publisher) -> None:
    harwick.article("/corn")
    harwick.lists("/corn")
    harwick.crawl()
    harwick.let_pass(minutes=9)
    harwick.answers["/corn"] = Answer(body=CHALLENGE)
    harwick.feeds["front"] = [Item("/corn", title="Corn burns")]
    harwick.crawl()
    harwick.article("/corn", note="The elevator at Quay 7 has burnt down, and all of its corn.")
    harwick.feeds["ports"] = harwick.feeds["front"]
    harwick.crawl()
    assert harwick.asked == ["/corn"] * 3
    assert "burnt down" in harwick.user.rows()[0]["text"]


def test_two_items_of_one_feed_at_one_address_are_both_looked_at(harwick: Publisher) -> None:
    harwick.article("/quotes")
    others = [Item(f"/other-{number}", guid=str(number)) for number in range(30)]
    harwick.feeds["front"] = [
        Item("/quotes", title="Quotes at nine", guid="nine"),
        Item("/quotes", title="Quotes at ten", guid="ten"),
        *others,
    ]
    harwick.crawl()
    assert Counter(harwick.asked)["/quotes"] == 2


def test_what_is_limited_is_pages_and_without_pages_nothing_is_settled(
    harwick: Publisher,
) -> None:
    harwick.article("/figs")
    harwick.article("/dates")
    harwick.lists("/figs", "/dates")
    harwick.crawl("--no-pages")
    assert harwick.asked == []
    assert {row[1:] for row in harwick.sightings()} == {("pending", None, 0)}
    said = harwick.crawl("--limit", "1")
    assert "1 pages fetched, 1 stored, 0 failed, 2 sightings" in said
    assert Counter(row[1] for row in harwick.sightings()) == {"done": 3, "pending": 3}
    harwick.crawl("--limit", "1")
    assert Counter(harwick.asked) == {"/figs": 1, "/dates": 1}
    assert {row[1] for row in harwick.sightings()} == {"done"}


def test_killed_while_others_wait(harwick: Publisher) -> None:
    harwick.article("/tea", delay=60)
    harwick.article("/salt")
    harwick.lists("/salt", "/tea")
    crawl = harwick.user.start("crawl", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while (
        "/tea" not in harwick.asked or Counter(s for _, s, _, _ in sightings(harwick))["done"] < 3
    ):
        assert crawl.poll() is None
    crawl.kill()
    crawl.wait()
    wait_until_gone(crawl.pid)
    assert Counter(row[1] for row in harwick.sightings()) == {"done": 3, "pending": 3}
    harwick.article("/tea")
    harwick.crawl()
    assert Counter(harwick.asked) == {"/salt": 1, "/tea": 2}
    assert {row[1] for row in harwick.sightings()} == {"done"}
    assert len(harwick.user.rows()) == 2
    assert is_sound(harwick.user)


def test_two_crawls_at_once_store_every_article_once(harwick: Publisher) -> None:
    paths = [f"/ship-{number}" for number in range(12)]
    for path in paths:
        harwick.article(path, delay=0.02)
    harwick.lists(*paths)
    crawls = [harwick.user.start("crawl", stdout=subprocess.DEVNULL) for _ in range(2)]
    for crawl in crawls:
        _, said = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, said
    assert len(harwick.user.rows()) == 12
    assert query(harwick.user, "SELECT DISTINCT change FROM revisions") == [("add",)]
    assert Counter(row[1:3] for row in harwick.sightings()) == {
        ("done", number): 3 for number in range(1, 13)
    }
    assert max(Counter(harwick.asked).values()) <= 2, "neither crawl knows what the other asks for"


def sightings(publisher: Publisher) -> list[tuple[str, str, int | None, int]]:
    """The same while the tables are being made."""
    try:
        return publisher.sightings()
    except sqlite3.OperationalError:
        return []
