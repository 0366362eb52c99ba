"""Whether an element of a page stands in the article, by the words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS: Final = frozenset(
    "p li td th dd dt h1 h2 h3 h4 h5 h6 blockquote figcaption div section article body".split()
)
_FURNITURE: Final = frozenset({"nav", "footer", "form", "select", "button"})
# Sina puts live quotes beside its links, which are no part of the article's text.
_PROSE = etree.XPath(
    "descendant::text()[not(ancestor::span[starts-with(@id, 'quote_')])]", smart_strings=False
)
_SPACE: Final = re.compile(r"\s+")
_CONTEXT: Final = 10  # characters beside a link that must be the article's
_POSITIONS: Final = 20  # of the same words in one block that are looked at
_SQUEEZING: Final = 20  # times the work of a search, to read the text of a block
_SEARCHED: Final = 400_000_000
"""Characters that are searched for the words beside the links of one page: a second or two at
the very worst. A table of five thousand linked shares needs less than a hundredth of it; links
after that are taken for furniture."""


class Standing:
    """Tells of elements of one page whether they stand in the article with this text.

    Quickest when asked in the order of the page: both texts are searched from where the
    element before was found.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._squeezed: str | None = None
        self._block: Any = None
        self._around = ""
        self._reached = 0  # in the block
        self._hit = 0  # in the article
        self._left = _SEARCHED

    def holds(self, element: Any) -> bool:
        """Whether some words beside the element, with its own, are the article's."""
        if self._squeezed is None:
            self._squeezed = _SPACE.sub("", self._text)
        block = element
        for ancestor in element.iterancestors():
            if ancestor.tag in _FURNITURE:
                return False
            if block is element and ancestor.tag in _BLOCKS:
                block = ancestor
        own = _SPACE.sub("", "".join(element.itertext()))
        if block is element or not own or len(own) > 200 or self._left <= 0:
            return False
        if block is not self._block:  # links share their blocks: its text is read once
            self._block, self._around = block, _SPACE.sub("", "".join(_PROSE(block)))
            self._left -= _SQUEEZING * len(self._around)
            self._reached = 0
        return any(self._beside(at, len(own)) for at in self._positions(own))

    def _positions(self, own: str) -> Iterator[int]:
        """Where the words occur in the block: first of all, where the element itself may be."""
        at = self._find(self._around, own, self._reached)
        if at < 0 and self._reached:
            at = self._find(self._around, own, 0)
        self._reached = max(at, 0)
        for _ in range(_POSITIONS):
            if at < 0:
                return
            yield at
            at = self._find(self._around, own, at + 1)

    def _beside(self, at: int, length: int) -> bool:
        around, end = self._around, at + length
        before, after = around[max(0, at - _CONTEXT) : at], around[end : end + _CONTEXT]
        own = around[at:end]
        return any(
            len(side) >= 4 and self._has(words)
            for side, words in ((before, before + own), (after, own + after))
        )

    def _has(self, words: str) -> bool:
        text = self._squeezed or ""
        at = self._find(text, words, self._hit)
        if at < 0 and self._hit:
            at = self._find(text, words, 0)
        self._hit = max(at, 0) or self._hit
        return at >= 0

    def _find(self, text: str, words: str, start: int) -> int:
        at = text.find(words, start) if self._left > 0 else -1
        self._left -= (at if at >= 0 else len(text)) - start
        return at
