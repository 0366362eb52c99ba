"""No text makes a rule slow: each takes 1 MB of what it likes least in moderate time."""

from __future__ import annotations

import re
from time import process_time

import pytest

from pipelines.items import Source
from pipelines.symbols import find_mentions, links, markup, normalise, notations

RULES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": rule
    for module in (notations, markup, normalise)
    for name, rule in vars(module).items()
    if isinstance(rule, re.Pattern)
} | {f"link.{link.host}.{number}": link.path for number, link in enumerate(links.QUOTE_LINKS)}
HOSTILE = (
    "(", "（600519", "NYSE: ", "NYSE/NYSE, ", "1", "1.", "A.", "$A", "A-", "证券代码", "指数（0",
    "-USD", "A US ", "{\"", "[(（", "sh60051", " \xa0", "/S/", "股份代号：", "LON:", ".HK", "A:",
)  # fmt: skip
SIZE = 1_000_000
SOURCE = Source(name="a", domain="a.example")


@pytest.mark.parametrize("name", sorted(RULES))
def test_work_grows_with_the_text_and_no_faster(name: str) -> None:
    """Eight times the text may cost eight times the work, not sixty-four."""
    rule = RULES[name]
    for seed in HOSTILE:
        text = (seed * (50_000 // len(seed) + 1))[:50_000]
        began = process_time()
        for _ in rule.finditer(text):
            pass
        assert process_time() - began < 2.0, seed


@pytest.mark.parametrize("seed", HOSTILE)
def test_a_megabyte_of_anything_is_read(seed: str) -> None:
    text = seed * (SIZE // len(seed))
    began = process_time()
    find_mentions(None, title=text[:500], text=text, language=None, source=SOURCE)
    assert process_time() - began < 8.0
