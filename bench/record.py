"""An invented record of any size, for what reading and exporting cost.

    python -m bench.record FILE [--rows 1000000]

Half the articles are English, half Chinese, of 50 to 2,500 words with a median of 220, which
is 1.4 KB or 430 Chinese characters. Words are drawn by Zipf's law from vocabularies of
30,000, so that common ones stand in nearly every article and rare ones in a few; paragraphs
come from a stock of 20,000. With them go what an article usually has: an entry in one of
60 feeds, a publisher, authors, tags, dates, up to four instruments of 3,000, and for a fifth
of them a story that others tell too.

The rows are written as the stages write them, but thousands at once, and made by two
processes while a third writes: a million articles take a quarter of an hour instead of two
hours. A record that is there already is continued up to `--rows`; the same size is the same
record, in whatever steps it was made.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.database import open_database
from pipelines.database.rows import to_cell
from pipelines.items import Feed, Source
from pipelines.search import labels, singles, spaced
from pipelines.urls import key_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import BaseContext

    from pipelines.database import Database

START = datetime(2024, 1, 1, tzinfo=UTC)
EVERY = timedelta(seconds=97)
# From here to 2,000,000 an id takes three bytes in the index: see bench.enlarge.
FIRST_ID = 20_001
BLOCK = 10_000
FEEDS = 60
SOURCES = 40
PUBLISHERS = 25
VOCABULARY = 30_000
STOCK = 10_000
PARAGRAPH = 50


class Words:
    """A vocabulary by Zipf's law, the most frequent words first."""

    def __init__(self, words: Sequence[str], between: str) -> None:
        self.words, self.between = words, between
        self._weights = list(accumulate(1 / (n + 3) for n in range(len(words))))

    def text(self, rng: random.Random, size: int) -> str:
        """So many words."""
        return self.between.join(rng.choices(self.words, cum_weights=self._weights, k=size))


@dataclass(frozen=True)
class Passage:
    """A text, and what the index holds of it."""

    text: str
    spaced: str
    singles: frozenset[str]


@dataclass(frozen=True)
class Stock:
    """What articles in one language are made of."""

    language: str
    words: Words
    paragraphs: tuple[Passage, ...]
    headlines: tuple[Passage, ...]


@dataclass
class Rows:
    """What a block of articles adds to each table."""

    identities: list[tuple[Any, ...]] = field(default_factory=list)
    url_keys: list[tuple[Any, ...]] = field(default_factory=list)
    revisions: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    stories: list[tuple[Any, ...]] = field(default_factory=list)
    story_members: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    article_search: list[tuple[Any, ...]] = field(default_factory=list)


COLUMNS = {
    "stories": "id, first_article_id, first_seen_at, articles",
    "identities": "id, url_key, addresses, source, first_seen_at, arrival, latest_seq, story_id",
    "url_keys": "hash, article_id",
    "revisions": "seq, article_id, revision, change, seen_at, computed_at, url, publisher, title,"
    " authors, language, published_at, published_precision, published_from, published_zone,"
    " status, text, summary, tags, word_count, text_hash, extractor",
    "story_members": "story_id, article_id, computed_at, similarity, rank",
    "mentions": "article_id, revision, symbol, mic, code, name, rule, certainty, place, matched,"
    " computed_at",
    "entries": "id, feed_id, key, key_kind, link, title, summary, entry_hash, first_seen_at,"
    " last_seen_at, state, article_id",
    "article_search": "rowid, title, text, singles, labels",
}


def stocks() -> tuple[Stock, Stock]:
    """The Chinese and the English stock; always the same."""
    rng = random.Random(7)
    latin = [
        "".join(rng.choices("etaoinshrdlucmfwygpbvk", k=rng.randint(2, 9)))
        for _ in range(VOCABULARY)
    ]
    # Characters too follow Zipf's law; most words are two of them, or so corpora say.
    characters = [chr(0x4E00 + n) for n in range(4000)]
    weights = list(accumulate(1 / (n + 10) for n in range(4000)))
    chinese = [
        "".join(rng.choices(characters, cum_weights=weights, k=rng.choice((1, 2, 2, 2, 3))))
        for _ in range(VOCABULARY)
    ]
    return _stock("zh", Words(chinese, ""), rng), _stock("en", Words(latin, " "), rng)


