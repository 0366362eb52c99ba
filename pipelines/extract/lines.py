"""An element → the lines of text that a reader sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.characters import one_line
from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

LONGEST_LINK = 300
"""Characters of a link's text beyond which it is prose that happens to be linked."""

"""Soft hyphen, zero-width space and no-break space, word joiner."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol "
    "option p pre section summary table tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
UNSEEN = frozenset(
    "script style noscript template head title iframe object embed svg math canvas select "
    "button textarea audio video map".split()
)


def lines_of(element: HtmlElement) -> list[str]:
    """The visible text of an element, a line per block, white space collapsed."""
    return [line for line, _ in blocks_of(element)]


def blocks_of(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:  # noqa: C901
    """Yield each line of visible text with the innermost block element it stands in.

    Iterative on purpose: the depth of a page must not be the depth of our stack. (lxml's own
    `iterwalk` takes half as long again.)
    """
    if element.tag in UNSEEN:
        return
    parts = [element.text or ""]
    owners = [element]
    path = [(element, iter(element))]
    while path:
        node, children = path[-1]
        for child in children:
            tag = child.tag
            if tag in UNSEEN or not isinstance(tag, str):
                parts.append(child.tail or "")
                continue
            is_block = tag in BLOCKS
            if is_block or tag == "br":
                if line := _line(parts):
                    yield line, owners[-1]
            elif tag in CELLS:
                parts.append(" ")
            if is_block:
                owners.append(child)
            parts.append(child.text or "")
            path.append((child, iter(child)))
            break
        else:
            path.pop()
            if node.tag in BLOCKS:
                if line := _line(parts):
                    yield line, owners[-1]
                owners.pop()
            if path:
                parts.append(node.tail or "")
    if line := _line(parts):
        yield line, element


def _line(parts: list[str]) -> str:
    line = one_line("".join(parts))
    parts.clear()
    return line


def link_lines(tree: HtmlElement, lines: Sequence[str]) -> frozenset[str]:
    """Of these lines, folded, those that are a link which fills a whole line of the page."""
    wanted = {fold(line) for line in lines if len(line) <= LONGEST_LINK} - {""}
    found = set()
    for link in tree.iter("a"):
        text = link.text_content()
        if not 2 <= len(text) <= LONGEST_LINK or (key := fold(text)) not in wanted:
            continue
        parent = link.getparent()
        if (
            parent is not None
            and len(parent) <= 3
            and fold(parent.text_content()[: 2 * LONGEST_LINK]) == key
        ):
            found.add(key)
    return frozenset(found)
