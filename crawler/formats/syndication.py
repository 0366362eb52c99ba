"""RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF → entries; the parser is feedparser.

Broken XML is mended before it is given up to feedparser's lenient reader, and of several
readings the one with most entries counts: every entry that can be read is read.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import feedparser
from feedparser.mixin import _FeedParserMixin

from crawler.formats import repair, symbols
from crawler.formats.document import MOST_ENTRIES
from crawler.formats.items import entry_of, value_of
from crawler.formats.links import absolute
from crawler.formats.text import plain
from pipelines.items import FeedDocument, NotAFeed

if TYPE_CHECKING:
    from crawler.formats.document import Document

_ROOTS = ("rss", "rdf", "feed", "channel", "redirect", "atom", "entry")
# Media RSS titles and descriptions are of the picture, not of the entry.
_OF_THE_PICTURE = ("media:title", "media:description")
_MOST_TAGS = 500_000
_PERIODS = {
    "hourly": 3600,
    "daily": 86400,
    "weekly": 604800,
    "monthly": 2592000,
    "yearly": 31536000,
}


# A guid is an opaque string (RSS 2.0; RFC 4287 §4.2.6). Resolved against the address the feed
# came from, as feedparser does, it would change with every mirror.
_FeedParserMixin.can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}


def recognises(document: Document) -> bool:
    """Tell a syndication feed by its root element."""
    return document.root in _ROOTS


def read(document: Document) -> FeedDocument | NotAFeed:
    """Read the entries; ill-formed XML is a defect, not a failure."""
    if document.text.count("<") > _MOST_TAGS:
        return NotAFeed(outcome="error", reason="more markup than any feed has")
    try:
        raw, defects = _parse(document)
    except repair.TooDeep:
        return NotAFeed(outcome="error", reason="elements nested deeper than in any feed")
    if (
        not raw["entries"]
        and not raw.get("version")
        and document.root not in ("rss", "rdf", "feed")
    ):
        return NotAFeed(outcome="not_a_feed", reason=f"XML with the root <{document.root}>")
    return _document(raw, document, defects)


def _parse(document: Document) -> tuple[Any, tuple[str, ...]]:
    """Run feedparser, on mended text where the text as it came is not well-formed."""
    text = repair.without_declaration(document.text)
    for name in _OF_THE_PICTURE:
        text = repair.without_element(text, name)
    fault = repair.fault_of(text)
    result = run_feedparser(text, document.url)
    if fault is None:
        return result, ()
    clean = repair.mended(repair.printable(text))
    if clean != text:
        second = run_feedparser(clean, document.url)
        if len(second["entries"]) >= len(result["entries"]):
            result = second
    return result, (fault,)


def run_feedparser(text: str, url: str) -> Any:
    """Parse text with feedparser, which sees UTF-8 and the address it came from, nothing else."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    return feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)


def _document(raw: Any, document: Document, defects: tuple[str, ...]) -> FeedDocument:
    channel, found = raw["feed"], raw["entries"]
    hints = symbols.of_items(document.text, len(found))
    is_atom = str(raw.get("version") or "").startswith("atom")
    entries = tuple(
        entry_of(item, document, channel if is_atom else {}, hints[number] if hints else ())
        for number, item in enumerate(found[:MOST_ENTRIES])
    )
    if len(found) > MOST_ENTRIES:
        defects += (f"{len(found)} entries, the first {MOST_ENTRIES} are read",)
    return FeedDocument(
        format=raw.get("version") or document.root,
        entries=entries,
        title=plain(value_of(channel, "title") or "") or None,
        site=absolute(channel.get("link"), document.url),
        language=channel.get("language") or None,
        hint_s=_hint(channel),
        defects=document.defects + defects,
    )


def _hint(channel: Any) -> int | None:
    """Seconds between polls that the feed asks for: the larger of <ttl> and sy:updatePeriod."""
    hints = [0]
    ttl = str(channel.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit():
        hints.append(int(ttl[:6]) * 60)
    period = _PERIODS.get(str(channel.get("sy_updateperiod") or "").strip().lower(), 0)
    frequency = str(channel.get("sy_updatefrequency") or "1").strip()
    if frequency.isascii() and frequency.isdigit() and int(frequency) > 0:
        hints.append(period // int(frequency))
    return max(hints) or None
