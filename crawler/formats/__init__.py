"""Feed bytes → entries. The content says what a document is, not its address or its headers.

A format is a module with `recognises(document)` and `read(document)`, and its place in
`ADAPTERS`. Whatever the bytes are, `parse` returns a value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from crawler.blocks import name_blocker
from crawler.formats import jsonfeed, sina, sitemap, syndication
from crawler.formats.document import Document
from crawler.formats.unpack import LARGEST, inflate
from pipelines.characters import without_controls
from pipelines.encoding import decode
from pipelines.items import FeedDocument, NotAFeed

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.items import Entry, Feed


class Adapter(Protocol):
    """One format."""

    def recognises(self, document: Document) -> bool:
        """Tell whether the document is of this format."""

    def read(self, document: Document) -> FeedDocument | NotAFeed:
        """Read it."""


ADAPTERS: tuple[Adapter, ...] = (sitemap, sina, jsonfeed, syndication)

_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_PROLOGUE = re.compile(r"(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>")
_FEED_START = re.compile(r"<\?xml\b|<(?:[\w-]+:)?(?:rss|RDF|feed|urlset|sitemapindex)[\s>]")
_LEADING_RUBBISH = 4_096


def parse(
    body: bytes, *, url: str, feed: Feed, content_type: str | None, fetched_at: datetime
) -> FeedDocument | NotAFeed:
    """Read a feed's response body.

    `url` is where the body came from after redirects; `content_type` the header, verbatim;
    `fetched_at` (UTC) is what relative dates are counted from. Entries that nobody could
    read or fetch are left out and counted among the defects. Never raises on bad input.
    """
    result = read(body, url=url, feed=feed, content_type=content_type, fetched_at=fetched_at)
    if isinstance(result, NotAFeed):
        return result
    result = without_controls(result)
    usable = tuple(entry for entry in result.entries if _is_usable(entry))
    if husks := len(result.entries) - len(usable):
        defects = (*result.defects, f"{husks} entries say nothing")
        return replace(result, entries=usable, defects=defects)
    return result


def _is_usable(entry: Entry) -> bool:
    """Tell an entry from a husk: something to read, or an address to read at.

    An address beside nothing but an unreadable date is a publisher's empty record.
    """
    if entry.title or entry.summary or entry.content:
        return True
    dated = (entry.published or entry.updated) is not None
    return entry.link is not None and (dated or not entry.published_raw)


def read(
    body: bytes, *, url: str, feed: Feed, content_type: str | None, fetched_at: datetime
) -> FeedDocument | NotAFeed:
    """Read a document with every entry it has, husks too (see `parse`)."""
    unpacked = inflate(body)
    if unpacked is None:
        limit = LARGEST // 2**20
        return NotAFeed(outcome="error", reason=f"broken gzip, or larger than {limit} MiB")
    if not unpacked.strip(b" \t\r\n\0"):
        return NotAFeed(outcome="empty", reason="the body is empty")
    decoded = decode(unpacked, content_type)
    text, defects = _start(decoded.text)
    document = Document(
        text=text,
        root=_root(text),
        url=url,
        feed=feed,
        fetched_at=fetched_at,
        content_type=content_type,
        defects=decoded.defects + defects,
    )
    for adapter in ADAPTERS:
        if adapter.recognises(document):
            return adapter.read(document)
    return _no_feed(document, unpacked)


def _start(text: str) -> tuple[str, tuple[str, ...]]:
    """Drop what stands before the document: blank lines, marks, a warning of the server's."""
    text = text.lstrip("\ufeff\u200b\0 \t\r\n")
    if text[:1] in ("<", "{", "["):
        return text, ()
    found = _FEED_START.search(text[:_LEADING_RUBBISH])
    if found is None:
        return text, ()
    return text[found.start() :], (f"{found.start()} characters before the document",)


def _root(text: str) -> str:
    """Name the root element in lower case, `{` or `[` for JSON, "" for neither."""
    if text[:1] in ("{", "["):
        return text[0]
    if not text.startswith("<"):
        return ""
    found = _ROOT.search(_PROLOGUE.sub("", text[:16_384]))
    return found[1].lower() if found else ""


def _no_feed(document: Document, body: bytes) -> NotAFeed:
    """Say what it is instead."""
    blocker = name_blocker(200, {"content-type": document.content_type or ""}, body)
    if blocker:
        return NotAFeed(outcome="blocked", reason=blocker)
    if document.root in ("{", "["):
        return NotAFeed(outcome="error", reason=f"JSON, but no feed: {document.text[:120]}")
    if document.root in ("html", "head", "body", "div", "script", "meta"):
        title = re.search(r"(?is)<title[^>]*>\s*(.*?)\s*</title>", document.text)
        named = f": {title[1][:80]}" if title else ""
        return NotAFeed(outcome="not_a_feed", reason=f"an HTML page{named}")
    if document.root:
        return NotAFeed(outcome="not_a_feed", reason=f"XML with the root <{document.root}>")
    return NotAFeed(outcome="not_a_feed", reason=f"plain text: {document.text[:80]!r}")
