"""A copy brought back to a moment answers every question as the record would as of then."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from data.sample.command import command
from pipelines.database import open_database
from pipelines.database.indexing import SearchIndex
from pipelines.instants import to_text
from pipelines.items import Mention
from tests.test_store import OTHER, START, WIRE, Record, live_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYMBOLS = ("XOSL:AURC", "US:AURC", "XNAS:AURC", "XSHE:000088")
EXPORTS = (
    ("-f", "csv"),
    ("-f", "jsonl"),
    ("-f", "csv", "--stories"),
    ("-f", "jsonl", "--symbol", "XOSL:AURC"),
)
SEARCHES = (
    ("Halden",),
    ("rate",),
    ("title:3",),
    ("power OR governor",),
    ("Monday OR Thursday", "--source", "South Wire"),
    ("series", "--symbol", "XNAS:AURC"),
    ("series", "--symbol", "XOSL:AURC"),
    ("series", "--language", "en"),
    ("series", "--since", to_text(START), "--until", to_text(START + timedelta(days=2))),
    ("nothing",),
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with open_database(tmp_path / "news.db") as database:
        yield Record(database)


def mention(symbol: str) -> Mention:
    mic, _, code = symbol.partition(":")
    return Mention(
        symbol=symbol, mic=mic, code=code, name=None, rule="exchange", certainty="certain",
        place="body", matched=code,
    )  # fmt: skip


def find_more(record: Record, article_id: int) -> None:
    """A rule of later finds one instrument more in what is there."""
    connection, articles = record.database._connection, record.database.articles
    with record.database.transaction():
        held = articles.get(article_id)
        SearchIndex(connection).replace(held, None)
        connection.execute(
            "INSERT INTO mentions SELECT id, revision, 'XOSL:AURC', 'XOSL', 'AURC', NULL, 'later',"
            " 'certain', 'body', 'AURC', 1, ? FROM articles WHERE id = ?",
            (to_text(record.tick()), article_id),
        )
        SearchIndex(connection).replace(None, held)


def history(record: Record, seed: int) -> list[datetime]:
    """Events of all kinds, and moments between them: of each second that something was known."""
    rng = random.Random(seed)
    live_history(record, rng, lambda _: "")
    for _ in range(30):
        number, source = rng.randrange(12), rng.choice(["a.example", "b.example"])
        told = f"{rng.choice([WIRE, OTHER])}\nNumber {number} of the series, {rng.randrange(3)}."
        record.read(
            source, f"https://{rng.choice('ab')}.example/{number}", f"Title {number}", told,
            publisher=rng.choice(["North Wire", "South Wire", None]),
            language=rng.choice(["en", "en-GB", "zh"]),
            mentions=tuple(mention(symbol) for symbol in rng.sample(SYMBOLS, rng.randrange(3))),
        )  # fmt: skip
    for article_id in range(1, 8):
        find_more(record, article_id)
    known = {row[0] for row in record.rows(
        "SELECT computed_at FROM revisions UNION SELECT computed_at FROM story_members"
        " UNION SELECT computed_at FROM mentions"
    )}  # fmt: skip
    moments = sorted(datetime.fromisoformat(text) for text in known)
    return [START - timedelta(days=1), *rng.sample(moments, 10), moments[-1]]


@pytest.mark.parametrize("seed", range(3))
def test_it_answers_as_the_record_does_as_of_then(
    record: Record, tmp_path: Path, seed: int
) -> None:
    told = set()
    for number, moment in enumerate(history(record, seed)):
        copy, as_of = tmp_path / f"{number}.db", to_text(moment)
        record.database.copy_as_of(copy, moment)
        since = ("--since", to_text(START), "--json")
        questions = [
            *(("export", *options) for options in EXPORTS),
            *(("search", *options, "--json") for options in SEARCHES),
            *(("show", str(article), "--revisions") for article in range(1, 8)),
            ("symbols", *since),
            ("status", "--symbol", "US:AURC", "--json"),
        ]
        for question in questions:
            until = ("--until", as_of) if question[0] == "symbols" else ()
            of_copy = command("--db", copy, *question, *until)
            of_then = command("--db", record.database.path, *question, "--as-of", as_of)
            assert of_copy.stdout == of_then.stdout, (question, as_of)
            assert of_copy.returncode == of_then.returncode
            told.add(of_copy.stdout)
        posts = [tmp_path / f"{number}-{name}" for name in ("copy", "then")]
        to_posts = ("export", "-f", "markdown", "-o")
        command("--db", copy, *to_posts, posts[0])
        command("--db", record.database.path, *to_posts, posts[1], "--as-of", as_of)
        assert texts(posts[0]) == texts(posts[1])
    assert len(told) > 100


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("seed", range(3))
def test_it_is_a_sound_database(record: Record, tmp_path: Path, seed: int) -> None:
    for number, moment in enumerate(history(record, seed)):
        record.database.copy_as_of(tmp_path / f"{number}.db", moment)
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
            [(later,)] = copy.execute(
                "SELECT max((SELECT count(*) FROM revisions WHERE computed_at > :then),"
                " (SELECT count(*) FROM entries WHERE max(first_seen_at, last_seen_at) > :then),"
                " (SELECT count(*) FROM mentions WHERE computed_at > :then))",
                {"then": to_text(moment)},
            )
            assert later == 0


def test_feeds_stand_as_the_log_of_polls_has_them(record: Record, tmp_path: Path) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    database, moments = record.database, []
    for outcome in ("new", "not_modified", "error"):
        with database.transaction():
            at, new = record.tick(), int(outcome == "new")
            database.feeds.log_poll(record.feeds["a.example"], at, outcome, new=new)
            database._connection.execute(
                "UPDATE feeds SET last_polled_at = ?1, last_error = 'later', failures = 3,"
                " last_ok_at = ?1, last_new_at = ?1", (to_text(at),),
            )  # fmt: skip
            run = database.feeds.begin_run("crawl", "here", "0", at)
            database.feeds.end_run(run, record.tick(seconds=1))
        moments.append(to_text(at))
    for number, moment in enumerate(moments):
        copy = tmp_path / f"{number}.db"
        database.copy_as_of(copy, datetime.fromisoformat(moment))
        with closing(sqlite3.connect(copy)) as rows:
            feed = rows.execute("SELECT last_polled_at, last_ok_at, last_new_at FROM feeds")
            runs = rows.execute("SELECT started_at, ended_at FROM runs").fetchall()
            if moment == moments[-1]:  # nothing was polled since: it is as it was
                assert feed.fetchall() == [(moment, moment, moment)]
            else:
                assert feed.fetchall() == [(moment, moment, moments[0])]
                assert rows.execute("SELECT last_error, failures FROM feeds").fetchall() == [
                    (None, 0)
                ]
            assert [run[0] for run in runs] == moments[: number + 1]
            assert runs[-1][1] is None


def test_an_entry_says_nothing_that_its_feed_told_later(record: Record, tmp_path: Path) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE)
    record.read("a.example", "https://a.example/2", "Rates", OTHER)
    waiting = record.lists("b.example", "https://b.example/1", "Power link")
    then = record.now
    record.tick()
    record.lists("a.example", "https://a.example/1", "Cable: the sequel")
    with record.database.transaction():
        record.database.outcomes.give_up(waiting.pending.id, "HTTP 404")
    record.database.copy_as_of(tmp_path / "then.db", then)
    with closing(sqlite3.connect(tmp_path / "then.db")) as copy:
        entries = copy.execute("SELECT title, state, article_id, last_error FROM entries")
        assert entries.fetchall() == [
            (None, "done", 1, None),
            ("Rates", "done", 2, None),
            ("Power link", "pending", None, None),
        ]


def test_a_copy_ends_while_others_write(record: Record, tmp_path: Path) -> None:
    database = record.database
    with database.transaction():  # a file that takes a dozen steps to copy
        database._connection.execute(
            "INSERT INTO runs (started_at, kind, host, version)"
            " WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12000)"
            " SELECT ?, 'crawl', hex(zeroblob(2000)), '0' FROM n",
            (to_text(START),),
        )
    ended = threading.Event()

    def write() -> None:
        with open_database(database.path) as other:
            while not ended.is_set():
                with other.transaction():
                    other.feeds.begin_run("crawl", "there", "0", START)

    writer = threading.Thread(target=write)
    writer.start()
    backup = subprocess.Popen(
        [sys.executable, "-m", "crawler", "--db", database.path, "db", "backup", tmp_path / "b.db"]
    )
    try:
        assert backup.wait(60) == 0
    finally:
        backup.kill()
        ended.set()
        writer.join()
    with open_database(tmp_path / "b.db", read_only=True) as copy:
        assert copy.check() == []
