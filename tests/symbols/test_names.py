"""A user's own names: the longest, whole words, no common ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.errors import ConfigError
from pipelines.items import Source
from pipelines.symbols import find_mentions
from pipelines.symbols.names import NameTable, check_names, names_in

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """symbol,names,aliases
XSHE:000088,盐田港,深圳市盐田港股份有限公司
XNAS:AURC,Aurelis Cable; Aurelis,
XNYS:AURB,Aurelis Cable Bonds,
"""


@pytest.fixture
def names(tmp_path: Path) -> NameTable:
    file = tmp_path / "symbols.csv"
    file.write_text(TABLE, encoding="utf-8")
    return NameTable.load(file)


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("推动盐田港区东作业区建设。", ["XSHE:000088"]),
        ("Aurelis won the order.", ["XNAS:AURC"]),
        ("Holders of Aurelis Cable Bonds agreed.", ["XNYS:AURB"]),
        ("Aurelisian poets and neo-Aurelis2 fans.", []),
        ("AURELIS in capitals is not what the table says.", []),
        ("一家Aurelis公司", ["XNAS:AURC"]),
    ],
)
def test_names_are_found_whole(names: NameTable, text: str, symbols: list[str]) -> None:
    source = Source(name="a", domain="a.example")
    found = find_mentions(None, title=None, text=text, language=None, source=source, names=names)
    assert [mention.symbol for mention in found] == symbols
    assert all(mention.rule == "user-name" for mention in found)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("nonsense!,A name,", "line 2: 'nonsense!' is no symbol"),
        ("XNYS:SQ,Square,", "line 2: 'Square' is too common"),
        ("\n\nXNAS:AAPL,Apple Inc.\nXNYS:APLE,Apple Inc.", "line 5: 'Apple Inc.' already means"),
        ("XNAS:AAPL,,", "line 2: no name for XNAS:AAPL"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, remedy: str) -> None:
    file = tmp_path / "symbols.csv"
    file.write_text(f"symbol,names,aliases\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        NameTable.load(file)
    assert remedy in str(wrong.value)


@pytest.mark.parametrize("text", ["", "symbol;names\n", "code,names\nXNAS:AAPL,Apple Inc.\n"])
def test_a_table_without_its_columns_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "symbols.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="name the columns"):
        NameTable.load(file)


def test_what_the_table_says_of_a_code_overrules_the_notation(tmp_path: Path) -> None:
    """Reuters' root CRDI.MI is UCG in Milan; without the table it is taken as written."""
    file = tmp_path / "symbols.csv"
    file.write_text("symbol,names\nMTAA:UCG,Lender; CRDI.MI\n", encoding="utf-8")
    source = Source(name="a", domain="a.example")
    text = "Shares of the bank (CRDI.MI) fell, those of (TTE.PA) rose."
    for table, wanted in (
        (None, ["MTAA:CRDI", "XPAR:TTE"]),
        (NameTable.load(file), ["MTAA:UCG", "XPAR:TTE"]),
    ):
        found = find_mentions(
            None, title=None, text=text, language=None, source=source, names=table
        )
        assert [mention.symbol for mention in found] == wanted


def test_a_changed_table_is_read_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "symbols.csv"

    def meaning(text: str) -> str | None:
        file.write_text(text, encoding="utf-8")
        table = names_in(str(file))
        assert table is not None
        known = table.names.get("Aurelis Cable")
        return known.symbol if known else None

    assert meaning("symbol,names\nXNAS:AURC,Aurelis Cable\n") == "XNAS:AURC"
    assert meaning("symbol,names\nXNYS:AURCB,Aurelis Cable\n") == "XNYS:AURCB"
    assert not caplog.records
    assert meaning("symbol,names\nhalf a li") == "XNYS:AURCB"
    assert "line 2" in caplog.text
    assert "the names before" in caplog.text
    caplog.clear()
    assert names_in(str(file)) is names_in(str(file))
    assert not caplog.records, "said once, not with every article"
    assert meaning("symbol,names\nXNAS:AURCX,Aurelis Cable\n") == "XNAS:AURCX"
    assert names_in(None) is None


def test_a_table_that_was_never_readable(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A crawl does not begin with it; a worker that begins later goes on without names."""
    file = tmp_path / "none.csv"
    with pytest.raises(ConfigError, match="cannot read"):
        check_names(file)
    check_names(None)
    assert names_in(str(file)) is None
    assert "no names" in caplog.text
    file.write_text(TABLE, encoding="utf-8")
    assert names_in(str(file)) is not None
