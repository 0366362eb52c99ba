"""One feed, polled again and again: what is new, what changed, what has been there before."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.config import Config
from crawler.formats import parse
from crawler.polling import Poll
from crawler.polling.poll import Answer
from crawler.receive import Received, record
from crawler.session import Session
from pipelines.attempts import settle_failure
from pipelines.database import open_database
from pipelines.instants import to_text
from pipelines.items import Article, Entry, Extracted, Failure, Feed, FeedDocument, Source
from pipelines.ledger import Ledger
from pipelines.store import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipelines.database import Database
    from pipelines.items import PendingEntry

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
FEED = Feed(
    url="https://ledger.example.com/rss",
    name="Ledger",
    source=Source(name="Harbour Ledger", domain="ledger.example.com"),
)
SEEN_AT = "SELECT id FROM entries WHERE last_seen_at = ?"


class Polled:
    """A feed of a record, and the same crawl's receiving end for each of its documents."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        with database.transaction():
            database.feeds.sync([FEED])
        nobody: Any = None
        self.session = Session(Config(), database, nobody, Ledger(), {})

    def poll(self, entries: Sequence[Entry], at: datetime | None = None) -> list[PendingEntry]:
        """Receive a document; returns the entries whose page is to be had."""
        self.now = at or self.now + timedelta(minutes=10)
        [watched] = self.database.feeds.watched()
        document = FeedDocument(format="rss", entries=tuple(entries))
        poll = Poll(outcome="no_news", answer=Answer(status=200), http_status=200)
        return record(self.session, watched, Received(poll, document), self.now)

    def read(self, pending: Sequence[PendingEntry]) -> None:
        """Store what their pages say."""
        for entry in pending:
            if entry.shares_link:
                no_page = Failure(reason="the entry has no link of its own", final=True)
                settle_failure(self.database, entry, FEED.source, no_page, self.now)
                continue
            link = entry.entry.link or ""
            text = f"{entry.entry.title}. Nothing else is said at {link}, and it is said once."
            article = Article(url=link, title=entry.entry.title, text=text, extractor="test")
            extracted = Extracted(
                pending=entry,
                source=FEED.source.name,
                article=article,
                final_url=link,
                fetched_at=self.now,
            )
            store(self.database, extracted, self.now)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.database.path)) as reader:
            return reader.execute(sql, values).fetchall()


@pytest.fixture
def polled(tmp_path: Path) -> Iterator[Polled]:
    with open_database(tmp_path / "news.db") as database:
        yield Polled(database)


def listed(number: int, guid: str) -> Entry:
    return Entry(guid=guid, link=f"https://ledger.example.com/{number}", title=f"Story {number}")


def test_guids_made_anew_for_each_poll_cost_one_more_look_and_no_article(polled: Polled) -> None:
    asked = []
    for poll in range(5):
        pending = polled.poll([listed(number, f"{poll}-{number}") for number in range(20)])
        asked.append(len(pending))
        polled.read(pending)
    # Told by the second poll: from then on the links are the keys.
    assert asked == [20, 20, 0, 0, 0]
    assert polled.rows("SELECT count(*), max(revision) FROM articles") == [(20, 1)]


def test_guids_once_found_weak_stay_so(polled: Polled) -> None:
    weak = [listed(number, f"issue-{number % 4}") for number in range(12)]
    polled.read(polled.poll(weak))
    # Alone, these guids would look sound; their links are known, and nothing is new.
    assert polled.poll(weak[:4]) == []
    assert polled.poll([listed(12, "issue-0"), *weak[:3]])[0].entry.title == "Story 12"
    assert polled.rows("SELECT DISTINCT key_kind FROM entries") == [("link",)]


def test_an_item_that_returns_after_a_year_is_no_news(polled: Polled) -> None:
    entry = listed(1, "a")
    polled.read(polled.poll([entry, listed(2, "b")]))
    polled.poll([listed(2, "b")])
    later = START + timedelta(days=400)
    with polled.database.transaction():
        polled.database.signatures.prune(later)
        polled.database.feeds.prune_polls(later)
    assert polled.poll([entry, listed(3, "c")], later)[0].entry.title == "Story 3"
    # Even where the entry itself is another: its address is remembered for ever.
    polled.read(polled.poll([replace(entry, guid="z", title="Story 1")], later))
    assert polled.rows("SELECT count(*) FROM articles WHERE url LIKE '%/1'") == [(1,)]


