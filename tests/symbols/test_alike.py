"""Symbols that mean the same: asked for in any form, counted as one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from data.sample.command import told
from pipelines.database import open_database
from pipelines.items import Article, Mention
from pipelines.symbols import normalise_symbol
from pipelines.symbols.alike import RENUMBERED, alike, counted_as
from pipelines.symbols.markets import mainland

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MENTIONED = (
    ("US:AURC",), ("XNAS:AURC",), ("US:TWO",), ("XNAS:TWO",), ("XNYS:TWO",),
    ("BJSE:430047",), ("BJSE:920047",), ("BJSE:430047", "BJSE:920047"), ("US:ONE",),
    ("XSTO:TIDEB",), ("XSTO:TIDE-B",), ("XSTO:LOOMC",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The six of the trial in May 2025, and two of those whose last digits were taken.
        ("833819", "920819"), ("830799", "920799"), ("831445", "920445"), ("430489", "920489"),
        ("839167", "920167"), ("834682", "920682"), ("873726", "920026"), ("837023", "920123"),
    ],
)  # fmt: skip
def test_a_company_of_beijing_answers_to_both_its_codes(old: str, new: str) -> None:
    assert alike(f"BJSE:{old}") == (f"BJSE:{old}", f"BJSE:{new}")
    assert alike(f"BJSE:{new}") == (f"BJSE:{new}", f"BJSE:{old}")
    assert counted_as(f"BJSE:{old}", known=()) == f"BJSE:{new}"


def test_every_code_of_beijing_moved_to_one_of_its_own() -> None:
    assert len(RENUMBERED) == len(set(RENUMBERED.values())) == 248
    assert all(mainland(code) == "BJSE" for code in (*RENUMBERED, *RENUMBERED.values()))
    assert all(
        new.startswith("920") and not old.startswith("920") for old, new in RENUMBERED.items()
    )


@pytest.mark.parametrize("typed", ["NOVO-B.CO", "CPH:NOVOB", "NOVOb.CO", "XCSE:NOVO-B"])
def test_a_northern_class_of_shares_with_and_without_its_hyphen(typed: str) -> None:
    assert {"XCSE:NOVO-B", "XCSE:NOVOB"} == set(alike(normalise_symbol(typed) or ""))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alike") / "broadtape.db"
    with open_database(path) as database, database.transaction():
        for number, symbols in enumerate(MENTIONED):
            url, at = f"https://news.example.com/{number}", AT + timedelta(hours=number)
            article = Article(url=url, title=f"Item {number}", text="Text.", mentions=tuple(
                Mention(symbol=symbol, mic=symbol[:4], code=symbol[5:], name=None, rule="exchange",
                        certainty="certain", place="body", matched=symbol)
                for symbol in symbols
            ))  # fmt: skip
            known = database.articles.create(url[8:], "Harbour Post", at, "live")
            database.articles.add_revision(
                known, article, "add", seen_at=at, computed_at=at,
                text_hash=f"{number:032x}", word_count=1,
            )  # fmt: skip
            database.stories.begin(known)
    return path


def run(record: Path, *arguments: str) -> str:
    done = told("--db", record, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_those_alike_are_counted_as_one(record: Path) -> None:
    rows = json.loads(run(record, "symbols", "--since", "2026-11-01", "--json"))
    assert {row["symbol"]: row["articles"] for row in rows} == {
        "BJSE:920047": 3,
        "XNAS:AURC": 2,  # one article did not say where it trades, the other did
        "US:TWO": 1,  # on two exchanges: nothing says which is meant
        "XNAS:TWO": 1,
        "XNYS:TWO": 1,
        "US:ONE": 1,
        "XSTO:TIDE-B": 2,
        "XSTO:LOOMC": 1,  # no LOOM-C is known: perhaps a company's whole code
    }
    first = {row["symbol"]: row["first_mentioned_at"][11:13] for row in rows}
    assert first == {
        "BJSE:920047": "13", "XNAS:AURC": "08", "US:TWO": "10", "XNAS:TWO": "11", "XNYS:TWO": "12",
        "US:ONE": "16", "XSTO:TIDE-B": "17", "XSTO:LOOMC": "19",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "articles"),
    [("430047", 3), ("920047.BJ", 3), ("AURC", 2), ("NASDAQ:AURC", 2), ("NYSE:AURC", 2)],
)
def test_a_filter_finds_those_alike(record: Path, typed: str, articles: int) -> None:
    exported = run(record, "export", "-f", "jsonl", "--symbol", typed)
    assert len(exported.splitlines()) == articles


def test_status_says_who_mentions_an_instrument(record: Path) -> None:
    rows = json.loads(run(record, "status", "--symbol", "NASDAQ:AURC", "--json"))
    assert [(row["symbol"], row["source"], row["articles"]) for row in rows] == [
        ("US:AURC", "Harbour Post", 1),
        ("XNAS:AURC", "Harbour Post", 1),
    ]
    assert rows[0]["rule"] == "exchange"
    assert rows[0]["first_mentioned_at"] == "2026-11-02T08:00:00Z"
    assert "XNAS:AURC\tHarbour Post\texchange\tcertain\t1\t2026-11-02 09:00" in run(
        record, "status", "--symbol", "AURC"
    )
    assert run(record, "status", "--symbol", "NYSE:ZZZ") == ""
