"""The extractors of others, each behind one call that gives lines of text.

Trafilatura, readability and resiliparse see copies of the one tree (or the text it was
parsed from) and may fail on it in any way: a failure here is simply no text. Each runs at
most once a page, when it is first asked for.
"""

from __future__ import annotations

import copy
import logging
import re
from functools import cached_property
from typing import TYPE_CHECKING

import trafilatura.core
from lxml import etree, html
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.external import SANITIZED_XPATH, compare_extraction
from trafilatura.metadata import extract_author
from trafilatura.settings import Document as TrafilaturaDocument
from trafilatura.settings import Extractor

from pipelines.extract.likeness import MOST_TEXT, length, tidy, within
from pipelines.extract.lines import lines_of
from pipelines.extract.tree import only

if TYPE_CHECKING:
    from lxml.html import HtmlElement

for noisy in ("trafilatura", "readability", "htmldate", "courlan"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

MOST_ELEMENTS = 40_000
MOST_MARKED = 1000
"""Elements that speak of an author beyond which none of them tells who it is."""
# Apart, for a union compares every attribute with every other.
ATTRIBUTES = [
    etree.XPath(f"descendant::*/@{name}")
    for name in ("class", "id", "itemprop", "rel", "data-testid", "data-component")
]
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

    On a page of more than MOST_ELEMENTS elements, or MOST_TEXT, only the referee reads, in a second what
    takes the others minutes, and its answer stands for theirs.

    `tree` is theirs to change and must be free of comments; `text` is the tamed text that it was parsed from.
    """

    def __init__(self, tree: HtmlElement, text: str) -> None:
        self.scripts = tuple(script.text or "" for script in tree.iter("script"))
        # A fifth of their time goes into copying what none of them reads.
        etree.strip_elements(tree, "script", "style", "svg", "template", with_tail=False)
        self.tree = tree
        self.text = text
        self.is_huge = (
            tree.xpath("count(//*)") > MOST_ELEMENTS or tree.xpath("string-length()") > MOST_TEXT
        )

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
        if self.is_huge:
            return None
        tree = copy.deepcopy(self.tree)
        values = [value for attribute in ATTRIBUTES for value in attribute(tree)]
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
        """Trafilatura's balanced mode once over, at a third of the cost.

        Without its second opinions, and without the second run in recall mode that it makes
        where the first found little: 250 characters are little in English only.
        """
        options = Extractor(fast=True, comments=False, output_format="python")
        options.focus = "once"  # "balanced" is what asks for the second run
        return self._trafilatura(options)

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