def _stock(language: str, words: Words, rng: random.Random) -> Stock:
    paragraphs = tuple(_passage(words.text(rng, PARAGRAPH)) for _ in range(STOCK))
    headlines = tuple(_passage(words.text(rng, 3)) for _ in range(3 * STOCK))
    return Stock(language, words, paragraphs, headlines)


def _passage(text: str) -> Passage:
    return Passage(text, spaced(text), frozenset(singles(text).split()))


def instruments() -> list[tuple[str, str, str]]:
    """(symbol, MIC, code) of 3,000 invented instruments, the most mentioned first."""
    rng = random.Random(8)
    listed = []
    for number in range(3000):
        if number % 2:
            mic = ("XNAS", "XNYS", "US")[number % 3]
            code = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=rng.randint(2, 5)))
        else:
            mic = ("XSHE", "XSHG", "XHKG")[number % 3]
            code = f"{number:06d}"
        listed.append((f"{mic}:{code}", mic, code))
    return listed


def make(path: Path, rows: int, until: float = float("inf")) -> int:
    """Make a record of so many articles, or continue one; stop early at `until` (monotonic).

    Returns how many articles it has.
    """
    with open_database(path) as database, ProcessPoolExecutor(2, _start_context()) as makers:
        with database.transaction():
            database.feeds.sync(_feeds())
        _hurry(database, 64 << 20)
        done: int = database.reading.totals()["articles"]
        ahead: deque[Future[Rows]] = deque()
        for first in range(done, rows, BLOCK):
            while len(ahead) < 3 and (next_ := first + len(ahead) * BLOCK) < rows:
                ahead.append(makers.submit(block, next_, min(next_ + BLOCK, rows)))
            _write(database, ahead.popleft().result())
            done = min(first + BLOCK, rows)
            if time.monotonic() > until:
                break
        for late in ahead:
            late.cancel()
        _hurry(database, 1 << 20)
    return done


def _start_context() -> BaseContext:
    return multiprocessing.get_context("forkserver")


@cache
def _material() -> tuple[tuple[Stock, Stock], list[tuple[str, str, str]]]:
    return stocks(), instruments()


def block(first: int, last: int) -> Rows:
    """The rows of the articles of these numbers."""
    both, listed = _material()
    rows = Rows()
    for number in range(first, last):
        _add(rows, number, both[number % 2], listed, random.Random(number))
    rows.stories = [story for story in rows.stories if story[-1] > 1]
    return rows


def _hurry(database: Database, index_buffer: int) -> None:
    """Let SQLite buffer more than it does for a crawl, and not wait for the disk."""
    for statement in (
        "PRAGMA synchronous = OFF",
        "PRAGMA cache_size = -500000",
        "PRAGMA wal_autocheckpoint = 20000",
        f"INSERT INTO article_search (article_search, rank) VALUES ('hashsize', {index_buffer})",
    ):
        database._connection.execute(statement)


def _feeds() -> list[Feed]:
    return [
        Feed(
            url=f"https://feeds.example.com/{number}.xml",
            name=f"Feed {number}",
            source=Source(
                name=f"Source {number % SOURCES}",
                domain=f"source{number % SOURCES}.example.com",
                language="en" if number % 2 else "zh",
            ),
            category=("economy", "markets", "companies")[number % 3],
        )
        for number in range(FEEDS)
    ]


