"""No text makes a rule slow: each takes a megabyte of what it likes least."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

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