def test_entries_of_one_status_page_are_articles_of_their_own(polled: Polled) -> None:
    link = "https://ledger.example.com/status"
    entries = [
        Entry(guid=link, link=link, title=title, published_raw=f"{hour}:00")
        for hour, title in enumerate(["Region A is down", "Region B is down", "All is well"])
    ]
    for _ in range(2):
        polled.read(polled.poll(entries))
    assert [title for (title,) in polled.rows("SELECT title FROM articles ORDER BY id")] == [
        entry.title for entry in entries
    ]
    urls = [url for (url,) in polled.rows("SELECT url FROM articles")]
    assert len(set(urls)) == 3
    assert all(url.startswith(f"{link}#") for url in urls)


def test_a_link_of_its_own_is_an_entry_s_page_whatever_the_others_share(polled: Polled) -> None:
    shared = [Entry(link="https://ledger.example.com/live", title=f"Live {n}") for n in range(4)]
    own = [replace(listed(number, ""), guid=None) for number in range(6)]
    pages = [entry.entry.link for entry in polled.poll([*shared, *own]) if not entry.shares_link]
    assert pages == [entry.link for entry in own]


CASES = {
    "id-guid-fragment-counter": (1, [0, 1, 1]),
    "id-same-guid-everywhere": (3, [0]),
    "id-same-guid-same-link": (3, [0, 0]),
    "id-utm-variants": (2, [0]),
    "id-random-markup": (1, [0, 0]),
    "store-upsert-needs-key": (2, [0, 0]),
}


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
def test_identity_cases(polled: Polled, shared: Path, case: str) -> None:
    """How many articles there are in the end, and how many revisions each poll brought."""
    articles, revisions = CASES[case]
    files = sorted((shared / "cases" / case).glob("*.xml"))
    files += files[-1:] * (len(revisions) - len(files))
    found = []
    for file in files:
        before = polled.rows("SELECT count(*) FROM revisions WHERE change = 'revise'")
        document = parse(
            file.read_bytes(), url=FEED.url, feed=FEED, content_type=None, fetched_at=START
        )
        assert isinstance(document, FeedDocument)
        polled.read(polled.poll(document.entries))
        after = polled.rows("SELECT count(*) FROM revisions WHERE change = 'revise'")
        found.append(after[0][0] - before[0][0])
    assert polled.rows("SELECT count(*) FROM articles") == [(articles,)]
    assert found == revisions


@pytest.mark.shared
@pytest.mark.parametrize("feed", ["wsj", "rnz", "straittimes", "smh", "bbc"])
def test_real_polls_replayed(polled: Polled, shared: Path, feed: str) -> None:
    folder = shared / "corpora" / "feeds-real" / "polls"
    log = next(e for e in json.loads((folder / "index.json").read_text()) if e["feed"] == feed)
    before = START
    words: dict[int, Any] = {}
    returned_at_all = 0
    for poll in log["polls"]:
        document = parse(
            (folder / poll["file"]).read_bytes(),
            url=FEED.url,
            feed=FEED,
            content_type=None,
            fetched_at=START,
        )
        entries = document.entries if isinstance(document, FeedDocument) else ()
        at = datetime.fromisoformat(poll["fetched_utc"])
        known = dict(polled.rows("SELECT id, last_seen_at FROM entries"))
        pending = polled.poll(entries, at) if entries else []
        news = [entry for entry in pending if entry.id not in known]
        assert len(news) == poll["new"], poll["file"]
        seen = {row[0] for row in polled.rows(SEEN_AT, to_text(at))}
        returned = [i for i in seen if i in known and known[i] < to_text(before)]
        assert len(returned) == poll["returned"], poll["file"]
        returned_at_all += len(returned)
        after = {r[0]: r[1:] for r in polled.rows("SELECT id, title, link, summary FROM entries")}
        # Read again if its words changed, and never for its date alone.
        again = {entry.id for entry in pending if not entry.visit} & known.keys()
        assert all(words[i] != after[i] for i in again), poll["file"]
        told = [change for change in poll["changed"] if change["title"] or change["link"]]
        assert len(again) >= len(told), poll["file"]
        polled.read(pending)
        before, words = at, after
    assert polled.rows("SELECT count(*) FROM articles") == polled.rows(
        "SELECT count(*) FROM entries"
    )
    assert returned_at_all == sum(poll["returned"] for poll in log["polls"])
