"""Looks at stored pages, from the plan to what they teach, on a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.database import Database, open_database
from pipelines.identity import entry_hash
from pipelines.items import (
    Article,
    Entry,
    Extracted,
    Feed,
    Moment,
    PendingEntry,
    Sighting,
    Source,
    Visit,
)
from pipelines.store import store
from pipelines.visits import due_visits, look_at_moved, settle_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.database.entries import Recorded

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
URL = "https://ledger.example/dues"
TEXT = "The port of Harwick will raise its dues by 4.2% in March, its first rise in six years."
HELD = Visit(etag='"1"')


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "looks.db") as database, database.transaction():
        for name in ("news", "sitemap"):
            source = Source(name="Ledger", domain="ledger.example")
            database.feeds.add(Feed(url=f"https://ledger.example/{name}", name=name, source=source))
    with open_database(tmp_path / "looks.db") as database:
        yield database


def lists(
    database: Database, feed_id: int, now: datetime, published: datetime, url: str = URL
) -> Recorded:
    moment = Moment(at=published, raw="", precision="second", zone="stated", origin="feed")
    entry = Entry(guid=url, link=url, title="Dues", published=moment)
    sighting = Sighting(entry=entry, key=url, key_kind="guid", entry_hash=entry_hash(entry))
    with database.transaction():
        return database.entries.record(feed_id, [sighting], now, "live")


def reads(
    database: Database,
    pending: PendingEntry,
    now: datetime,
    text: str,
    etag: str | None = None,
    extractor: str = "test 1",
) -> None:
    url = pending.entry.link or ""
    article = Article(url=url, title="Dues", text=text, extractor=extractor)
    extracted = Extracted(
        pending=pending,
        source="Ledger",
        article=article,
        final_url=url,
        fetched_at=now,
        visit=Visit(etag=etag),
    )
    store(database, extracted, now)


def first_sight(database: Database, etag: str | None = None) -> int:
    """The news feed lists the article, and it is read; returns the entry."""
    [entry] = lists(database, 1, START, START).new
    [pending] = database.entries.by_id([entry])
    reads(database, pending, START, TEXT, etag)
    return entry


def look(database: Database, now: datetime) -> PendingEntry:
    [pending] = due_visits(database, now)
    return pending


def test_a_date_moved_in_any_feed_brings_the_look_forward(database: Database) -> None:
    first_sight(database)
    [listed] = lists(database, 2, START, START).new
    [pending] = database.entries.by_id([listed])
    reads(database, pending, START, TEXT)
    later = START + timedelta(hours=5)
    assert due_visits(database, later) == []
    assert lists(database, 1, later, START + timedelta(seconds=5)).moved == {}
    recorded = lists(database, 1, later, later)
    assert lists(database, 1, later, later).moved == {}
    with database.transaction():
        [now_due] = look_at_moved(database, "Ledger", recorded.moved, 1, later)
    assert now_due == look(database, later)
    assert now_due.visit == Visit(moved=True)
    assert [p.article_id for p in due_visits(database, later, among=[listed])] == [1]
    assert due_visits(database, later, among=[999]) == []


def test_a_moved_date_is_followed_also_when_no_look_was_planned_any_more(
    database: Database,
) -> None:
    first_sight(database)
    day, later = START + timedelta(hours=24), START + timedelta(hours=70)
    reads(database, look(database, day), day, TEXT)
    assert due_visits(database, START + timedelta(days=30)) == []
    recorded = lists(database, 1, later, later)
    with database.transaction():
        [again] = look_at_moved(database, "Ledger", recorded.moved, 1, later)
    assert again.entry.title == "Dues", "what the feed says is at hand as at the first reading"
    reads(database, again, later, TEXT.replace("4.2", "4.7"))
    assert database.visits.edits(1) == 1
    assert database.visits.habits("Ledger").of("moved").changed == 1


def test_looks_teach_how_the_source_edits(database: Database) -> None:
    first_sight(database, etag='"1"')
    day, week = START + timedelta(hours=23.9), START + timedelta(days=7)
    assert database.visits.habits("Ledger").records == {}, "a first reading teaches nothing"
    again = look(database, day)
    reads(database, replace(again, visit=HELD), day, TEXT.replace("4.2", "4.7"), etag='"2"')
    last = look(database, week)
    reads(database, last, week, TEXT.replace("4.2", "4.9"), etag='"2"')
    settle_unchanged(database, replace(last, visit=HELD), week)
    habits = database.visits.habits("Ledger")
    first, late = habits.of("day"), habits.of("later")
    assert (first.looks, first.changed, first.honest, first.asked) == (1, 1, 1, 0)
    assert (late.looks, late.changed, late.lied) == (2, 0, 1), "a change under the same ETag"
    assert (late.asked, late.unmodified) == (1, 1)
    assert due_visits(database, week + timedelta(days=9)) == []


def test_what_a_new_version_reads_otherwise_teaches_nothing(database: Database) -> None:
    first_sight(database, etag='"1"')
    day = START + timedelta(hours=23.9)
    changed = TEXT.replace("4.2", "4.7")
    reads(database, look(database, day), day, changed, etag='"1"', extractor="test 2")
    record = database.visits.habits("Ledger").of("day")
    assert (record.looks, record.changed, record.lied) == (1, 0, 0)


def test_only_the_publishers_changes_are_edits(database: Database) -> None:
    first_sight(database, etag='"1"')
    with database.transaction():
        database.articles.amend(1, START, text="Cleaned.", text_hash="x", word_count=1)
    assert database.visits.edits(1) == 0
    day = START + timedelta(hours=23.9)
    reads(database, look(database, day), day, TEXT, etag='"2"')
    assert database.visits.edits(1) == 1


def test_what_the_feed_points_to_comes_first_and_then_the_youngest(database: Database) -> None:
    for number in range(4):
        [entry] = lists(database, 1, START, START, f"{URL}/{number}").new
        [pending] = database.entries.by_id([entry])
        reads(database, pending, START, f"{TEXT} No {number}: {number * TEXT}")
    later = START + timedelta(days=3)
    moved = lists(database, 1, later, later, f"{URL}/1").moved
    with database.transaction():
        look_at_moved(database, "Ledger", moved, 4, later)
    due = [pending.article_id for pending in due_visits(database, later)]
    assert due == [2, 4, 3, 1]
    assert [pending.article_id for pending in due_visits(database, later, limit=2)] == [2, 4]


def listed_by_both(database: Database) -> None:
    """Both feeds list the article, and it is read for the first."""
    first_sight(database)
    [listed] = lists(database, 2, START, START).new
    [pending] = database.entries.by_id([listed])
    reads(database, pending, START, TEXT)


def moves(
    database: Database, feed_id: int, now: datetime, published: datetime
) -> list[PendingEntry]:
    """A feed moves the entry's date; returns the looks that are called for."""
    recorded = lists(database, feed_id, now, published)
    with database.transaction():
        return look_at_moved(database, "Ledger", recorded.moved, 1, now)


