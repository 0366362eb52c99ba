"""Boxes: parts of a page that are named for what they are, and are not the article.

A line is boxed if it stands in an element whose class or id says "newsletter", "author bio"
and the like, and if that element holds but a small part of the text: some sites name the
article's own container so.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.extract.blocks import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.extract.blocks import Block

NAMED = re.compile(
    r"(?:^|[\s_-])(?:newsletters?|sign-?up|subscribe|cta|comments?|author|bio|popular|trending|"
    r"promo|related|recommend(?:ed|ations)?|copyright|captions?|donat(?:e|ions?)|breadcrumbs?|"
    r"pagination)(?=$|[\s_-])",
    re.IGNORECASE,
)
NEAREST = 5
"""Elements, from a line outward, whose names are read."""
MOST = 0.3
"""Share of the text from which on an element, or all of them, are no boxes but the article."""


def boxed(lines: Sequence[str], blocks: Sequence[Block]) -> frozenset[str]:
    """The folded lines that stand in a box; none if that were a good part of the text."""
    found = [blocks[at] for at in places(lines, blocks) if at is not None]
    held: Counter[HtmlElement] = Counter()
    for block in found:
        for node in _around(block):
            held[node] += len(block.line)
    total = sum(map(len, lines))
    inside = {
        block.key: len(block.line)
        for block in found
        if any(held[node] < MOST * total and _is_named(node) for node in _around(block))
    }
    return frozenset(inside) if sum(inside.values()) < MOST * total else frozenset()


def _around(block: Block) -> Iterator[HtmlElement]:
    yield block.owner
    yield from islice(block.owner.iterancestors(), NEAREST - 1)


def _is_named(node: HtmlElement) -> bool:
    return NAMED.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None
