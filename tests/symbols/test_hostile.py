"""No text makes a rule slow: each takes a megabyte of what it likes least."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import lxml.html
import pytest

from pipelines.items import Source
from pipelines.symbols import find_mentions
from tests.symbols import hostile

if TYPE_CHECKING:
    import re

RULES = hostile.rules((*hostile.ANYWHERE, *hostile.AT_THE_START))
UNBOUNDED = 10_000


def test_there_are_as_many_rules_as_there_seem() -> None:
    assert len(RULES) > 100


@pytest.mark.parametrize("name", sorted(RULES))
def test_no_rule_repeats_without_bound_or_repeats_a_repetition(name: str) -> None:
    """So the steps at one place of a text have a bound, and those for a text grow with it."""
    rule: re.Pattern[str] = RULES[name]
    tree = hostile.parsed(rule)
    alone = len(tree) == 1 and len(hostile.repetitions(tree)) == 1
    for most, around in hostile.repetitions(tree):
        assert around == 1, rule.pattern
        assert most < UNBOUNDED or alone, rule.pattern


def test_a_megabyte_of_anything_ends() -> None:
    """Tens of seconds of CPU for all rules and shapes, on any machine less than CPU_LIMIT."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.symbols.hostile"], capture_output=True, encoding="utf-8"
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"after {lines[-1:]}: {done.stderr[-500:]}"
    assert len(lines) > len(RULES)


def test_the_end_of_a_long_text_is_read_too() -> None:
    text = "Nothing happened, says (the CEO: A. Nobody). " * 25_000 + "Aurelis (NYSE: IBM) rose."
    assert len(text) > 1_000_000
    source = Source(name="a", domain="a.example")
    (found,) = find_mentions(None, title=None, text=text, language=None, source=source)
    assert found.symbol == "XNYS:IBM"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://xueqiu.com/S/SH600519">{number} share</a> ',
        '<a href="https://xueqiu.com/S/SH600519">share</a><p><a href="https://xueqiu.com/S/SZ000651">'
        "{number} share</a></p>",
        '<span id="stock_sh600519"><span data-symbol="AAPL">{number}</span></span> ',
    ],
)
def test_a_page_of_nothing_but_links_ends(link: str) -> None:
    """Each of 8,000 links is looked for in an article of a megabyte, within bounds."""
    text = "Nothing of note. " * 60_000  # a megabyte
    links = "".join(link.format(number=number) for number in range(8_000))
    page = lxml.html.document_fromstring(f"<body><div>{text}{links}</div></body>")
    source = Source(name="a", domain="a.example")
    began = time.process_time()
    find_mentions(page, title=None, text=text, language=None, source=source)
    assert time.process_time() - began < 20, "within the limit of a page, with room to spare"


def test_a_table_of_thousands_of_shares_is_read_to_its_end() -> None:
    rows = [f"{number:06} Aurelis {number} rose" for number in range(600_000, 605_000)]
    links = "".join(
        f'<tr><td>{row[:6]} <a href="https://xueqiu.com/S/SH{row[:6]}">{row[7:]}</a></td></tr>'
        for row in rows
    )
    page = lxml.html.document_fromstring(f"<body><table>{links}</table></body>")
    source = Source(name="a", domain="a.example")
    found = find_mentions(
        page, title=None, text="\n".join(rows), language=None, source=source
    )  # fmt: skip
    assert {mention.code for mention in found} >= {"600000", "601999", "603000", "603999"}
