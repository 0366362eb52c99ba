"""The reading commands as a person and as a program meet them."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata
from typing import TYPE_CHECKING

import click
import pytest

from crawler.cli import broadtape
from crawler.cli.wrapping import wrap
from data.sample.command import told
from data.sample.user import COMMAND
from tests.reading import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    path = tmp_path_factory.mktemp("commands") / "news.db"
    ids = corpus.make(path)
    return path, ids


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return told("--db", path, *arguments, cwd=path.parent)


def on_terminal(path: Path, *arguments: str, columns: int = 80, **environment: str) -> str:
    """What the command writes on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [COMMAND, "--db", str(path), *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=path.parent,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not chunk:
            break
        written += chunk
    process.wait(60)
    os.close(ours)
    return written.decode("utf-8")


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


COMMANDS = (
    ("search", "rate OR 降息 OR 临川光电"),
    ("show", "17"),
    ("show", "1", "--revisions"),
    ("show", "999999"),
    ("symbols", "--since", "2026-11-01"),
    ("status",),
    ("feeds", "list"),
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", [80, 45])
def test_it_fits_the_terminal(
    record: tuple[Path, dict[str, int]], command: tuple[str, ...], columns: int
) -> None:
    written = on_terminal(record[0], *command, columns=columns)
    lines = ESCAPES.sub("", written).splitlines()
    assert lines
    assert [line for line in lines if width(line) > columns] == []


def every_command(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)


@pytest.mark.parametrize("command", list(every_command(broadtape)), ids=" ".join)
def test_its_help_fits_and_says_enough(command: tuple[str, ...]) -> None:
    done = told(*command, "--help", environment={"COLUMNS": "80"})
    lines = done.stdout.splitlines()
    assert [line for line in lines if width(line) > 80] == []
    assert not [line for line in lines if line.endswith("...") and "Usage" not in line]
    options = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", done.stdout, re.MULTILINE))
    examples = done.stdout.partition("Example")[2]
    assert set(re.findall(r" (--[a-z-]+)", examples)) <= options
    assert "Traceback" not in done.stderr


def test_chinese_breaks_where_a_reader_expects_it() -> None:
    text = "央行开展逆回购操作7640亿元，净回笼1820.5亿元（含到期）。See https://a.example/b now"
    for columns in range(12, 40):
        lines = wrap(text, columns)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line) <= columns for line in lines)
        assert not [line for line in lines if line[0] in "，。）" or line[-1] == "（"]
        assert any("7640" in line for line in lines)
        assert any("1820.5" in line for line in lines)
    assert wrap("  a rather long line", 14, hanging=2) == ["  a rather", "    long line"]


def test_no_colour_where_none_is_wanted(record: tuple[Path, dict[str, int]]) -> None:
    coloured = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;5;\d+)m")
    assert coloured.search(on_terminal(record[0], "search", "降息", NO_COLOR=""))
    assert not coloured.search(on_terminal(record[0], "search", "降息", NO_COLOR="1"))
    assert "\x1b" not in run(record[0], "search", "降息").stdout


def test_search_for_programs(record: tuple[Path, dict[str, int]]) -> None:
    path, ids = record
    done = run(path, "search", "降息", "-n", "1", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["matches"], answer["more"]) == (2, False)
    (article,) = answer["articles"]
    assert article["id"] == ids["降息"]
    assert [article["passage"][start:end] for start, end in article["hits"]] == ["降息"]
    lines = run(path, "search", "降息").stdout.splitlines()
    assert lines[0].split("\t")[:2] == ["id", "first_seen_at"]
    assert lines[1].split("\t")[0] == str(ids["降息"])
    assert "[降息]" in lines[1]


def test_a_search_that_finds_nothing_says_so(record: tuple[Path, dict[str, int]]) -> None:
    for typed in ("zebra", '"(((', "NOT"):
        done = run(record[0], "search", "--", typed)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("nothing found")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("typed", ["XSHE:003977", "003977.SZ", "sz003977", "003977"])
def test_a_symbol_in_any_notation(record: tuple[Path, dict[str, int]], typed: str) -> None:
    path, ids = record
    found = json.loads(run(path, "search", "临川", "--symbol", typed, "--json").stdout)
    assert {article["id"] for article in found["articles"]} == {ids["并购"], ids["预增"]}
    assert found["articles"][0]["symbols"] == ["XSHE:003977"]
    exported = run(path, "export", "--symbol", typed).stdout
    assert exported.count("XSHE:003977") == 2
    assert run(path, "export", "--symbol", "no symbol at all").returncode == 2


@pytest.mark.parametrize("typed", ["AAPL", "NASDAQ:AAPL", "XNAS:AAPL", "US:AAPL", "$AAPL"])
def test_an_american_ticker_is_one_on_every_exchange(typed: str) -> None:
    from pipelines.symbols import normalise_symbol
    from pipelines.symbols.alike import alike

    assert {"US:AAPL", "XNAS:AAPL"} <= set(alike(normalise_symbol(typed) or ""))
    assert alike("XSHE:000088") == ("XSHE:000088",)


def test_symbols_against_their_usual(record: tuple[Path, dict[str, int]]) -> None:
    path, _ = record
    young = json.loads(run(path, "symbols", "--since", "2026-11-01", "--json").stdout)
    assert [(row["symbol"], row["articles"], row["usual"]) for row in young] == [
        ("XSHE:003977", 2, None)
    ]
    ripe = run(
        path, "symbols", "--since", "2026-11-03T02:00Z", "--until", "2026-11-03T03:00Z", "--json"
    )
    (row,) = json.loads(ripe.stdout)
    assert (row["articles"], row["usual"]) == (1, pytest.approx(1 / 18, abs=0.01))
    assert row["first_mentioned_at"] == "2026-11-03T01:00:00Z"
    assert row["surprise"] > 0


def test_symbols_say_why_there_is_no_usual(record: tuple[Path, dict[str, int]]) -> None:
    path, _ = record
    young = run(path, "symbols", "--since", "2026-11-01")
    (line,) = young.stderr.splitlines()
    assert line.startswith("`usual` is empty: ")
    assert "the record begins 2026-11-02 08:00 UTC" in line
    shorter = re.search(r"--since (\d+[dh]) is short enough", line)
    assert shorter
    assert "`usual`" not in run(path, "symbols", "--since", shorter[1]).stderr
    of_then = run(path, "symbols", "--since", "2026-11-01", "--until", "2026-11-04")
    assert "it needs the 3d before --since" in of_then.stderr
    assert "short enough" not in of_then.stderr  # which depends on --until too
    ripe = run(path, "symbols", "--since", "2026-11-03T02:00Z", "--until", "2026-11-03T03:00Z")
    assert ripe.stderr == ""


def test_show_for_programs(record: tuple[Path, dict[str, int]]) -> None:
    path, ids = record
    shown = json.loads(run(path, "show", str(ids["并购"]), "--json").stdout)
    assert shown["title"] == "青屿科技拟收购临川光电全部股权"
    assert [mention["symbol"] for mention in shown["mentions"]] == ["XSHE:003977"]
    assert [revision["change"] for revision in shown["revisions"]] == ["add"]


@pytest.mark.parametrize(
    "command", [("search", "x"), ("show", "1"), ("symbols",), ("status",), ("browse",)]
)
def test_before_the_first_crawl(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(tmp_path / "news.db", *command)
    assert (done.returncode, done.stdout) == (1, "")
    assert "broadtape crawl" in done.stderr
    assert done.stderr.count("\n") == 1
