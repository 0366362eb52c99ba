"""Searches with known answers, and queries that nobody should type."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.sample.command import command
from pipelines.database import Database, open_database
from pipelines.database.selection import Selection
from pipelines.items import Article
from pipelines.search import labels, parse_query, snippet, spaced
from pipelines.search.labels import of_time
from tests.reading import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A query, and all it finds; what stands before > must come first.
ENGLISH = {
    "rate cut": "cut > hold",
    '"rate cut"': "cut",
    "takeover": "hostile",
    "corvane": "merger hostile",
    "Corvane NOT hostile": "merger",
    "corvane -larch": "merger",
    "semi*": "fab chips 地产",
    "semiconductor*": "fab > chips",
    "memory AND semicore": "chips",
    "oil OR gas": "oil gas",
    "title:gas": "gas",
    "(wheat OR ports) dockers": "grain strike",
    "title:(strike OR recalls)": "strike recall",
    "text:strike": "grain",
    "cafe muller": "café",
    "AT&T": "café",
    "S&P 500": "sp",
    "Moody’s review": "merger",
    "E-200": "recall",
    "$4.2 bln": "merger",
    "tariff": "tariff > sp",
    "NASDAQ: SMCX": "chips",
    "inflation -governor": "hold",
    "zebra": "",
}
CHINESE = {
    "降息": "降息 > 黄金",
    "降息 央行": "降息",
    "利率": "存款 地产 降息",
    "存款利率": "存款",
    "上海": "港股",
    "海上": "海上",
    "大同": "港口",
    "铜": "铜",
    "金": "黄金 > 铜",
    "银": "存款 > 黄金 A股",
    "A股": "A股",
    "H股": "港股",
    "收购 NOT 银行": "并购",
    "临川光电": "预增 并购",
    "业绩预告": "预增",
    "title:临川": "预增 并购",
    "“净利润”": "预增",
    "「首套房」": "地产",
    "ＥＳＧ": "海上",
    "esg": "海上",
    "港口 OR 港股": "港股 港口",
    "青屿科技H股": "港股",
    "前三季": "海上",
    "25个基点": "降息",
    "基点 -存款": "降息",
    "净息差 OR \"rate cut\"": "存款 cut",
    "合并": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, dict[int, str]]]:
    path: Path = tmp_path_factory.mktemp("search") / "news.db"
    names = {article_id: name for name, article_id in corpus.make(path).items()}
    with open_database(path, read_only=True) as database:
        yield database, names


def found(
    record: tuple[Database, dict[int, str]], typed: str, selection: Selection | None = None
) -> list[str]:
    database, names = record
    answer = database.searching.search(parse_query(typed), selection or Selection(), 50)
    return [names[article["id"]] for article in answer.articles]


@pytest.mark.parametrize(("typed", "expected"), (ENGLISH | CHINESE).items())
def test_known_answers(record: tuple[Database, dict[int, str]], typed: str, expected: str) -> None:
    names = found(record, typed)
    first, _, rest = expected.rpartition(">")
    assert set(names) == {*first.split(), *rest.split()}
    assert not first or names[0] == first.strip()


def test_filters_are_those_of_an_export(record: tuple[Database, dict[int, str]]) -> None:
    middle = Selection(since=corpus.START.replace(hour=20))
    assert found(record, "tariff", Selection(source="Quay Street")) == []
    assert found(record, "semicore", Selection(language="zh")) == ["地产"]
    assert found(record, "tariff", middle) == ["tariff", "sp"]
    assert found(record, "rate OR rates", middle) == []
    assert found(record, "降息", Selection(until=corpus.START)) == []
    assert found(record, "降息", Selection(since=corpus.START + timedelta(days=900))) == []


def test_a_filter_follows_what_an_article_becomes(tmp_path: Path) -> None:
    ids = corpus.make(tmp_path / "news.db")
    with open_database(tmp_path / "news.db") as database:

        def hits(typed: str, **bounds: str) -> set[int]:
            answer = database.searching.search(parse_query(typed), Selection(**bounds), 50)
            return {article["id"] for article in answer.articles}

        both = {ids["预增"], ids["并购"]}
        assert hits("临川", symbol="XSHE:003977") == hits("临川", language="zh") == both
        with database.transaction():
            database.articles.add_revision(
                ids["预增"],
                Article(
                    url="https://news.example.com/18",
                    title="临川光电更正",
                    publisher="Harbour Post",
                    language="zh-Hant-HK",
                ),
                "revise",
                seen_at=corpus.START,
                computed_at=corpus.START,
                text_hash=None,
                word_count=0,
            )
            database.articles.amend(ids["并购"], corpus.START, publisher="Quay Street")
        assert hits("临川", symbol="XSHE:003977") == {ids["并购"]}
        assert hits("临川", source="Harbour Post") == {ids["预增"]}
        assert hits("临川", source="Quay Street") == {ids["并购"]}
        assert hits("临川", source="望远证券报") == both  # whose feed listed them
        assert hits("临川", language="zh-Hant") == {ids["预增"]}
        assert hits("临川", language="zh") == both
        assert database.check() == []


def test_an_index_of_an_earlier_version_is_made_anew(tmp_path: Path) -> None:
    ids = corpus.make(tmp_path / "news.db")
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection, connection:
        connection.execute("DROP TABLE article_search")
        connection.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5 (title, text, singles, content='')"
        )
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm005_labels'")
    assert b"`broadtape db upgrade`" in command("--db", tmp_path / "news.db", "status").stderr
    assert command("--db", tmp_path / "news.db", "db", "upgrade").returncode == 0
    with open_database(tmp_path / "news.db", read_only=True) as database:
        for bounds in ({"symbol": "XSHE:003977"}, {"source": "望远证券报"}, {"language": "zh"}):
            answer = database.searching.search(parse_query("临川"), Selection(**bounds), 50)
            assert {row["id"] for row in answer.articles} == {ids["预增"], ids["并购"]}, bounds


def test_a_revised_article_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    ids = corpus.make(tmp_path / "news.db")
    with open_database(tmp_path / "news.db") as database:
        with database.transaction():
            database.articles.add_revision(
                ids["A股"],
                Article(
                    url="https://news.example.com/21",
                    title="更正：B股指数收跌",
                    language="zh",
                    text="今日缩量。",
                ),
                "revise",
                seen_at=corpus.START,
                computed_at=corpus.START,
                text_hash="f" * 32,
                word_count=4,
            )
        for typed, count in (("A股", 0), ("集体收涨", 0), ("B股", 1), ("缩量", 1), ("量", 1)):
            answer = database.searching.search(parse_query(typed), Selection(), 50)
            hits = [article["id"] for article in answer.articles]
            assert (ids["A股"] in hits) == bool(count), typed


@pytest.mark.parametrize("hours", range(0, 30, 7))
def test_a_time_is_exact_to_the_second(record: tuple[Database, dict[int, str]], hours: int) -> None:
    everything = "bank OR 银行 OR a OR the OR 利率 OR 股 OR 临川光电"
    total = len(found(record, everything))
    for seconds in (-1, 0, 1):
        at = corpus.START + timedelta(hours=hours, seconds=seconds)
        before = found(record, everything, Selection(until=at))
        after = found(record, everything, Selection(since=at))
        assert len(before) + len(after) == total
        assert not set(before) & set(after)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2027, 1, 1)), st.integers(0, 1200))
def test_the_labels_of_a_time_are_those_of_its_days(first: date, days: int) -> None:
    wanted = of_time(first, first + timedelta(days=days))
    assert len(wanted) <= 62 + days // 28
    for day in range(-40, days + 40):
        at = (first + timedelta(days=day)).isoformat() + "T12:00:00Z"
        hits = set(wanted) & set(labels("s", None, None, at, ()).split())
        assert bool(hits) == (0 <= day <= days)


@pytest.mark.parametrize("typed", ["", "   ", '"', "*", "()", "NOT", "-", "title:", "：，。", "🙂"])
def test_a_query_without_words_finds_nothing(
    record: tuple[Database, dict[int, str]], typed: str
) -> None:
    assert found(record, typed) == []


PIECES = st.sampled_from(
    ['"', "(", ")", "*", "-", "^", ":", "AND", "OR", "NOT", "NEAR(", "title:", "text:", "a",
     "降息", "金", "A股", "{title}", "+", "\\", "'", ";", "%", "\x00", "\ud800", "ﾊﾝｶｸ", " "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join),
                 st.lists(PIECES, max_size=300).map(" ".join)))  # fmt: skip
@example("(" * 500 + "a")
@example("a NOT " * 200 + "b")
@example("title:" * 100 + "a")
@example("(a OR (b NOT (c " * 30)
def test_whatever_is_typed_is_a_search(typed: str) -> None:
    query = parse_query(typed)
    assert bool(query.fts) == bool(query.phrases)
    TABLE.execute("SELECT rowid FROM x WHERE x MATCH ?", (query.fts or '""',)).fetchall()
    snippet("The cut: 央行降息，A股上涨。", query.phrases)


TABLE = sqlite3.connect(":memory:")
TABLE.execute("CREATE VIRTUAL TABLE x USING fts5 (title, text, singles)")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="金价上涨海港ABc1 ，.", min_size=1, max_size=12), st.data())
def test_every_part_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    """Any cut-out of a Chinese text, as a phrase, is found in it."""
    from pipelines.search.words import singles

    han = [piece for piece in text.split() if all(c >= "\u4e00" for c in piece)]
    if not han:
        return
    piece = data.draw(st.sampled_from(han))
    start = data.draw(st.integers(0, len(piece) - 1))
    end = data.draw(st.integers(start + 1, len(piece)))
    TABLE.execute("DELETE FROM x")
    TABLE.execute("INSERT INTO x VALUES ('', ?, ?)", (spaced(text), singles(text)))
    query = parse_query(f'"{piece[start:end]}"')
    if query.fts:
        assert TABLE.execute("SELECT count(*) FROM x WHERE x MATCH ?", (query.fts,)).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "typed", "hits"),
    [
        ("央行宣布降息，随后再次降息。", "降息", ["降息", "降息"]),
        ("The Rate Cut was a rate  cut; a crate cut was not.", '"rate cut"',
         ["Rate Cut", "rate cut"]),
        ("Müller's café", "muller cafe", ["Müller", "café"]),
        ("semiconductors, semis and Semi", "semi*", ["semiconductors", "semis", "Semi"]),
        ("said AI will aid", "ai", ["AI"]),
        ("青屿科技A股涨，AA股不算", "A股", ["A股"]),
        ("沪铜主力", "铜", ["铜"]),
        ("no such word", "zebra", []),
    ],
)  # fmt: skip
def test_hits_are_marked(text: str, typed: str, hits: list[str]) -> None:
    pieces = snippet(text, parse_query(typed).phrases, 200)
    assert [piece.text for piece in pieces if piece.hit] == hits
    assert "".join(piece.text for piece in pieces) == " ".join(text.split())


def test_the_passage_is_where_most_of_the_query_is() -> None:
    filler = "Nothing of note happened in the wheat market that day. " * 30
    text = f"Wheat rose. {filler} Dockers ended their strike and wheat fell. {filler}"
    shown = "".join(
        piece.text for piece in snippet(text, parse_query("wheat strike dockers").phrases, 120)
    )
    assert "Dockers ended their strike" in shown
    assert len(shown) < 140
