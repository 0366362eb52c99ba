"""The file: who may open it, and that a write is whole or not at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.database import open_database
from pipelines.errors import DatabaseMissing, DatabaseTooNew
from pipelines.items import Entry, Feed, Sighting, Source

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = Feed(url="https://example.com/rss", name="Example", source=Source(name="E", domain="e"))


def sighting(key: str, title: str = "A title") -> Sighting:
    entry = Entry(guid=key, link=f"https://example.com/{key}", title=title)
    return Sighting(entry=entry, key=key, key_kind="guid", entry_hash=title)


def test_a_database_of_a_newer_version_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_database(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('broadtape', 'm999_from_the_future', '2030-01-01')"
        )
    for read_only in (False, True):
        with pytest.raises(DatabaseTooNew) as refused:
            open_database(path, read_only=read_only)
        assert "newer" in str(refused.value)
        assert "\n" not in str(refused.value)


def test_reading_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match="broadtape crawl"):
        open_database(tmp_path / "x.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_eight_processes_may_make_the_tables_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines.database import open_database;"
        "open_database(Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "x.db")]
    openers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(8)]
    assert [(opener.communicate()[1], opener.returncode) for opener in openers] == [(b"", 0)] * 8
    with open_database(tmp_path / "x.db") as database:
        assert database.check() == []


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "x.db") as database:
        with database.transaction():
            feed = database.feeds.add(FEED)
        with suppress(KeyError), database.transaction():
            database.entries.record(feed, [sighting("a")], NOW, "live")
            raise KeyError("a")
        assert database.entries.count_pending() == 0
        with database.transaction():
            recorded = database.entries.record(feed, [sighting("a")], NOW, "live")
        assert len(recorded.new) == 1


def test_an_entry_is_new_once_and_changed_when_it_changes(tmp_path: Path) -> None:
    with open_database(tmp_path / "x.db") as database, database.transaction():
        feed = database.feeds.add(FEED)
        first = database.entries.record(feed, [sighting("a"), sighting("b")], NOW, "bootstrap")
        again = database.entries.record(
            feed, [sighting("a"), sighting("b", "Another title"), sighting("c")], NOW, "live"
        )
        assert (len(first.new), len(again.new), len(again.changed), again.known) == (2, 1, 1, 1)
        pending = {entry.key: entry for entry in database.entries.pending(NOW)}
        assert pending["b"].entry.title == "Another title"
        assert [pending[key].arrival for key in "abc"] == ["bootstrap", "bootstrap", "live"]


def test_what_the_user_decided_outlives_the_catalogue(tmp_path: Path) -> None:
    other = Feed(url="https://example.com/2", name="Other", source=FEED.source)
    with open_database(tmp_path / "x.db") as database, database.transaction():
        database.feeds.sync([FEED, other])
        database.feeds.remove(database.feeds.find("Example")[0].id)
        database.feeds.sync([FEED])
        assert database.feeds.watched() == []  # removed by hand; left out of the catalogue
        database.feeds.sync([FEED, other])
        assert [feed.feed.name for feed in database.feeds.watched()] == ["Other"]
