"""`broadtape symbols` counts what a reader with all articles before her would count."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from data.sample.command import told
from pipelines.database import open_database
from pipelines.instants import to_text
from pipelines.items import Article, Mention
from pipelines.symbols.alike import counted_as
from pipelines.symbols.trend import attention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.database import Database

START = datetime(2026, 11, 2, tzinfo=UTC)
HOURS = 24 * 30
SYMBOLS = (
    "US:AURC", "XNAS:AURC", "XNYS:AURC", "US:JPM", "XNYS:JPM", "BJSE:430047", "BJSE:920047",
    "XSTO:VOLVB", "XSTO:VOLV-B", "XHEL:VOLVB", "XSHE:000088", "XSHE:003977",
)  # fmt: skip


def mention(rng: random.Random, symbol: str) -> Mention:
    mic, _, code = symbol.partition(":")
    return Mention(
        symbol=symbol, mic=mic, code=code, name=rng.choice([None, "Aurelis", "Volvo", "Port"]),
        rule=rng.choice(["exchange", "suffix"]), certainty="certain", place="body", matched=code,
    )  # fmt: skip


def revise(database: Database, rng: random.Random, article_id: int, at: datetime) -> None:
    symbols = rng.choices(SYMBOLS, k=rng.randrange(4))  # one symbol by several rules, too
    article = Article(
        url=f"https://news.example.com/{article_id}", title="Item", text="Text.",
        language=rng.choice(["en", "zh"]), publisher=rng.choice([None, "North Wire"]),
        mentions=tuple(mention(rng, symbol) for symbol in symbols),
    )  # fmt: skip
    database.articles.add_revision(
        article_id, article, "revise" if database.articles.get(article_id) else "add",
        seen_at=at, computed_at=at, text_hash=None, word_count=1,
    )  # fmt: skip


def fill(database: Database, rng: random.Random) -> None:
    """Articles of a month, some fetched long after they were seen, some revised."""
    moments = sorted(START + timedelta(hours=rng.random() * HOURS) for _ in range(220))
    for number, at in enumerate(moments):
        with database.transaction():
            if number and rng.random() < 0.2:
                revise(database, rng, rng.randint(1, database.reading.totals()["articles"]), at)
                continue
            late = timedelta(days=rng.choice([0, 0, 0, 4]))
            article_id = database.articles.create(
                f"news.example.com/{number}", rng.choice(["Quay", "Harbour"]), at - late,
                rng.choice(["live", "live", "bootstrap"]),
            )  # fmt: skip
            revise(database, rng, article_id, at)
            database.stories.begin(article_id)


class Slowly:
    """Counts by going through every row."""

    def __init__(self, database: Database, as_of: datetime | None) -> None:
        self.then = to_text(as_of) if as_of else "9999"
        rows = database._connection.execute
        self.articles = rows("SELECT * FROM identities").fetchall()
        self.mentions = rows(
            "SELECT * FROM mentions WHERE computed_at <= ?", (self.then,)
        ).fetchall()
        self.revisions = {
            row["article_id"]: row
            for row in rows(
                "SELECT * FROM revisions WHERE computed_at <= ? ORDER BY seq", (self.then,)
            )
        }
        self.seen = {row["id"]: row["first_seen_at"] for row in self.articles}
        self.known = frozenset(row["symbol"] for row in self.mentions)

    def counted(self, *, live: bool, **bounds: Any) -> Counter[str]:
        return Counter(
            name
            for row in self.articles
            if self._selected(row, **bounds) and not (live and row["arrival"] == "bootstrap")
            for name in self._names(row["id"])
        )

    def _selected(
        self, row: Any, since: datetime, until: datetime, language: str, source: str
    ) -> bool:
        revision = self.revisions.get(row["id"])
        return (
            revision is not None
            and to_text(since) <= row["first_seen_at"] < to_text(until)
            and (not language or revision["language"] == language)
            and (not source or source in (row["source"], revision["publisher"]))
        )

    def _names(self, article_id: int) -> set[str]:
        revision = self.revisions[article_id]["revision"]
        return {
            counted_as(row["symbol"], self.known)
            for row in self.mentions
            if (row["article_id"], row["revision"]) == (article_id, revision)
        }

    def told(self, symbol: str) -> dict[str, str | None]:
        rows = [row for row in self.mentions if counted_as(row["symbol"], self.known) == symbol]
        names = Counter(row["name"] for row in rows if row["name"])
        seen = [self.seen[row["article_id"]] for row in rows]
        return {
            "name": min(names, key=lambda name: (-names[name], name), default=None),
            "first_mentioned_at": min(seen),
            "last_mentioned_at": max(seen),
        }


def asked(rng: random.Random) -> Iterator[dict[str, Any]]:
    for _ in range(40):
        since = START + timedelta(hours=rng.uniform(0, rng.choice([HOURS // 10, HOURS])))
        yield {
            "since": since.replace(microsecond=0),
            "until": since.replace(microsecond=0) + timedelta(hours=rng.choice([6, 48, 300])),
            "as_of": rng.choice([None, None, since + timedelta(hours=rng.uniform(0, 200))]),
            "language": rng.choice(["", "", "zh"]),
            "source": rng.choice(["", "", "North Wire", "Quay"]),
            "limit": rng.choice([1, 4, 20]),
        }


@pytest.mark.parametrize("seed", range(4))
def test_symbols_are_counted_as_by_hand(tmp_path: Path, seed: int) -> None:
    rng, compared = random.Random(seed), 0
    with open_database(tmp_path / "news.db") as database:
        fill(database, rng)
        for question in asked(rng):
            slowly = Slowly(database, question["as_of"])
            bounds = {name: question[name] for name in ("language", "source")}
            since, until = question["since"], question["until"]
            begins = max(
                datetime.fromisoformat(min(slowly.seen.values())),
                since - max(timedelta(days=28), until - since),
            )
            wanted = attention(
                slowly.counted(live=False, since=since, until=until, **bounds),
                slowly.counted(live=True, since=begins, until=since, **bounds),
                max(since - begins, timedelta()) / (until - since),
            )
            texts = {
                name: to_text(value) if isinstance(value, datetime) else value
                for name, value in question.items()
            }
            options = [f"--{name.replace('_', '-')}={text}" for name, text in texts.items() if text]
            done = told("--db", database.path, "symbols", "--json", *options)
            assert json.loads(done.stdout) == [
                {
                    "symbol": one.symbol,
                    "articles": one.now,
                    "usual": None if one.usual is None else round(one.usual, 2),
                    "surprise": None if one.surprise is None else round(one.surprise, 1),
                    **slowly.told(one.symbol),
                }
                for one in list(wanted)[: question["limit"]]
            ], question
            compared += len(json.loads(done.stdout))
    assert compared > 50
