"""The extractors of others, each behind one call that gives lines of text.

Trafilatura, readability and resiliparse see copies of the one tree (or the text it was
parsed from) and may fail on it in any way: a failure here is simply no text. Each runs at
most once a page, when it is first asked for.
"""

from __future__ import annotations

import copy
import logging
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import trafilatura.core
from lxml import etree, html
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.external import SANITIZED_XPATH, compare_extraction
from trafilatura.metadata import extract_author
from trafilatura.settings import Document as TrafilaturaDocument
from trafilatura.settings import Extractor

from pipelines.extract.tree import lines_of, one_line, only

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

for noisy in ("trafilatura", "readability", "htmldate", "courlan"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

MOST_ELEMENTS = 40_000
MOST_TEXT = 2_000_000
"""Characters of an article beyond which the rest is not kept."""
MOST_MARKED = 1000
"""Elements that speak of an author beyond which none of them tells who it is."""
ATTRIBUTES = etree.XPath("//@class|//@id|//@itemprop|//@rel|//@data-testid|//@data-component")
AUTHORS = (
    "author", "byl", "username", "bbl", "zuozhe", "bianji", "xiaobian", "channel-name",
    "submitted-by", "posted-by", "journalist-name", "screenname", "writer",
)  # fmt: skip
"""What stands in an attribute, lower case, of every element that `extract_author` looks for."""
SHORT = 500
"""Characters below which trafilatura's own second opinions are always asked."""
PARAGRAPH_TEXT = etree.XPath("boolean(.//p//text())")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class Engines:
    """What each extractor makes of one page; every answer is a tuple of lines.

    On a page of more than MOST_ELEMENTS elements only the referee reads, in a second what
    takes the others minutes, and its answer stands for theirs.

    `tree` is theirs to change and must be free of comments; `text` is the tamed text that it was parsed from.
    """

    def __init__(self, tree: HtmlElement, text: str) -> None:
        self.scripts = tuple(script.text or "" for script in tree.iter("script"))
        # A fifth of their time goes into copying what none of them reads.
        etree.strip_elements(tree, "script", "style", "svg", "template", with_tail=False)
        self.tree = tree
        self.text = text
        self.is_huge = tree.xpath("count(//*)") > MOST_ELEMENTS

    @cached_property
    def precision(self) -> tuple[str, ...]:
        """Trafilatura, in doubt leaving out."""
        return self._trafilatura(_Precise(length(self.referee)))

    @cached_property
    def standard(self) -> tuple[str, ...]:
        """Trafilatura's balanced mode."""
        return self._trafilatura(Extractor(comments=False, output_format="python"))

    @cached_property
    def readability(self) -> tuple[str, ...]:
        """readability-lxml's main content."""
        if self.is_huge:
            return self.referee
        try:
            summary = _Readability(self.tree).summary(html_partial=True)
            return within(lines_of(html.fragment_fromstring(summary, create_parent="div")))
        except Exception:  # it raises whatever a page provokes
            return ()

    @cached_property
    def referee(self) -> tuple[str, ...]:
        """Resiliparse's main content: quick, keeps nearly all, and some of the rest too."""
        try:
            plain = extract_plain_text(
                self.text, main_content=True, alt_texts=False, list_bullets=False
            )
        except Exception:
            return ()
        return tidy(plain)

    @cached_property
    def byline(self) -> str:
        """The authors that trafilatura finds around the title, joined by semicolons."""
        if self.credits is None:
            return ""
        try:
            return extract_author(self.credits) or ""
        except Exception:
            return ""

    @cached_property
    def credits(self) -> HtmlElement | None:
        """Of a copy of the tree, the elements that speak of an author, with all in and above them.

        Where authors are looked for by attributes there is no need to ask all the others.
        """
        tree = copy.deepcopy(self.tree)
        values = ATTRIBUTES(tree)
        lower = [value.lower() for value in values]
        together = "\n".join(lower)
        marks = [mark for mark in AUTHORS if mark in together]
        marked = {
            values[i].getparent() for mark in marks for i, text in enumerate(lower) if mark in text
        }
        marked.update(tree.iter("author"))
        return only(tree, marked) if 0 < len(marked) <= MOST_MARKED else None

    @cached_property
    def quick(self) -> tuple[str, ...]:
        """Trafilatura's balanced mode without its own second opinions, at half the cost."""
        return self._trafilatura(Extractor(fast=True, comments=False, output_format="python"))

    def _trafilatura(self, options: Extractor) -> tuple[str, ...]:
        if self.is_huge:
            return self.referee
        try:
            found = trafilatura.bare_extraction(self.tree, options=options)
        except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError):
            return ()
        return tidy(found.text or "") if isinstance(found, TrafilaturaDocument) else ()


