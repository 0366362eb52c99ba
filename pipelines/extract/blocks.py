"""The lines of a page with the elements they stand in: where a line is, and what is beside it.

Extractors give lines of text and forget where those stood. Found again among the blocks of
the page, they tell what was lost between them, what stands above them, and how they were
marked up.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.extract.lines import LONGEST_LINK, blocks_of
from pipelines.furniture import fold, is_listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

MOST_BLOCKS = 20_000
TELLING = 15
"""Letters of a line from which on it is hardly found a second time by chance."""
WIDEST_GAP = 60
"""Blocks between two lines of an article beyond which they are no neighbours."""
MOST_IN_CARDS = 0.4
LEAST_PROSE = 40
SENTENCE_ENDS = tuple(".!?…。！？」”\"')")
BESIDE = frozenset(("h2", "h3", "h4", "h5", "li"))
"""What belongs to an article where it, or its list, stands beside two of its paragraphs."""
WHOLLY, MOSTLY = 0.9, 0.5
"""Share of links from which on a paragraph, or a heading or item, leads to another article."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line of visible text, its folded form, and the innermost block element it is in."""

    line: str
    key: str
    owner: HtmlElement

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence or more."""
        least = LEAST_PROSE if self.key.isascii() or self.key[0] < "\u2e80" else LEAST_PROSE // 3
        return len(self.key) >= least and self.line.endswith(SENTENCE_ENDS)


def read_blocks(tree: HtmlElement) -> tuple[Block, ...]:
    """Every line of visible text that has letters, in page order."""
    found = islice(blocks_of(tree), MOST_BLOCKS)
    return tuple(Block(line, key, owner) for line, owner in found if (key := fold(line)))


def places(lines: Sequence[str], blocks: Sequence[Block]) -> list[int | None]:
    """For each line the index of its block, or None; in page order, so far as the lines are."""
    index: dict[str, list[int]] = {}
    for at, block in enumerate(blocks):
        index.setdefault(block.key, []).append(at)
    found: list[int | None] = []
    last = -1
    for line in lines:
        options = index.get(fold(line), [])
        following = bisect_right(options, last)
        place = options[following if following < len(options) else 0] if options else None
        found.append(place)
        last = max(last, place or 0)
    return found


def in_cards(lines: Sequence[str], blocks: Sequence[Block]) -> frozenset[str]:
    """Of these lines, folded, those that stand in a link around a heading and more.

    None if that were much of the text: a link that is never closed holds all that follows.
    """
    wanted = {fold(line): len(line) for line in lines if len(line) <= LONGEST_LINK}
    found = {
        block.key: wanted[block.key]
        for block in blocks
        if block.key in wanted and any(map(_leads_away, islice(block.owner.iterancestors(), 4)))
    }
    much = sum(found.values()) > MOST_IN_CARDS * sum(map(len, lines))
    return frozenset() if much else frozenset(found)


def _leads_away(element: HtmlElement) -> bool:
    link = (element.get("href") or "").strip().lower() if element.tag == "a" else ""
    return bool(link) and not link.startswith(("#", "javascript:"))


def restore(lines: Sequence[str], blocks: Sequence[Block]) -> tuple[str, ...]:
    """Put back what an extractor lost between two paragraphs though it is marked up like them.

    Extractors drop paragraphs of many links, questions used as headings, and lists; of some
    paragraphs they drop the links alone. What stands between two lines of the article is the
    article if it is a paragraph like both, or a heading or list beside both; captions,
    promotions and the like are not marked up so.
    """
    text = "".join(map(fold, lines))
    kept: list[str] = []
    before: int | None = None
    unplaced = 0
    for line, at in zip(lines, places(lines, blocks), strict=True):
        if at is not None and len(blocks[at].key) > TELLING:
            if before is not None and 1 < at - before <= WIDEST_GAP:
                lost = _between(blocks[before], blocks[before + 1 : at], blocks[at])
                missing = [block for block in lost if block.key not in text]
                kept[unplaced:] = _merged(kept[unplaced:], missing)
            before = at
            unplaced = len(kept) + 1
        kept.append(line)
    return tuple(kept)


def _merged(lines: list[str], missing: Iterable[Block]) -> list[str]:
    """Lines with the missing ones in place of their own remains, or before all of them."""
    found = []
    for block in missing:
        remains = (i for i, line in enumerate(lines) if _is_remains(fold(line), block.key))
        if (at := next(remains, None)) is not None:
            lines[at] = block.line
        else:
            found.append(block.line)
    return [*found, *lines]


def _is_remains(part: str, whole: str) -> bool:
    """Whether a folded line is what is left of another that lost something from its middle."""
    if not TELLING < len(part) < len(whole):
        return False
    start, end = _shared(part, whole), _shared(part[::-1], whole[::-1])
    return start + end >= 0.8 * len(part) and max(start, end) > TELLING


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _between(before: Block, gap: Iterable[Block], after: Block) -> Iterator[Block]:
    """The blocks of a gap that are marked up as what stands before and after it."""
    for block in gap:
        owner = block.owner
        if owner.tag == "p" and block.is_prose:
            alike = _markup(owner) == _markup(before.owner) == _markup(after.owner)
            fits = alike or _parents(owner, before.owner, after.owner)
            most = WHOLLY
        else:
            list_or_heading = owner.getparent() if owner.tag == "li" else owner
            fits = owner.tag in BESIDE and _parents(list_or_heading, before.owner, after.owner)
            most = MOSTLY
        if fits and _linked_share(block) < most and not is_listed(block.line):
            yield block


def _markup(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Names and classes of an element and the two around it."""
    around = (element, *islice(element.iterancestors(), 2))
    return tuple((node.tag, node.get("class") or "") for node in around)


def _parents(one: HtmlElement | None, two: HtmlElement, three: HtmlElement) -> bool:
    """Whether three elements stand in the same one."""
    parent = one.getparent() if one is not None else None
    return parent is not None and two.getparent() is parent is three.getparent()


def _linked_share(block: Block) -> float:
    """How much of a line is links, 0 to 1."""
    return sum(len(link.text_content()) for link in block.owner.iter("a")) / len(block.line)
