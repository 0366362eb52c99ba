"""Lines in which a Chinese page states who published, wrote and edited it.

They stand between the headline and the text, or below it, often several in one line with
the date, and extractors mostly leave them out. `来源：东海证券报 作者：林珺` → two lines, in
the form in which `pipelines.extract.people` reads them.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml.etree import XPath

from pipelines.extract.blocks import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.extract.blocks import Block

LABEL = re.compile(
    r"(?:文章|本文|稿件|新闻)?(?:来源|來源)\s*[:：]|(?:责任编辑|責任編輯|责编|编辑|作者)\s*[:：]"
)
SOURCE = re.compile(r"(?:文章|本文|稿件|新闻)?(?:来源|來源)")
SOURCES = XPath("//*[self::span or self::a][contains(concat(' ', @class, ' '), ' source ')]")
LONGEST = 100
LONGEST_NAME = 20
ABOVE, BELOW = 25, 15
"""Blocks before and after the text in which labels are looked for."""


def labelled(tree: HtmlElement, blocks: Sequence[Block], body: Sequence[str]) -> tuple[str, ...]:
    """Every label with what follows it, one a line, in page order; none without a body.

    Where no label names the source, an element whose class does is read as one.
    """
    found = [at for at in places([*body[:3], *body[-3:]], blocks) if at is not None]
    if not found:
        return ()
    first, last = min(found), max(found)
    near = (*blocks[max(0, first - ABOVE) : first + 3], *blocks[last + 1 : last + 1 + BELOW])
    lines = tuple(line for block in near for line in _labels(block.line))
    if any(SOURCE.match(line) for line in lines):
        return lines
    named = (" ".join(node.text_content().split()) for node in SOURCES(tree)[:1])
    return (*(f"来源：{name}" for name in named if 2 <= len(name) <= LONGEST_NAME), *lines)


def _labels(line: str) -> Iterator[str]:
    if len(line) > LONGEST:
        return
    starts = [match.start() for match in LABEL.finditer(line)]
    for start, end in pairwise([*starts, len(line)]):
        yield line[start:end].strip()