class _Precise(Extractor):
    """Trafilatura's precision mode, which knows how many characters the referee has."""

    __slots__ = ("referee",)

    def __init__(self, referee: int) -> None:
        super().__init__(precision=True, comments=False, output_format="python")
        self.referee = referee


def _compare(
    cleaned_tree: HtmlElement,
    raw_tree: HtmlElement,
    body: etree._Element,
    text: str,
    options: Extractor,
) -> tuple[etree._Element, str]:
    """Trafilatura's comparison of what it found with readability and justext, where it may matter.

    It takes a third of a run. What it prefers is readability where that has twice as much, or
    where ours is short, has no paragraphs or more tables than paragraphs, and justext where
    ours is short or unclean (trafilatura's external.py). None of this is so on six pages of
    seven, and no other has twice as much where the referee sees hardly more than we have.
    """
    if (
        isinstance(options, _Precise)
        and len(text) >= max(SHORT, options.referee / 1.8)
        and PARAGRAPH_TEXT(body)
        and len(body.findall(".//table")) <= len(body.findall(".//p"))
        and not body.xpath(SANITIZED_XPATH)
    ):
        return body, text
    return compare_extraction(cleaned_tree, raw_tree, body, text, options)


trafilatura.core.compare_extraction = _compare  # type: ignore[attr-defined]


class _Readability(Document):  # type: ignore[misc]
    """Readability without the scrubbing of attributes, which nobody reads here.

    Scripts, styles and comments are gone from our tree already, and only text is taken from
    what it returns; scrubbing was a third of its time.
    """

    def _parse(self, tree: HtmlElement) -> HtmlElement:
        """A copy of the tree without what is hidden."""
        tree = copy.deepcopy(tree)
        for element in tree.xpath("//*[@hidden] | //*[@style]"):
            if element.get("hidden") is not None or HIDDEN.search(element.get("style")):
                element.drop_tree()
        etree.strip_elements(tree, "link", with_tail=False)
        self.encoding = "utf-8"
        return tree

    def get_clean_html(self) -> str:
        """The chosen part of the tree, serialised."""
        markup: str = etree.tostring(self._html(), encoding="unicode", method="html")
        return markup


def tidy(text: str) -> tuple[str, ...]:
    """Text → its lines, white space collapsed, empty ones dropped, no more than MOST_TEXT."""
    return within(line for raw in text.splitlines() if (line := one_line(raw)))


def within(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines up to MOST_TEXT characters; the last of them may be cut."""
    kept: list[str] = []
    room = MOST_TEXT
    for line in lines:
        kept.append(line[:room])
        room -= len(line)
        if room <= 0:
            break
    return tuple(kept)


@lru_cache(maxsize=8)
def shingles(lines: tuple[str, ...]) -> frozenset[int]:
    """The set of runs of four characters of a text, white space left out.

    Each is a number: four UTF-16 units are eight bytes, which C takes apart at once.
    """
    dense = "".join("".join(lines).split()).encode("utf-16-le", "surrogatepass")
    dense = dense.ljust(8, b"\0")
    found: list[int] = []
    for start in range(0, 8, 2):
        end = start + (len(dense) - start) // 8 * 8
        found += memoryview(dense)[start:end].cast("Q").tolist()
    return frozenset(found)


def length(lines: tuple[str, ...]) -> int:
    """Characters of a text, line ends left out."""
    return sum(map(len, lines))


def inside(inner: frozenset[int], outer: frozenset[int]) -> float:
    """Share of `inner` that also stands in `outer`, 0 to 1; nothing is inside nothing."""
    return len(inner & outer) / len(inner) if inner else 0.0


def dice(one: frozenset[int], other: frozenset[int]) -> float:
    """Likeness of two texts, 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