def test_a_date_that_both_feeds_give_brings_one_look(database: Database) -> None:
    listed_by_both(database)
    edited = START + timedelta(hours=5)
    now = edited + timedelta(minutes=5)
    [seen] = moves(database, 1, now, edited)
    reads(database, seen, now, TEXT.replace("4.2", "4.7"))
    now += timedelta(minutes=20)
    assert moves(database, 2, now, edited + timedelta(seconds=20)) == []
    assert len(moves(database, 2, now, edited + timedelta(minutes=9))) == 1, "a later date"
    assert database.visits.habits("Ledger").of("moved").looks == 1


def test_a_date_that_comes_long_after_the_look_brings_another(database: Database) -> None:
    listed_by_both(database)
    edited = START + timedelta(hours=5)
    [seen] = moves(database, 1, edited, edited)
    with database.transaction():
        database.visits.end(1)
    settle_unchanged(database, seen, edited)
    assert moves(database, 2, edited + timedelta(minutes=59), edited) == []
    third = edited + timedelta(minutes=62)
    assert len(moves(database, 1, third, third)) == 1
    settle_unchanged(database, replace(seen, claimed_at=third), third)
    later = third + timedelta(minutes=61)
    assert len(moves(database, 2, later, third)) == 1


def test_a_date_that_moves_while_the_page_is_read_brings_another_look(database: Database) -> None:
    listed_by_both(database)
    first, second = START + timedelta(hours=5), START + timedelta(hours=5, minutes=2)
    [seen] = moves(database, 1, first, first)
    moves(database, 2, second, second)
    reads(database, seen, second, TEXT.replace("4.2", "4.7"))
    [again] = due_visits(database, second)
    assert again.claimed_at == second
    reads(database, again, second, TEXT.replace("4.2", "4.9"))
    assert due_visits(database, second) == []


def test_an_entry_that_changes_while_its_page_is_read_is_still_to_be_looked_at(
    database: Database,
) -> None:
    entry = first_sight(database)
    later = START + timedelta(hours=2)

    def retitled(title: str) -> PendingEntry:
        changed = Entry(guid=URL, link=URL, title=title)
        sighting = Sighting(entry=changed, key=URL, key_kind="guid", entry_hash=entry_hash(changed))
        with database.transaction():
            database.entries.record(1, [sighting], later, "live")
        [pending] = database.entries.by_id([entry])
        return pending

    asked = retitled("Dues: first correction")
    retitled("Dues: second correction")
    reads(database, asked, later, TEXT)
    [pending] = database.entries.pending(later)
    assert pending.entry.title == "Dues: second correction"
    reads(database, pending, later, TEXT)
    assert database.entries.pending(later) == []
    hashes = {known.entry_hash for known in database.announcements.of(1)}
    assert hashes == {"", pending.entry_hash}, "the first is news again, should it return"
