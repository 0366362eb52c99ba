"""Verdicts as rows: what is kept, what is joined, and what could have been known when."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.attempts import settle_failure
from pipelines.database import Database, open_database
from pipelines.database.selection import EXPORT_COLUMNS, Selection
from pipelines.export.csv import write_csv
from pipelines.identity import entry_hash
from pipelines.items import (
    Article,
    Copy,
    Entry,
    Extracted,
    Failure,
    Feed,
    Moment,
    New,
    Revision,
    Same,
    Sighting,
    Source,
    Verdict,
)
from pipelines.learning import reclean_source
from pipelines.search.query import parse_query
from pipelines.store import store
from pipelines.stories import Telling, same_story
from pipelines.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.items import Precision

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
MEMBERS = "SELECT * FROM story_members"
WIRE = (
    "Aurelis Cable said on Monday it had won a contract worth $1.8 billion to lay a power link "
    "between Norway and Scotland, its largest order in a decade.\n"
    "The company will make 640 km of cable at its plant in Halden and start laying it in 2029. "
    "Shares rose 9.4% in Oslo, their steepest gain since March.\n"
    "Chief executive Nils Aakre told reporters that the plant would hire 300 people, and that "
    "two further bids in the Baltic would be decided before the summer.\n"
    "Analysts at Kestrel had expected the order to go to a rival from Italy, whose prices they "
    "called lower but whose plant is fully booked until the end of the decade."
)
OTHER = (
    "The central bank left its main rate at 3.25% on Thursday and said that it saw no hurry to "
    "move again, as wages rose more slowly than it had feared in the autumn.\n"
    "Two of the nine members voted for a cut. Markets now expect the next step in April, and a "
    "rate of 2.75% at the end of the year, a survey of dealers showed.\n"
    "The governor said that rents remained the main source of pressure, and that the bank would "
    "publish a study of them with its next forecasts in February."
)


@dataclass
class Record:
    """A database, a clock, and two publishers that list what they are told to."""

    database: Database
    now: datetime = START
    feeds: dict[str, int] = field(default_factory=dict)

    def tick(self, **span: float) -> datetime:
        self.now += timedelta(**(span or {"minutes": 7}))
        return self.now

    def lists(self, source: str, url: str, title: str) -> Extracted:
        """A feed lists an entry; returns it without an article yet."""
        if source not in self.feeds:
            feed = Feed(
                url=f"https://{source}/rss", name=source, source=Source(name=source, domain=source)
            )
            with self.database.transaction():
                self.feeds[source] = self.database.feeds.add(feed)
        teaser = f"{title}. Listed at {self.now:%H:%M}."
        entry = Entry(guid=url, link=url, title=title, summary=teaser)
        sighting = Sighting(entry=entry, key=url, key_kind="guid", entry_hash=entry_hash(entry))
        with self.database.transaction():
            ids = self.database.entries.record(self.feeds[source], [sighting], self.now, "live")
            pending = self.database.entries.by_id(ids.new + ids.changed)
        return Extracted(
            pending=pending[0],
            source=source,
            article=Article(url=url, title=title),
            final_url=url,
            fetched_at=self.now,
        )

    def read(self, source: str, url: str, title: str, text: str, **more: Any) -> Verdict:
        """A feed lists an entry, its page is read, and what it says is stored."""
        extracted = self.lists(source, url, title)
        article = replace(extracted.article, text=text, extractor="test", **more)
        verdict = store(self.database, replace(extracted, article=article), self.tick(seconds=30))
        self.tick()
        return verdict

    def export(self, as_of: datetime | None = None) -> str:
        out = io.BytesIO()
        with self.database.snapshot():
            write_csv(EXPORT_COLUMNS, self.database.reading.export(Selection(as_of=as_of)), out)
        return out.getvalue().decode()

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database.path)) as reader:
            return reader.execute(sql).fetchall()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with open_database(tmp_path / "news.db") as database:
        yield Record(database)


def test_an_unknown_article_is_new_and_a_story(record: Record) -> None:
    assert isinstance(record.read("a.example", "https://a.example/1", "Cable", WIRE), New)
    assert record.rows("SELECT revision, change FROM revisions") == [(1, "add")]
    assert record.rows("SELECT id, story_id FROM articles") == [(1, 1)]
    assert record.rows("SELECT state, article_id FROM entries") == [("done", 1)]


def test_reading_it_again_changes_nothing(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    before = record.export()
    again = record.read("a.example", "https://a.example/1?utm_source=x", "Cable", WIRE)
    assert again == Same(article_id=1)
    assert record.export() == before


@pytest.mark.parametrize("variant_first", [True, False])
def test_variants_of_a_page_meet_where_their_canonical_says_so(
    record: Record, *, variant_first: bool
) -> None:
    page = "https://www.example.com/news/1"
    addresses = [page, "https://m.example.com/1?app=1", "https://www.example.com/news/1/amp"]
    for url in addresses[::-1] if variant_first else addresses:
        record.read("a.example", url, "Cable", WIRE, canonical=page)
    assert record.rows("SELECT id, url_key FROM articles") == [(1, "example.com/news/1")]
    assert record.rows("SELECT addresses FROM identities") == [(3,)]
    # One more listing of any of them, by whatever feed, is the same article.
    assert record.read("b.example", addresses[1], "Cable", WIRE) == Same(article_id=1)


def test_a_canonical_address_that_a_template_gives_every_page_merges_nothing(
    record: Record,
) -> None:
    third = "The herring fleet of Harwick stays in port until the quota is settled in June."
    for number, text in enumerate((WIRE, OTHER, third)):
        url = f"https://a.example/news/{number}"
        record.read("a.example", url, f"Story {number}", text, canonical="https://a.example/app")
    assert record.rows("SELECT text FROM articles ORDER BY id") == [(WIRE,), (OTHER,), (third,)]


def test_an_edit_is_a_revision_and_the_old_text_stays(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    edited = WIRE.replace("9.4%", "8.1%")
    verdict = record.read("a.example", "https://a.example/1", "Cable", edited)
    assert isinstance(verdict, Revision)
    assert verdict.material
    assert record.rows("SELECT text FROM revisions ORDER BY seq") == [(WIRE,), (edited,)]
    assert record.rows("SELECT id, revision, text FROM articles") == [(1, 2, edited)]


def test_furniture_learned_since_the_last_look_is_no_edit(record: Record) -> None:
    tail = "Tides and timetables are in the almanac, at every kiosk."
    record.read("a.example", "https://a.example/1", "Cable", f"{WIRE}\n{tail}")
    verdict = record.read("a.example", "https://a.example/1", "Cable", WIRE, removed=(tail,))
    assert verdict == Same(article_id=1)


def test_what_another_extractor_has_of_the_layout_is_no_edit(record: Record) -> None:
    url, headed = "https://a.example/1", WIRE.replace("\nChief", "\nWhat comes next\nChief")
    record.read("a.example", url, "Cable", WIRE)
    source = record.lists("a.example", url, "Cable")
    other = replace(source.article, text=headed, extractor="another")
    assert store(record.database, replace(source, article=other), record.tick()) == Same(
        article_id=1
    )
    assert isinstance(record.read("a.example", url, "Cable", headed), Revision)


def test_a_copy_keeps_its_row_and_joins_the_story(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE)
    header = "By our own correspondent\n"
    verdict = record.read(
        "b.example", "https://b.example/x", "Cable maker wins huge order", header + WIRE
    )
    assert isinstance(verdict, Copy)
    assert record.rows("SELECT source, story_id FROM articles ORDER BY id") == [
        ("a.example", 1),
        ("b.example", 1),
    ]
    assert record.rows("SELECT articles FROM stories") == [(2,)]


def test_a_text_past_its_time_goes_and_the_article_stays(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE)
    record.tick(days=400)
    record.read("a.example", "https://a.example/2", "Rates stay", OTHER)
    year = timedelta(days=365).total_seconds()

    def forget() -> int:
        return tidy(record.database, record.now, polls_kept_s=year, texts_kept_s=year).texts

    assert forget() == 1
    assert record.rows("SELECT id, title, text FROM articles ORDER BY id") == [
        (1, "Aurelis wins cable order", ""),
        (2, "Rates stay", OTHER),
    ]
    assert forget() == 0
    assert found(record, "correspondent OR Halden") == []
    assert found(record, "Aurelis") == [1]
    assert found(record, "governor") == [2]
    again = record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE)
    assert again == Same(article_id=1)
    record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE + "\nMore.")
    assert found(record, "Halden") == [1]


def test_of_many_old_texts_the_daemon_forgets_some_a_day(record: Record) -> None:
    for number in range(5):
        text = OTHER.replace("3.25%", f"{number}.5%")
        record.read("a.example", f"https://a.example/{number}", f"Rates {number}", text)
    gone = [
        tidy(
            record.database,
            record.now + timedelta(days=9),
            polls_kept_s=1,
            texts_kept_s=60,
            most_texts=2,
        ).texts
        for _ in range(4)
    ]
    assert gone == [2, 2, 1, 0]


def found(record: Record, words: str) -> list[int]:
    query = parse_query(words)
    articles = record.database.searching.search(query, Selection(), 10).articles
    return sorted(article["id"] for article in articles)


def test_an_export_of_stories_has_the_first_article_and_its_copies(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE)
    record.read("a.example", "https://a.example/2", "Rates stay", OTHER)
    record.read("b.example", "https://b.example/x", "Cable maker wins order", "Ours\n" + WIRE)
    between = record.now
    record.read("c.example", "https://c.example/y", "Cable order", WIRE + "\nOur last line.")
    columns = ("id", "story_size", "publishers", "copies", "lags")

    def stories(as_of: datetime | None = None) -> list[tuple[object, ...]]:
        return list(record.database.reading.export(Selection(stories=True, as_of=as_of), columns))

    # A tick of 7 minutes after each, and half a minute of reading.
    assert stories() == [(1, 3, 3, "3; 4", "900; 1350"), (2, 1, 1, None, None)]
    assert stories(between) == [(1, 2, 2, "3", "900"), (2, 1, 1, None, None)]


def test_the_earliest_claim_is_not_the_first_seen(record: Record) -> None:
    def claimed(hour: int, precision: Precision = "minute") -> Moment:
        at = START.replace(hour=hour)
        return Moment(at=at, raw="", precision=precision, zone="stated", origin="meta")

    day = claimed(0, "day")
    record.read("a.example", "https://a.example/1", "Cable order", WIRE, published=claimed(7))
    record.read("b.example", "https://b.example/2", "Cable", WIRE + "\nB.", published=claimed(6))
    record.read("c.example", "https://c.example/3", "Order", WIRE + "\nC.", published=day)
    [row] = record.database.reading.export(Selection(stories=True), ("id", "first_published_at"))
    assert row == (1, "2026-11-01T06:00:00Z")
    assert [copy["lag"] for copy in record.database.reading.copies(1, but=2)] == [0, 900]


def test_an_entry_taken_up_two_weeks_late_hides_no_story(record: Record) -> None:
    late = record.lists("a.example", "https://a.example/late", "Rates stay")
    record.tick(days=3)
    record.read("a.example", "https://a.example/1", "Aurelis wins cable order", WIRE)
    record.tick(days=10, hours=23)
    store(record.database, replace(late, article=replace(late.article, text=OTHER)), record.now)
    copy = record.read("b.example", "https://b.example/2", "Cable maker wins", "Ours\n" + WIRE)
    assert isinstance(copy, Copy)
    record.tick(days=10)
    with record.database.transaction():
        record.database.signatures.prune(record.now)
    assert record.rows("SELECT count(*) FROM signatures") == [(0,)]
    later = record.read("c.example", "https://c.example/3", "Cable again", "Theirs\n" + WIRE)
    assert isinstance(later, New)


def test_another_story_does_not_join(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    assert isinstance(record.read("b.example", "https://b.example/2", "Rates", OTHER), New)
    assert record.rows("SELECT count(DISTINCT story_id) FROM identities") == [(2,)]


def test_a_withdrawal_keeps_the_text_and_can_still_be_found(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    extracted = record.lists("a.example", "https://a.example/1", "Cable")
    gone = Failure(reason="HTTP 410", final=True)
    settled = settle_failure(
        record.database,
        extracted.pending,
        Source(name="a.example", domain="a.example"),
        gone,
        record.tick(),
        gone=True,
    )
    assert settled == "stored"
    assert record.rows("SELECT status, text, revision FROM articles") == [("gone", WIRE, 2)]
    assert record.rows("SELECT change FROM revisions ORDER BY seq") == [("add",), ("withdraw",)]
    copy = record.read("b.example", "https://b.example/9", "Cable order", WIRE)
    assert isinstance(copy, Copy)


def test_a_wall_is_marked_and_merges_nothing(record: Record) -> None:
    wall = "Please verify that you are a reader. " * 12
    for number in range(5):
        url = f"https://a.example/{number}"
        assert isinstance(record.read("a.example", url, f"Story {number}", wall), New)
    flags = record.rows("SELECT flags FROM articles")
    assert flags == [("same-body",)] * 5
    assert record.rows("SELECT count(DISTINCT story_id) FROM articles") == [(5,)]


def test_a_page_that_never_came_is_settled_by_its_reason(record: Record) -> None:
    source = Source(name="a.example", domain="a.example")
    broken = Failure(reason="no complete answer in time")
    outcomes: list[str] = []
    for _ in range(4):
        extracted = record.lists("a.example", "https://a.example/1", "Slow")
        pending = replace(extracted.pending, attempts=len(outcomes))
        now = record.tick(hours=7)
        outcomes.append(settle_failure(record.database, pending, source, broken, now))
    assert outcomes == ["waiting", "waiting", "waiting", "stored"]
    assert record.rows("SELECT status, text FROM articles") == [
        ("summary", "Slow. Listed at 05:00.")
    ]
    assert record.rows("SELECT last_error FROM entries") == [("no complete answer in time",)]


def live_history(
    record: Record, rng: random.Random, tell: Callable[[Record], str] = Record.export
) -> list[tuple[datetime, str]]:
    """Forty events of all kinds; what was told live (exported) after every second one."""
    exports = []
    texts = [WIRE, OTHER, WIRE.replace("640", "655"), OTHER.replace("3.25%", "3.50%")]
    for step in range(40):
        number = rng.randrange(8)
        source = rng.choice(["a.example", "b.example", "c.example"])
        text = rng.choice(texts) + f"\nNumber {number} of the series."
        if rng.random() < 0.2 and record.rows("SELECT 1 FROM identities LIMIT 1"):
            with record.database.transaction():
                ids = [int(row[0]) for row in record.rows("SELECT id FROM identities")]
                record.database.articles.add_flag(rng.choice(ids), f"seen-{step}", record.tick())
        else:
            record.read(source, f"https://{source}/{number}", f"Title {number}", text)
        if step == 25:
            told = record.rows("SELECT DISTINCT story_id FROM identities ORDER BY 1")
            stories = [int(row[0]) for row in told]
            with record.database.transaction():
                record.database.stories.merge(stories[0], stories[-1], record.tick())
        if step % 2:
            exports.append((record.now, tell(record)))
            record.tick(seconds=5)
    return exports


@pytest.mark.parametrize("seed", range(3))
def test_an_export_as_of_a_moment_is_what_was_exported_then(record: Record, seed: int) -> None:
    exports = live_history(record, random.Random(seed))
    assert len(exports) == 20
    assert len({text for _, text in exports}) > 10
    for moment, text in exports:
        assert record.export(as_of=moment) == text


def test_an_export_as_of_a_moment_outlives_another_extraction_of_the_text(record: Record) -> None:
    almanac = "Tides and timetables are in the almanac, at every kiosk."
    exports = []
    for number in range(10):
        told = f"{OTHER}\n{WIRE}".split("\n")
        text = "\n".join([f"Report {number} of the year.", *told[number % 3 :: 2], almanac])
        record.read("a.example", f"https://a.example/{number}", f"Report {number}", text)
        exports.append((record.now, record.export()))
        record.tick()
    assert reclean_source(record.database, "a.example", record.tick()) == 10
    for number in range(10):
        # The next version of the extractor reads the page anew, and better.
        with record.database.transaction():
            record.database.articles.amend(
                number + 1,
                record.tick(),
                text=f"Read anew: {number}.",
                text_hash=f"{number}",
                word_count=3,
                extractor="broadtape 9 trafilatura",
            )
        exports.append((record.now, record.export()))
        record.tick()
    with record.database.transaction():
        record.database.stories.merge(1, 2, record.tick())
    assert reclean_source(record.database, "a.example", record.tick()) == 0
    assert len({text for _, text in exports}) == 20
    assert [record.export(as_of=moment) == text for moment, text in exports] == [True] * 20
    assert record.rows("SELECT count(*) FROM revisions WHERE change = 'revise'") == [(0,)]


def test_seq_rises_and_is_never_used_twice(record: Record) -> None:
    live_history(record, random.Random(9))
    seqs = [int(str(row[0])) for row in record.rows("SELECT seq FROM revisions ORDER BY rowid")]
    assert seqs == sorted(set(seqs))
    times = record.rows("SELECT computed_at FROM revisions ORDER BY seq")
    assert times == sorted(times)


# The two halves share nothing: only a whole text shows that they tell one story.
BATCH = [
    ("a.example", "1", "Cable order", WIRE),
    ("b.example", "2", "Cable maker wins order", "Own header\n" + WIRE),
    ("c.example", "3", "Norwegian cable", "\n".join(WIRE.splitlines()[:2])),
    ("d.example", "4", "Power link to Scotland", "\n".join(WIRE.splitlines()[2:])),
    ("a.example", "5", "Rates stay", OTHER),
    ("b.example", "6", "No change of rates", OTHER + "\nMore tomorrow, we say."),
]
EDITED = ("a.example", "5", "Rates stay", OTHER.replace("3.25%", "3.50%"))


def read_all(record: Record, batch: list[tuple[str, str, str, str]]) -> list[Verdict]:
    return [record.read(s, f"https://{s}/{path}", title, text) for s, path, title, text in batch]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(BATCH), again=st.permutations([*BATCH[:4], EDITED, BATCH[5]]))
def test_the_order_of_a_batch_decides_only_who_is_first_and_a_second_reading_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[tuple[str, str, str, str]],
    again: list[tuple[str, str, str, str]],
) -> None:
    with open_database(tmp_path_factory.mktemp("batch") / "x.db") as database:
        record = Record(database)
        verdicts = read_all(record, order)
        stories = record.rows(
            "SELECT group_concat(url) FROM (SELECT url, story_id FROM articles ORDER BY url)"
            " GROUP BY story_id ORDER BY 1"
        )
        assert isinstance(record.read(EDITED[0], "https://a.example/5", *EDITED[2:]), Revision)
        held = record.export(), record.rows("SELECT * FROM revisions"), record.rows(MEMBERS)
        assert all(isinstance(verdict, Same) for verdict in read_all(record, again))
        assert held == (
            record.export(), record.rows("SELECT * FROM revisions"), record.rows(MEMBERS)
        )  # fmt: skip
    assert stories == [
        (",".join(f"https://{source}.example/{n + 1}" for n, source in enumerate("abcd")),),
        ("https://a.example/5,https://b.example/6",),
    ]
    # Where the halves came first they were two stories until a whole text joined them.
    halves_first = order.index(BATCH[0]) > 1 and {*order[:2]} == {BATCH[2], BATCH[3]}
    if halves_first:
        assert any(isinstance(verdict, Copy) and verdict.merges for verdict in verdicts)


def test_a_merge_is_a_change_and_an_old_export_stays_as_it_was(record: Record) -> None:
    read_all(record, [BATCH[2], BATCH[3]])
    before = record.now, record.export()
    [verdict] = read_all(record, [BATCH[0]])
    assert isinstance(verdict, Copy)
    assert verdict.merges == (2,)
    assert record.rows("SELECT article_id, change FROM revisions ORDER BY seq") == [
        (1, "add"),
        (2, "add"),
        (3, "add"),
        (2, "recompute"),
    ]
    changes = record.database.reading.export(Selection(after=2), ("id", "story_id"))
    assert list(changes) == [(3, 1), (2, 1)]
    assert record.export(as_of=before[0]) == before[1]


@pytest.mark.shared
def test_real_news_items_make_the_stories_that_people_found(record: Record, shared: Path) -> None:
    path = shared / "corpora" / "scoop-dedup" / "items.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        items = json.load(stream)
    articles = []
    for row in items:
        item = row["item"]
        extracted = record.lists(item["source"], item["canonical_url"], item["title"])
        article = replace(extracted.article, text=item.get("body_text") or "", status="summary")
        store(record.database, replace(extracted, article=article), record.tick(seconds=30))
        articles.append(
            record.rows(f"SELECT article_id FROM entries WHERE id = {extracted.pending.id}")[0][0]
        )
    told = dict(record.rows("SELECT id, story_id FROM articles"))
    found = [told[article] for article in articles]
    gold = [row["story"] for row in items]
    for a, b in itertools.combinations(range(len(items)), 2):
        assert (gold[a] == gold[b]) == (found[a] == found[b]), (items[a], items[b])


@pytest.mark.shared
def test_chinese_titles_of_two_articles_make_no_story(shared: Path) -> None:
    path = shared / "corpora" / "chinese" / "dedupe" / "title_pairs.jsonl"
    pairs = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    different = [pair for pair in pairs if pair["label"] == "different"]
    assert len(different) > 15
    for pair in different:
        one, two = (Telling.of(pair[side]["title"], "") for side in "ab")
        assert same_story(one, two) is None, pair


@pytest.mark.shared
def test_chinese_articles_make_the_stories_that_people_found(shared: Path) -> None:
    """Posts by their labelled story; of the pages, only two captures of one page are one."""
    folder = shared / "corpora" / "chinese"
    posts = json.loads((folder / "rsshub" / "gold.json").read_text("utf-8"))
    pages = json.loads((folder / "gold.json").read_text("utf-8"))
    told = {
        name: Telling.of(item["title"], "\n".join(item["body"]))
        for name, item in [*posts.items(), *pages.items()]
        if item["body"]
    }
    assert len(told) > 70
    story = {name: post["story"] for name, post in posts.items() if post["story"]}
    story |= dict.fromkeys(("gne-thepaper-2", "gne-thepaper-4"), "twice captured")
    for one, two in itertools.combinations(told, 2):
        same = story.get(one, one) == story.get(two, two)
        assert (same_story(told[one], told[two]) is not None) == same, (one, two)
