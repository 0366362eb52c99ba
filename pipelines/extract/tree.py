"""Text of a page → one lxml tree, whatever the page is like.

The parsers behind us are written in C and trust their input: a tag with a million
attributes takes libxml2 quadratic time, and two hundred thousand nested elements take the
others' stacks. Both are made harmless here, so that every later stage sees a tame tree.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from lxml.html import HtmlElement

DEEPEST = 200
"""Elements nested deeper than this are unwrapped; libxml2 itself stops at 256, or at 2048."""
BOXES = re.compile(
    r"</?(?!(?:html|head|body|title|meta|link|script|style|p|h[1-6]|br|a|img|time)\b)"
    r"[a-zA-Z][^<>]*>"
)
"""Tags of what may be nested without end; what they hold is text even without them."""
LARGEST, MOST_TAGS = 20_000_000, 300_000
"""Characters and tags of a page beyond which the rest is not read."""

LAYOUT_PARAGRAPHS = 3
"""So many paragraphs side by side are more than an item of a list holds."""

CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)
CONTROL = bytes({*range(32)} - {9, 10, 13})
HUGE_TAG = re.compile(r"<([a-zA-Z][\w:-]*)[^<>]{65536,}>?")
MOST_ATTRIBUTES = 2000
CLOSING = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


def tame(text: str) -> str:
    """Drop what no parser should see: control characters, monstrous tags, early ends.

    A page put together from parts may close `</html>` inside an included header, after
    which libxml2 reads nothing more: only the last one is kept, and not in the first half.
    """
    data = text[:LARGEST].encode("utf-8", "ignore")
    text = data.translate(None, CONTROL).decode("utf-8")
    if text.count("<") > MOST_TAGS:
        text = text[: -len(text.split("<", MOST_TAGS)[-1]) - 1]
    # Any stretch of 65,536 characters without a tag holds one of these halves of it.
    halves = (
        start
        for start in range(0, len(text) - 32767, 32768)
        if text.find("<", start, start + 32768) < 0
    )
    if any(text.rfind("<", 0, start) > text.rfind(">", 0, start) for start in halves):
        text = HUGE_TAG.sub(_without_attributes, text)
    last = max(text.rfind("</html"), text.rfind("</HTML"))
    end = last if 2 * last > len(text) else len(text)
    if max(text.find("</html", 0, end), text.find("</HTML", 0, end)) < 0:
        return text
    return CLOSING.sub("", text[:end]) + text[end:]


def _without_attributes(match: re.Match[str]) -> str:
    return match[0] if match[0].count("=") < MOST_ATTRIBUTES else f"<{match[1]}>"


def parse(text: str) -> tuple[HtmlElement, str] | None:
    """Parse tamed text; None when there is no element in it.

    Returns the tree and the text that other parsers may be given: the same, unless it was
    too deep for them.
    """
    try:
        tree, too_deep = _read(text, huge=len(text) > 5_000_000)
        if too_deep:
            tree, too_deep = _read(text, huge=True)
            if too_deep:
                tree, _ = _read(BOXES.sub(" ", text), huge=True)
            _flatten(tree)
            text = etree.tostring(tree, encoding="unicode", method="html")
        _without_layout_list(tree)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree, text


def _read(text: str, *, huge: bool) -> tuple[HtmlElement, bool]:
    """The tree, and whether libxml2 stopped reading for its depth."""
    parser = _parser(huge=huge)
    tree = html.document_fromstring(text.encode("utf-8", "surrogatepass"), parser=parser)
    return tree, any("Excessive depth" in entry.message for entry in parser.error_log)


def _parser(*, huge: bool) -> etree.HTMLParser[HtmlElement]:
    """A parser whose elements are made in C, and all of one class.

    lxml.html's own asks a Python function for the class of each, thousands of times a page.
    """
    parser: etree.HTMLParser[HtmlElement] = etree.HTMLParser(
        encoding="utf-8", remove_pis=True, huge_tree=huge
    )
    parser.set_element_class_lookup(CLASSES)
    return parser


def _flatten(tree: HtmlElement) -> None:
    """Unwrap elements deeper than DEEPEST, keeping their text."""
    deep = []
    depth = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > DEEPEST:
                deep.append(element)
        else:
            depth -= 1
    for element in reversed(deep):
        element.tag = "deep"
    etree.strip_tags(tree, "deep")


def _without_layout_list(tree: HtmlElement) -> None:
    """Make the list item that holds most of a page's paragraphs a division.

    Some publishers lay their columns out as a list; extractors take each item of a list for
    one line.
    """
    letters: Counter[HtmlElement] = Counter()
    count: Counter[HtmlElement] = Counter()
    for paragraph in tree.iter("p"):
        if (parent := paragraph.getparent()) is not None:
            letters[parent] += len(paragraph.text or "")
            count[parent] += 1
    for parent, most in letters.most_common(1):
        if count[parent] < LAYOUT_PARAGRAPHS or 2 * most < letters.total():
            return
        for element in (parent, *parent.iterancestors()):
            if element.tag in ("li", "ul", "ol"):
                element.tag = "div"


def pruned(tree: HtmlElement, paths: Sequence[str]) -> HtmlElement:
    """A copy of the tree without what these XPaths select; a wrong XPath selects nothing."""
    tree = copy.deepcopy(tree)
    for path in paths:
        with suppress(etree.XPathError):
            for element in tree.xpath(path):
                if isinstance(element, etree._Element) and element.getparent() is not None:
                    element.drop_tree()
    return tree


def without_comments(tree: HtmlElement) -> HtmlElement:
    """Remove comments and processing instructions in place, keeping the text after them."""
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    return tree


def only(tree: HtmlElement, kept: Set[HtmlElement]) -> HtmlElement:
    """Remove in place what is neither in nor above one of these elements of the tree."""
    outermost = [e for e in kept if not any(above in kept for above in e.iterancestors())]
    above = {ancestor for element in outermost for ancestor in element.iterancestors()}
    stays = above.union(outermost)
    for element in above:
        for child in list(element):
            if child not in stays:
                element.remove(child)
    return tree
