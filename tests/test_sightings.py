"""When one more feed that lists an article is a reason to ask for its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.database import Database, open_database
from pipelines.extract import extract
from pipelines.identity import entry_hash, url_key
from pipelines.items import (
    Announcement,
    Article,
    Entry,
    Extracted,
    Feed,
    Hints,
    Moment,
    Page,
    PendingEntry,
    Sighting,
    Source,
    Told,
    Visit,
)
from pipelines.sharing import settle_as_sighting
from pipelines.sightings import adds_nothing
from pipelines.store import store

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.items import ArticleStatus

READ = datetime(2026, 11, 2, 8, 0, 30, tzinfo=UTC)
BEFORE, AFTER = READ - timedelta(minutes=20), READ + timedelta(minutes=20)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXT = "The port of Harwick will raise its dues by 4.2% in March, its first rise in six years."
MORE = f"<p>{TEXT}</p>" * 4
TOLD = Told(
    article_id=1,
    source="Ledger",
    status="full",
    text=TEXT,
    read_at=READ,
    asked_at=READ - timedelta(minutes=1),
    looked_through=1,
    feeds=frozenset({1}),
    titles=frozenset({"Dues to rise"}),
    summaries=frozenset({"In March."}),
    claimed_at=BEFORE,
)


def listed(
    seen: datetime, *, feed: int = 2, first: datetime | None = None, **entry: Any
) -> PendingEntry:
    said = Entry(link="https://ledger.example/dues", **{"title": "Dues to rise", **entry})
    return PendingEntry(
        id=2,
        feed_id=feed,
        entry=said,
        entry_hash=entry_hash(said),
        key="dues",
        attempts=0,
        arrival="live",
        first_seen_at=first or seen,
        last_seen_at=seen,
    )


def dated(at: datetime) -> Moment:
    return Moment(at=at, raw="", precision="second", zone="stated", origin="feed")


def announced(entry: dict[str, Any]) -> Announcement:
    """That a page was read for such an entry."""
    return Announcement(entry_hash=listed(READ, **entry).entry_hash, claimed_at=READ, read_at=READ)


def test_one_more_feed_is_no_reason() -> None:
    for seen in (BEFORE, AFTER, READ + DAY / 2):
        assert adds_nothing(listed(seen), TOLD, seen)
        assert adds_nothing(
            listed(seen, title="Dues  to rise", published=dated(BEFORE)), TOLD, seen
        )
        assert adds_nothing(listed(seen, summary="A longer summary. " * 9), TOLD, seen)


@pytest.mark.parametrize(
    "entry",
    [
        {"title": "CORRECTED-Dues to rise"},
        {"updated": dated(AFTER)},
        {"published": dated(READ + HOUR / 2), "updated": dated(READ + HOUR / 2)},
    ],
)
def test_news_is_a_reason_if_it_came_after_the_page_was_read(entry: dict[str, Any]) -> None:
    assert not adds_nothing(listed(READ + HOUR, **entry), TOLD, READ + HOUR)
    assert adds_nothing(listed(BEFORE, **entry), TOLD, READ + HOUR)


def test_a_date_that_another_feed_gave_is_no_news() -> None:
    told = replace(TOLD, claimed_at=AFTER)
    assert adds_nothing(listed(READ + HOUR, published=dated(AFTER)), told, READ + HOUR)


def test_what_was_read_long_ago_is_read_again_unless_a_look_is_near() -> None:
    later = READ + 3 * DAY
    assert not adds_nothing(listed(later), TOLD, later)
    for due, settled in ((DAY / 2, True), (-DAY / 2, True), (2 * DAY, False), (-2 * DAY, False)):
        assert adds_nothing(listed(later), replace(TOLD, due_at=later + due), later) == settled
    assert adds_nothing(listed(BEFORE), TOLD, later), "it was listed before the page was read"


@pytest.mark.parametrize("seen", [BEFORE, AFTER])
@pytest.mark.parametrize("status", ["full", "paywalled", "blocked", "empty", "summary"])
def test_more_text_than_is_stored_is_a_reason(status: ArticleStatus, seen: datetime) -> None:
    told = replace(TOLD, status=status)
    assert not adds_nothing(listed(seen, content=MORE), told, AFTER)
    assert adds_nothing(listed(seen, content=f"<p class='lead'>{TEXT}</p>"), told, AFTER)
    markup = f"<p data-words='{TEXT * 9}'>{TEXT}</p>" + "<br />" * 90
    assert adds_nothing(listed(seen, content=markup), told, AFTER)


def test_a_longer_summary_is_a_reason_where_there_is_no_more_than_one() -> None:
    told = replace(TOLD, status="summary")
    assert adds_nothing(listed(AFTER, summary=TEXT), told, AFTER)
    assert not adds_nothing(listed(AFTER, summary=f"{TEXT} In March."), told, AFTER)
    known = replace(told, summaries=frozenset({f"{TEXT} In March."}))
    assert adds_nothing(listed(AFTER, summary=f"{TEXT} In March."), known, AFTER)


@pytest.mark.parametrize("status", ["paywalled", "blocked", "empty", "summary"])
def test_a_closed_page_is_tried_again_but_not_at_once(status: ArticleStatus) -> None:
    told = replace(TOLD, status=status)
    for seen in (BEFORE, AFTER):
        assert adds_nothing(listed(seen), told, READ + HOUR)
        assert not adds_nothing(listed(seen), told, READ + 2 * HOUR)


def test_what_cannot_be_a_mere_sighting() -> None:
    assert not adds_nothing(listed(AFTER), replace(TOLD, withdrawn=True), AFTER)
    assert not adds_nothing(listed(BEFORE, feed=1), TOLD, AFTER), "a second item of one feed"
    other = replace(listed(BEFORE), article_id=7)
    assert not adds_nothing(other, TOLD, AFTER), "known as another article"


def test_a_changed_entry_needs_a_page_that_was_asked_for_later() -> None:
    changed = replace(listed(AFTER, first=BEFORE), article_id=1)
    unread = listed(AFTER, first=BEFORE)
    for entry in (changed, unread):
        assert not adds_nothing(entry, TOLD, AFTER)
        asked = replace(TOLD, asked_at=AFTER, read_at=AFTER + HOUR)
        assert not adds_nothing(entry, asked, AFTER + HOUR), "within the same second"
        later = replace(asked, asked_at=AFTER + timedelta(seconds=1))
        assert adds_nothing(entry, later, AFTER + HOUR)


@pytest.mark.parametrize(
    ("change", "settled"),
    [
        ({}, True),
        ({"title": "CORRECTED-Dues  to rise"}, True),
        ({"title": "CORRECTED-Dues to fall"}, False),
        ({"summary": "In April."}, False),
        ({"updated": dated(READ + timedelta(seconds=20))}, True),
        ({"updated": dated(READ + HOUR)}, False),
        ({"content": MORE}, False),
    ],
)
def test_a_change_that_another_feed_announced_is_none(
    change: dict[str, Any], settled: bool
) -> None:
    told = replace(TOLD, announced=(announced({"title": "CORRECTED-Dues to rise"}),))
    for seen, soon in ((AFTER, True), (READ + HOUR, True), (READ + 2 * HOUR, False)):
        entry = {"title": "CORRECTED-Dues to rise", **change}
        changed = replace(listed(seen, first=BEFORE, **entry), article_id=1)
        assert adds_nothing(changed, told, seen) == (settled and soon)


def test_a_planned_look_is_for_no_announcement() -> None:
    """It may be made through a feed that lags behind."""
    told = replace(TOLD, announced=(replace(announced({}), entry_hash=""),))
    assert not adds_nothing(replace(listed(AFTER, first=BEFORE), article_id=1), told, AFTER)


def test_a_look_is_needless_once_another_reading_has_moved_it() -> None:
    look = replace(listed(AFTER, feed=1), article_id=1, visit=Visit())
    assert not adds_nothing(look, replace(TOLD, due_at=AFTER), AFTER)
    assert adds_nothing(look, replace(TOLD, due_at=AFTER + DAY), AFTER)
    assert adds_nothing(look, TOLD, AFTER)
    moved = replace(look, entry=replace(look.entry, updated=dated(READ + HOUR)))
    assert not adds_nothing(moved, TOLD, READ + 2 * HOUR)


SOURCE = Source(name="Ledger", domain="ledger.example", language="en")
LINK = "https://ledger.example/dues"
LINES = [f"{TEXT[:-1]}, says pilot number {number} of the harbour board." for number in range(24)]
PAGES = {
    "full": "".join(f"<p>{line}</p>" for line in LINES),
    "a teaser": f"<p>{LINES[0]}</p><p>Subscribe now to continue reading.</p>",
    "a challenge": "<p>Checking your browser before accessing ledger.example.</p>",
    "empty": "",
}
ENTRIES = [
    Entry(link=LINK, title="Dues to rise"),
    Entry(link=LINK, title="Dues to rise", summary=LINES[0]),
    Entry(link=LINK, title="Dues to rise", content="".join(f"<p>{line}</p>" for line in LINES)),
]


def list_and_read(database: Database, feed: int, entry: Entry, now: datetime, page: str) -> bool:
    """One feed lists an entry; its page is read unless it adds nothing. Whether it was read."""
    sighting = Sighting(entry=entry, key=LINK, key_kind="link", entry_hash=entry_hash(entry))
    with database.transaction():
        recorded = database.entries.record(feed, [sighting], now, "live")
    for pending in database.entries.by_id(recorded.new + recorded.changed):
        told = database.told.at(url_key(LINK))
        if settle_as_sighting(database, pending, told, now):
            continue
        body = f"<html><title>Dues to rise</title><article><h1>Dues to rise</h1>{page}</article>"
        fetched = Page(
            url=LINK,
            final_url=LINK,
            status=200,
            content_type="text/html; charset=utf-8",
            body=body.encode(),
            fetched_at=now,
        )
        article = extract(fetched, Hints(source=SOURCE, entry=pending.entry))
        assert isinstance(article, Article)
        extracted = Extracted(
            pending=pending, source="Ledger", article=article, final_url=LINK, fetched_at=now
        )
        store(database, extracted, now)
        return True
    return False


@pytest.mark.parametrize("page", PAGES)
def test_in_whatever_order_feeds_list_it_the_same_is_stored(tmp_path: Path, page: str) -> None:
    """And the fullest feed is the most that is asked for besides the first."""
    stored = set()
    for number, order in enumerate(permutations(range(len(ENTRIES)))):
        with open_database(tmp_path / f"{number}.db") as database:
            with database.transaction():
                for feed in range(len(ENTRIES)):
                    url = f"https://ledger.example/{feed}.xml"
                    database.feeds.add(Feed(url=url, name=f"{feed}", source=SOURCE))
            reads = [
                list_and_read(
                    database, feed + 1, ENTRIES[feed], READ + hour * HOUR / 9, PAGES[page]
                )
                for hour, feed in enumerate(order)
            ]
            again = [
                list_and_read(database, feed + 1, ENTRIES[feed], READ + HOUR, PAGES[page])
                for feed in order
            ]
            held = database.articles.get(1)
            sightings = database.reading.sightings(1)
        assert held is not None
        stored.add((held.title, held.text, held.status, held.first_seen_at))
        assert reads == [True, *(page != "full" and feed == 2 for feed in order[1:])]
        assert again == [False] * 3
        assert len(sightings) == 3
    [(_, text, status, _)] = stored
    assert (text, status) == ("\n".join(LINES), "full")
