"""Text that a page carries outside its markup: in JSON-LD, in the data of its scripts.

Pages drawn by JavaScript hold their text as JSON, sometimes as JSON within a string, or as
markup in a template; live blogs show the latest posts and state the others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree, html

from pipelines.extract.declared import unescape_json
from pipelines.extract.likeness import length, tidy
from pipelines.extract.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.extract.declared import Declared

Lines = tuple[str, ...]
STRING = re.compile(r'"((?:[^"\\]|\\.){30,20000})"')
SENTENCE = re.compile(r"[.!?…。！？」”\"']\s*$")
CODE = re.compile(r"https?://|[{}<>]|\w\(|;\w|\$\w|__")
BLOCK_MARKUP = re.compile(r"<(?:p|br|div|li|h[1-6]|table)\b", re.IGNORECASE)
TEMPLATE = re.compile(r"\s*<(?!!--)")
LARGEST_SCRIPT = 2_000_000
MOST_POSTS = 1_000


def live_updates(declared: Declared) -> Lines:
    """The posts of a live blog, headline and text, as JSON-LD lists them."""
    if not declared.is_live:
        return ()
    posts = declared.ld.get("liveBlogUpdate")
    posts = posts if isinstance(posts, list) else [posts]
    return tuple(line for post in posts[:MOST_POSTS] for line in _post(post))


def _post(post: object) -> Iterator[str]:
    if not isinstance(post, dict):
        return
    headline, text = (post.get(key) for key in ("headline", "articleBody"))
    lines = plain(text) if isinstance(text, str) else ()
    if isinstance(headline, str) and not (lines and lines[0].startswith(headline.strip())):
        yield from tidy(headline)
    yield from lines


def in_scripts(scripts: Iterable[str]) -> Lines:
    """The prose of the one script that holds most of it, in its order."""
    best: Lines = ()
    for script in scripts:
        text = script[:LARGEST_SCRIPT]
        found = plain(text) if TEMPLATE.match(text) else _strings(text)
        if length(found) > length(best):
            best = found
    return best


def _strings(text: str) -> Lines:
    """The strings of a script that are prose, each once."""
    if text.count(r"\"") > text.count('"') / 2:
        text = text.replace(r"\"", '"').replace("\\\\", "\\")
    lines: dict[str, None] = {}
    for match in STRING.finditer(text):
        for line in plain(unescape_json(match[1])):
            if len(line) >= 30 and SENTENCE.search(line) and not CODE.search(line):
                lines.setdefault(line)
    return tuple(lines)


def plain(markup: str) -> Lines:
    """Text that may hold markup or escaped markup → its lines."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    if not BLOCK_MARKUP.search(markup):
        markup = markup.replace("\n", "<br>")
    try:
        element = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        return tidy(markup)
    return tuple(lines_of(element))