def _add(
    rows: Rows,
    number: int,
    stock: Stock,
    listed: Sequence[tuple[str, str, str]],
    rng: random.Random,
) -> None:
    """Add what the article of this number (from 0) brings to each table."""
    at = START + EVERY * number
    seen, computed = to_cell(at), to_cell(at + timedelta(seconds=2))
    ident = number + FIRST_ID
    url = f"https://news.example.com/{at:%Y/%m/%d}/{number}.html"
    feed = int(FEEDS * rng.random() ** 2) // 2 * 2 + number % 2  # few feeds bring most of it
    source = f"Source {feed % SOURCES}"
    publisher = f"Publisher {int(rng.paretovariate(1)) % PUBLISHERS}" if number % 5 else None
    size = min(max(round(220 / PARAGRAPH * rng.lognormvariate(0, 0.75)), 1), 50)
    body = rng.choices(stock.paragraphs, k=size)
    head = rng.choices(stock.headlines, k=3)
    title = stock.words.between.join(part.text for part in head)
    text = "\n".join(part.text for part in body)
    symbols = _symbols(listed, rng)
    summary = rng.choice(stock.paragraphs).text[:150]
    story = _story(rows, number, seen, rng)

    rows.identities.append((ident, url[8:], 1, source, seen, "live", ident, story))
    rows.url_keys.append((key_hash(url[8:]), ident))
    rows.revisions.append((
        ident, ident, 1, "add", seen, computed, url, publisher, title,
        "; ".join(f"Reporter {rng.randrange(400)}" for _ in range(rng.randrange(3))) or None,
        stock.language, to_cell(at - timedelta(seconds=rng.randrange(1800))), "second",
        "json-ld", "stated", "full" if rng.random() < 0.9 else "summary", text, summary,
        "; ".join(f"topic {rng.randrange(300)}" for _ in range(rng.randrange(4))) or None,
        size * PARAGRAPH, f"{number:032x}", "bench",
    ))  # fmt: skip
    rows.mentions += [
        (ident, 1, symbol, mic, code, None, "suffix", "certain", "body", code, computed)
        for symbol, mic, code in symbols
    ]
    rows.entries.append(
        (ident, feed + 1, str(number), "guid", url, title, summary, f"{number:x}", seen, seen,
         "done", ident)
    )  # fmt: skip
    rows.article_search.append((
        ident,
        " ".join(part.spaced for part in head),
        "\n".join(part.spaced for part in body),
        " ".join(frozenset[str]().union(*(part.singles for part in (*head, *body)))),
        labels(source, publisher, stock.language, seen or "", (symbol for symbol, _, _ in symbols)),
    ))  # fmt: skip


def _symbols(
    listed: Sequence[tuple[str, str, str]], rng: random.Random
) -> list[tuple[str, str, str]]:
    """None for most, few for the rest; the great companies far more often than the others."""
    count = rng.choice((0, 0, 0, 1, 1, 2, 4))
    return sorted({listed[int(len(listed) ** rng.random()) - 1] for _ in range(count)})


def _story(rows: Rows, number: int, seen: str | None, rng: random.Random) -> int:
    """A story of its own, or one of this block that is told again."""
    if rows.stories and not rng.randrange(5):
        place = rng.randrange(max(0, len(rows.stories) - 120), len(rows.stories))
        story, first, first_seen, told = rows.stories[place]
        rows.stories[place] = (story, first, first_seen, told + 1)
        rows.story_members.append((story, number + FIRST_ID, seen, 0.9, told + 1))
        return int(story)
    rows.stories.append((number + FIRST_ID, number + FIRST_ID, seen, 1))
    return number + FIRST_ID


def _write(database: Database, rows: Rows) -> None:
    connection = database._connection
    with database.transaction():
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for table, columns in COLUMNS.items():
            places = ", ".join("?" * (columns.count(",") + 1))
            connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})", getattr(rows, table)
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    arguments = parser.parse_args()
    started = time.monotonic()
    made = make(arguments.file, arguments.rows, started + arguments.seconds)
    size = arguments.file.stat().st_size / 1e6
    print(f"{made:,} articles, {size:,.0f} MB, {time.monotonic() - started:.0f} s", flush=True)
    return int(made < arguments.rows)


if __name__ == "__main__":
    raise SystemExit(main())
