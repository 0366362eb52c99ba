"""The standfirst (deck): the sentence under the headline that sums the article up.

Publishers repeat it as the page's description, or mark it by a class that says what it is.
The one is believed wherever the page shows it outside the body, the other only between the
headline and the body; whether a standfirst belongs to the body is a convention, so it has a
field of its own. A description that breaks off is no
standfirst: it is cut from the first paragraph, which `lead` gives back where it was lost.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.extract.blocks import places
from pipelines.furniture import fold, is_listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pipelines.extract.blocks import Block
    from pipelines.extract.declared import Declared

LEAST = 40
LEAST_CJK = 15
LONGEST = 900
NEAREST_BLOCKS = 40
"""Blocks before the body in which a standfirst is looked for."""
BEGINNING = 40
"""Letters of a description that tell the paragraph it was cut from."""

# What publishers call it in their classes, in English and the languages of the corpora.
MARKED = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|intro|introduction|teaser|stand-?first|dek|deck|excerpt|summary|"
    r"abstract|sub-?title|sub_title|sub-?head(?:line|ing)?|synopsis|strapline|preamble|chapo|"
    r"chapeau|vorspann|ingress|manchet|bajada|entradilla|copete|sommario|catenaccio|perex|"
    r"zajawka)(?=$|[\s_-])|(?:Lead|Intro|Teaser|Standfirst|Excerpt|Summary|Subtitle|SubTitle|"
    r"Chapo|Vorspann|Ingress|Dek)(?![a-z])"
)
NOT_IT = re.compile(
    r"caption|credit|photo|image|comment|newsletter|author|byline|promo|widget|sidebar|footer|"
    r"sign-?up|subscri|paywall|gat(?:e|ing)|hidden|disclaimer|related|source|\bai[_-]|news_sum",
    re.IGNORECASE,
)


def choose_standfirst(
    declared: Declared, body: Sequence[str], blocks: Sequence[Block], *, titles: Iterable[str]
) -> str | None:
    """Return the lines above the body that sum it up, joined by a space, or None."""
    text = "".join(map(fold, body))
    names = {fold(title) for title in titles} - {""}
    shown = {block.key: block for block in reversed(blocks)}
    for claim in map(fold, _descriptions(declared)):
        block = shown.get(claim)
        if block and claim not in names and claim not in text and _fits(block):
            return block.line
    above = _above(_first(body, blocks), blocks, names)
    marked = (block for block in above if _fits(block) and _is_marked(block, names))
    return " ".join(block.line for block in islice(marked, 3) if block.key not in text) or None


def lead(declared: Declared, body: Sequence[str], blocks: Sequence[Block]) -> tuple[str, ...]:
    """The body with the first paragraph before it, where the page's description tells of one lost.

    The description must break off (`…`) and be the beginning of a longer paragraph which
    stands before the body and is no part of it.
    """
    first = _first(body, blocks)
    cut = {
        fold(claim)[:200]
        for claim in _descriptions(declared)
        if claim.endswith(("…", "...")) and len(fold(claim)) >= BEGINNING
    }
    text = "".join(map(fold, body))
    for block in blocks[:first] if cut else ():
        begins = any(block.key.startswith(beginning) for beginning in cut)
        if begins and block.is_prose and block.key not in text:
            return (block.line, *body)
    return tuple(body)


def _above(first: int, blocks: Sequence[Block], names: Collection[str]) -> Sequence[Block]:
    """The blocks between the headline and the one in which the body begins."""
    near = blocks[max(0, first - NEAREST_BLOCKS) : first]
    start = max((at + 1 for at, block in enumerate(near) if block.key in names), default=0)
    return near[start:]


def _first(body: Sequence[str], blocks: Sequence[Block]) -> int:
    """The index of the block in which the body begins; 0 where it is not found."""
    return next((at for at in places(body[:3], blocks) if at is not None), 0)


def _descriptions(declared: Declared) -> Iterator[str]:
    for claim in (
        declared.first("description"),
        declared.first("og:description"),
        declared.first("twitter:description"),
        declared.ld_text("description"),
        declared.ld_text("alternativeHeadline"),
    ):
        if claim:
            yield claim


def _fits(block: Block) -> bool:
    least = LEAST_CJK if block.key[0] > "\u2e7f" else LEAST
    return len(block.key) >= least and len(block.line) <= LONGEST


def _is_marked(block: Block, names: Iterable[str]) -> bool:
    """Whether the block or the one around it bears a class of a standfirst, and is no title."""
    parent = block.owner.getparent()
    classes = " ".join(
        f"{node.get('class') or ''} {node.get('id') or ''}"
        for node in (block.owner, parent)
        if node is not None
    )
    return (
        block.is_prose
        and block.owner.tag not in {"figcaption", "li", "dd", "dt", "td"}
        and MARKED.search(classes) is not None
        and NOT_IT.search(classes) is None
        and not is_listed(block.line)
        and not any(len(name) > LEAST_CJK and name in block.key for name in names)
    )
