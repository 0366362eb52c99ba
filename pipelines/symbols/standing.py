"""Whether an element of a page stands in the article, by the words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS: Final = frozenset(
    "p li td th dd dt h1 h2 h3 h4 h5 h6 blockquote figcaption div section article body".split()
)
_FURNITURE: Final = frozenset({"nav", "footer", "form", "select", "button"})
_SPACE: Final = re.compile(r"\s+")
_CONTEXT: Final = 10  # characters beside a link that must be the article's
_SEARCHED: Final = 2_000_000_000
"""Characters of article text, over all links of a page, in which the words beside a link are
looked for; about a second's work. Five thousand links in an article of 100,000 characters
stay below; links after that are taken for furniture."""


class Standing:
    """Tells of elements of one page whether they stand in the article with this text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._squeezed: str | None = None
        self._block: Any = None
        self._around = ""
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
        if block is element or not own or len(own) > 200:
            return False
        if block is not self._block:  # links share their blocks: its text is read once
            self._block, self._around = block, _SPACE.sub("", "".join(block.itertext()))
        return any(self._beside(at, len(own)) for at in _positions(self._around, own))

    def _beside(self, at: int, length: int) -> bool:
        around = self._around
        before, after = (
            around[max(0, at - _CONTEXT) : at],
            around[at + length : at + length + _CONTEXT],
        )
        own = around[at : at + length]
        return any(
            len(side) >= 4 and self._has(words)
            for side, words in ((before, before + own), (after, own + after))
        )

    def _has(self, words: str) -> bool:
        text = self._squeezed or ""
        self._left -= len(text)
        return self._left > 0 and words in text


def _positions(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    for _ in range(20):
        if at < 0:
            return
        yield at
        at = text.find(word, at + 1)
