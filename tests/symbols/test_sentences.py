"""Every notation, and its false friends, in sentences written for the purpose."""

from __future__ import annotations

from pathlib import Path

from pipelines.items import Source
from pipelines.symbols import find_mentions

FILE = Path(__file__).parents[1] / "data" / "symbols" / "sentences.txt"
SOURCE = Source(name="a", domain="a.example")


def cases() -> list[tuple[str, frozenset[str]]]:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line[:1] not in {"#", ""}]
    pairs = [line.split(" | ", 1) for line in lines]
    return [(text.strip(), frozenset(symbols.split()) - {"-"}) for symbols, text in pairs]


def found_in(text: str) -> frozenset[str]:
    found = find_mentions(None, title=None, text=text, language=None, source=SOURCE)
    return frozenset(mention.symbol for mention in found)


def test_nothing_is_found_that_is_not_there() -> None:
    wrong = {text: found_in(text) - gold for text, gold in cases() if found_in(text) - gold}
    assert wrong == {}


def test_nearly_all_that_is_there_is_found() -> None:
    gold = sum(len(symbols) for _, symbols in cases())
    missed = {text: symbols - found_in(text) for text, symbols in cases()}
    lost = {text: symbols for text, symbols in missed.items() if symbols}
    assert sum(map(len, lost.values())) <= 0.03 * gold, lost


def test_the_set_is_as_large_as_it_claims() -> None:
    assert len(cases()) >= 250
    assert sum(not symbols for _, symbols in cases()) >= 60


def test_the_words_are_given_as_they_are_written() -> None:
    text = "東洋自動車（７２０３）の株価が上昇した。"
    (found,) = find_mentions(None, title=None, text=text, language="ja", source=SOURCE)
    assert (found.symbol, found.matched) == ("XTKS:7203", "（７２０３）")


def test_mentions_come_in_order_of_appearance() -> None:
    text = "一家（纽交所：BABA；港交所：9988）、贵州酒业（600519）、VOD.L 与 0700.HK，及(LON: BP)。"
    found = find_mentions(None, title=None, text=text, language="zh", source=SOURCE)
    assert [mention.symbol for mention in found] == [
        "XNYS:BABA", "XHKG:09988", "XSHG:600519", "XHKG:00700", "XLON:BP",
    ]  # fmt: skip
