"""What is shown, found and counted as of a moment is what was shown, found and counted then."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from data.sample.command import told
from pipelines.database import open_database
from pipelines.database.selection import Selection
from pipelines.items import Mention
from pipelines.search import parse_query
from tests.test_store import OTHER, WIRE, Record, live_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

QUERIES = (
    "Halden",
    "rate",
    '"3.25%"',
    "title:3",
    "power OR governor",
    "wages NOT April",
    "nothing",
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with open_database(tmp_path / "news.db") as database:
        yield Record(database)


def everything(record: Record, as_of: datetime | None = None) -> str:
    """What `show` tells of every article, and what searches find."""
    reading = record.database.reading
    shown = []
    for (article_id,) in record.rows("SELECT id FROM identities ORDER BY id"):
        if article := reading.article(article_id, as_of):
            copies = reading.copies(article["story_id"], article_id, as_of)
            listed = [seen["feed"] for seen in reading.sightings(article_id, as_of)]
            shown.append((article, copies, listed, reading.revisions(article_id, as_of)))
    with record.database.snapshot():
        found = [
            [one["id"], one["title"], one["story_id"], one["story_size"], one["revision"]]
            for query in QUERIES
            for one in record.database.searching.search(
                parse_query(query), Selection(as_of=as_of), 500
            ).articles
        ]
    return json.dumps([shown, found])


@pytest.mark.parametrize("seed", range(3))
def test_what_is_shown_and_found(record: Record, seed: int) -> None:
    moments = live_history(record, random.Random(seed), everything)
    assert len({text for _, text in moments}) > 10
    assert all(everything(record, moment) == text for moment, text in moments)


def command(record: Record, *arguments: str, fails: bool = False) -> str:
    done = told("--db", record.database.path, *arguments)
    assert bool(done.returncode) == fails, done.stderr
    return done.stderr if fails else done.stdout


def test_the_commands(record: Record) -> None:
    url = "https://a.example/1"
    before = f"{record.now:%Y-%m-%dT%H:%M:%SZ}"
    record.tick()
    aurelis = Mention(
        symbol="XOSL:AURC", mic="XOSL", code="AURC", name="Aurelis", rule="exchange",
        certainty="certain", place="body", matched="OSE: AURC",
    )  # fmt: skip
    record.read("a.example", url, "Cable", WIRE, mentions=(aurelis,))
    first = f"{record.now:%Y-%m-%dT%H:%M:%SZ}"
    record.tick(hours=3)
    record.read("b.example", "https://b.example/1", "Cable", f"{WIRE}\nBy the agencies.")
    record.read("a.example", url, "Cable: the sequel", WIRE.replace("Halden", "Moss"))
    assert "no article 1 as of" in command(record, "show", "1", "--as-of", before, fails=True)
    then, now = command(record, "show", "1", "--as-of", first), command(record, "show", "1")
    assert then.startswith("Cable\n")
    assert "Halden" in then
    assert "Moss" not in then
    assert "copy" not in then
    assert "XOSL:AURC" in then
    assert now.startswith("Cable: the sequel\n")
    assert "Moss" in now
    assert "copy" in now
    assert "XOSL:AURC" not in now
    for query, as_of, ids in (
        ("Halden", first, [1]), ("Moss", first, []), ("sequel", first, []),
        ("Halden", None, [2]), ("Moss", None, [1]), ("Halden", before, []),
    ):  # fmt: skip
        at = ("--as-of", as_of) if as_of else ()
        done = told("--db", record.database.path, "search", query, "--json", *at)
        assert [one["id"] for one in json.loads(done.stdout)["articles"]] == ids, (query, as_of)
    counted = json.loads(command(record, "symbols", "--as-of", first, "--json"))
    assert [(row["symbol"], row["articles"]) for row in counted] == [("XOSL:AURC", 1)]
    assert json.loads(command(record, "symbols", "--as-of", before, "--json")) == []
    said = ("status", "--symbol", "XOSL:AURC", "--json")
    assert [row["articles"] for row in json.loads(command(record, *said, "--as-of", first))] == [1]
    assert json.loads(command(record, *said, "--as-of", before)) == []
    assert "--as-of goes with --symbol" in command(record, "status", "--as-of", first, fails=True)
    late = record.tick(hours=1)
    assert json.loads(command(record, "symbols", "--as-of", f"{late:%FT%TZ}", "--json")) == []


def test_a_search_as_of_a_moment_keeps_to_its_filters(record: Record) -> None:
    record.read("a.example", "https://a.example/1", "Cable", WIRE, publisher="North Wire")
    record.read("b.example", "https://b.example/1", "Rates", OTHER)
    then = record.tick()
    record.tick(hours=1)
    record.read("a.example", "https://a.example/1", "Cable", OTHER[::-1], publisher="South Wire")

    def found(**bounds: str) -> list[int]:
        selection = Selection(as_of=then, **bounds)  # type: ignore[arg-type]
        with record.database.snapshot():
            articles = record.database.searching.search(
                parse_query("Monday OR Thursday"), selection, 10
            ).articles
        return sorted(one["id"] for one in articles)

    assert found() == [1, 2]
    assert found(source="North Wire") == [1]
    assert found(source="South Wire") == []
    assert found(source="b.example") == [2]
