"""HTML fragments of feeds → plain text."""

from __future__ import annotations

import html
import re
from typing import Any

from pipelines.characters import one_line

_DROPPED = re.compile(
    r"(?is)<(script|style|iframe|noscript)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)"
)
_BLOCK = re.compile(
    r"(?i)</?(?:p|div|br|li|ul|ol|tr|td|table|h[1-6]|blockquote|section|article|figure|hr)\b[^<>]*>"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[!?][^<>]*>")
_KNOWN_TAG = re.compile(
    r"(?i)</?(?:p|br|div|span|a|b|i|em|strong|u|img|ul|ol|li|h[1-6]|table|td|tr|font|sub|sup|small|"
    r"blockquote|figure|iframe|hr|center|cite|code|pre|strike|q)(?:\s[^<>]*)?/?>"
)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def local_name(element: Any) -> str:
    """Name an lxml element without its namespace, in lower case; "" for comments and the like.

    A prefix that was never declared stays part of the name in recovered XML.
    """
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def strip_tags(markup: str) -> str:
    """Plain text of HTML: blocks become line ends, entities are decoded once."""
    if "<" in markup:
        markup = _DROPPED.sub(" ", markup)
        markup = _TAG.sub("", _BLOCK.sub("\n", markup))
    return html.unescape(markup)


def plain(markup: str, *, is_html: bool = True) -> str:
    """One line of plain text.

    Markup escaped twice (tags still there after decoding once) is stripped again: no
    headline is about `<p>`.
    """
    text = strip_tags(markup) if is_html else markup
    if _KNOWN_TAG.search(text) or _ENTITY.search(text):
        text = strip_tags(text)
    return one_line(text)
