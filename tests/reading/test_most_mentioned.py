"""The page "most mentioned" says what `broadtape symbols` says, and reads no whole table."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from data.sample.command import told
from pipelines.database import open_database
from pipelines.items import Article, Mention

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.database import Database
    from pipelines.items import Arrival

pytest.importorskip("datasette")
pytest.importorskip("datasette_dashboards")

LATEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def store(database: Database, at: datetime, *symbols: str, arrival: Arrival = "live") -> int:
    number = database.reading.totals()["articles"]
    article_id = database.articles.create(f"news.example.com/{number}", "Quay", at, arrival)
    revise(database, article_id, at, *symbols)
    return article_id


def revise(database: Database, article_id: int, at: datetime, *symbols: str) -> None:
    mentions = tuple(
        Mention(symbol=symbol, mic=symbol[:4], code=symbol[5:], name=None, rule="exchange",
                certainty="certain", place="body", matched=symbol)
        for symbol in symbols
    )  # fmt: skip
    url = f"https://news.example.com/{article_id}"
    database.articles.add_revision(
        article_id, Article(url=url, title="Item", text="Text.", mentions=mentions),
        "revise" if database.reading.revisions(article_id) else "add",
        seen_at=at, computed_at=at, text_hash=None, word_count=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("most") / "broadtape.db"
    with open_database(path) as database, database.transaction():
        for _ in range(9):  # what the feeds listed already is usual for no day
            store(database, LATEST - 20 * DAY, "US:JPM", arrival="bootstrap")
        for days in range(19, 0, -1):
            at = LATEST - days * DAY - DAY / 2
            store(database, at, "XNYS:JPM" if days % 2 else "US:JPM")
            store(database, at, "BJSE:430047", "XNAS:TWO")
        store(database, LATEST - DAY / 3, "US:JPM", "XNYS:JPM", "US:TWO")
        store(database, LATEST - DAY / 4, "US:JPM")
        dropped = store(database, LATEST - DAY / 4, "XNYS:JPM")
        revise(database, dropped, LATEST - DAY / 5, "XNYS:TWO")
        store(database, LATEST, "BJSE:920047", "XSHE:000088")
    return path


def page(record: Path, days: str) -> list[dict[str, Any]]:
    """The rows of the page, by its SQL."""
    from pipelines.browse.plugin import prepare_connection
    from pipelines.browse.server import metadata

    sql = metadata()["databases"]["news"]["queries"]["most_mentioned"]["sql"]
    with closing(sqlite3.connect(record)) as connection:
        prepare_connection(connection)
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, {"days": days})]


def command(record: Path, days: int) -> list[dict[str, Any]]:
    since, until = LATEST - days * DAY, LATEST + timedelta(seconds=1)
    done = told("--db", record, "symbols", "--since", since.isoformat(), "--until",
                until.isoformat(), "--json")  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


@pytest.mark.parametrize("days", [1, 3, 15])
def test_it_says_what_the_command_says(record: Path, days: int) -> None:
    shown, wanted = page(record, str(days)), command(record, days)
    assert [(row["symbol"], row["articles"]) for row in shown] == [
        (row["symbol"], row["articles"]) for row in wanted
    ]
    usual = [row["usual"] for row in wanted]
    young = None in usual  # for fifteen days, the record is
    assert young == (days == 15)
    assert [row["usual"] for row in shown] == (usual if young else pytest.approx(usual, abs=0.02))


def test_those_alike_are_one_and_their_usual_too(record: Path) -> None:
    rows = {row["symbol"]: (row["articles"], row["usual"]) for row in page(record, "")}
    assert rows == {
        "XNYS:JPM": (2, 1.0),  # US:JPM is of New York, for no other exchange is known
        "BJSE:920047": (1, 1.0),
        "US:TWO": (1, 0.0),  # on two exchanges: nothing says which is meant
        "XNYS:TWO": (1, 0.0),
        "XSHE:000088": (1, 0.0),
    }


@pytest.mark.parametrize("typed", ["", "0", "-3", "many"])
def test_what_is_no_number_of_days_is_one(record: Path, typed: str) -> None:
    assert page(record, typed) == page(record, "1")


def test_of_an_empty_record(tmp_path: Path) -> None:
    open_database(tmp_path / "empty.db").close()
    assert page(tmp_path / "empty.db", "7") == []


def test_it_reads_no_table_from_end_to_end(record: Path) -> None:
    from pipelines.browse.plugin import prepare_connection
    from pipelines.browse.server import metadata

    told = metadata()
    queries = [
        told["databases"]["news"]["queries"]["most_mentioned"]["sql"],
        told["plugins"]["datasette-dashboards"]["news"]["charts"]["symbols"]["query"],
    ]
    with closing(sqlite3.connect(record)) as connection:
        prepare_connection(connection)
        for sql in queries:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", {"days": "1"}).fetchall()
            scanned = {words[1] for *_, step in plan if (words := step.split())[0] == "SCAN"}
            assert scanned
            assert not scanned & {"i", "m", "identities", "mentions", "revisions"}
