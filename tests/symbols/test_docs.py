"""docs/symbols.md: each notation of its table is read as it says, its table of names loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.items import Source
from pipelines.symbols import alike, find_mentions, links, markets
from pipelines.symbols.names import NameTable

PAGE = (Path(__file__).parents[2] / "docs" / "symbols.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (`.+?`) \| (certain|medium|low|tag) \|$", PAGE, re.MULTILINE)


def test_there_are_rows() -> None:
    assert len(ROWS) >= 30


@pytest.mark.parametrize(("written", "symbols", "certainty"), ROWS)
def test_a_notation_is_read_as_the_page_says(written: str, symbols: str, certainty: str) -> None:
    source = Source(name="a", domain="a.example")
    found = find_mentions(None, title=None, text=written, language=None, source=source)
    assert [mention.symbol for mention in found] == re.findall("`(.+?)`", symbols)
    assert {mention.certainty for mention in found} == {certainty}


def test_the_table_of_names_loads(tmp_path: Path) -> None:
    match = re.search(r"^```csv\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert match is not None
    file = tmp_path / "symbols.csv"
    file.write_text(match[1], encoding="utf-8")
    names = NameTable.load(file).names
    assert names["盐田港"].symbol == "XSHE:000088"
    assert names["CRDI.MI"].symbol == "MTAA:UCG"


def test_the_tables_are_as_large_as_the_page_says() -> None:
    hosts = len({link.host for link in links.QUOTE_LINKS})
    assert f"{len(links.QUOTE_LINKS)} forms on {hosts} hosts" in PAGE
    assert f"{sum(map(len, markets.REUTERS.values()))} roots" in PAGE
    assert f"{len(alike.RENUMBERED)} companies" in PAGE
