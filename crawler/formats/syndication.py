"""RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF → entries; the parser is feedparser.

Broken XML is mended before it is given up to feedparser's lenient reader, and of several
readings the one with most entries counts: every entry that can be read is read.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import feedparser
from feedparser.mixin import _FeedParserMixin

from crawler.formats import repair, symbols
from crawler.formats.document import MOST_ENTRIES
from crawler.formats.links import absolute, unwrap
from crawler.formats.text import one_line, plain, strip_tags
from pipelines.items import Entry, FeedDocument, NotAFeed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.formats.document import Document

_ROOTS = ("rss", "rdf", "feed", "channel", "redirect", "atom", "entry")
# Media RSS titles and descriptions are of the picture, not of the entry.
_OF_THE_PICTURE = ("media:title", "media:description")
_HTTP = re.compile(r"(?i)https?://")
_MOST_TAGS = 500_000
_FULL_TEXT = 500
_PARAGRAPH = re.compile(r"(?i)<(?:p|br|div|h[1-6]|li)\b")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
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
        _entry(item, document, channel if is_atom else {}, hints[number] if hints else ())
        for number, item in enumerate(found[:MOST_ENTRIES])
    )
    if len(found) > MOST_ENTRIES:
        defects += (f"{len(found)} entries, the first {MOST_ENTRIES} are read",)
    return FeedDocument(
        format=raw.get("version") or document.root,
        entries=entries,
        title=plain(_value(channel, "title") or "") or None,
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


def _value(item: Any, key: str) -> str | None:
    """What the document itself says; feedparser's fallbacks between keys are left out."""
    value = dict.get(item, key)
    return value if isinstance(value, str) and value.strip() else None


def _entry(item: Any, document: Document, atom: Any, hints: tuple[Any, ...]) -> Entry:
    """Read one entry; `atom` is the feed element of an Atom feed, empty for the others."""
    link, wrapped = _link(item, document.url)
    published_raw, updated_raw = _dates(item, is_atom=bool(atom))
    published = document.moment(published_raw)
    summary, content = _texts(item)
    authors = tuple(_authors(item)) or tuple(_authors(atom))  # RFC 4287, 4.2.1: inherited
    flags = document.date_flags(published_raw, published) + (("redirect-link",) if wrapped else ())
    return Entry(
        guid=_value(item, "id"),
        link=link,
        title=_title(item),
        authors=authors,
        publisher=_publisher(item, document, link, authors),
        summary=summary,
        content=content,
        categories=tuple(dict.fromkeys(_categories(item))),
        image=next(_images(item, document.url), None),
        language=_value(item, "language"),
        symbols=hints,
        published_raw=published_raw,
        published=published,
        updated_raw=updated_raw,
        updated=document.moment(updated_raw),
        flags=flags,
    )


def _title(item: Any) -> str | None:
    detail = dict.get(item, "title_detail") or {}
    kind = detail.get("type", "text/plain")
    return plain(_value(item, "title") or "", is_html=kind != "text/plain") or None


def _link(item: Any, base: str) -> tuple[str | None, bool]:
    """Choose the article's address: origLink, the HTML alternate, the guid, an enclosure."""
    links = [link for link in item.get("links", ()) if link.get("href")]
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    alternates.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    guid = _value(item, "id") if item.get("guidislink") or not alternates else None
    candidates = (
        _value(item, "feedburner_origlink"),
        _value(item, "pheedo_origlink"),
        *(link["href"] for link in alternates),
        _value(item, "link"),
        guid if guid and (item.get("guidislink") or _HTTP.match(guid)) else None,
        *(link["href"] for link in links if link.get("rel") == "enclosure"),
    )
    for candidate in candidates:
        link = absolute(candidate, base)
        if link is not None:
            return unwrap(link)
    return None, False


def _dates(item: Any, *, is_atom: bool) -> tuple[str | None, str | None]:
    """Find the raw strings of publication and update.

    RSS knows no update: its dc:date, which feedparser files under "updated", is when the
    item was published. Of Atom's `updated` that cannot be said.
    """
    published = _value(item, "published") or _value(item, "created")
    updated = _value(item, "updated")
    if published is None and not is_atom:
        return updated, None
    return published, updated


def _texts(item: Any) -> tuple[str | None, str | None]:
    """Tell the summary (plain text) from the full content (HTML)."""
    bodies = [c for c in item.get("content", ()) if c.get("value") and _is_text(c)]
    body = max((c["value"] for c in bodies), key=len, default=None)
    description = _value(item, "summary")
    if description == body:
        description = None
    detail = dict.get(item, "summary_detail") or {}
    summary = plain(description or "", is_html=detail.get("type") != "text/plain")
    if body is None and description and _is_full_text(description, summary):
        body = description
    return summary or None, body


def _is_text(content: Any) -> bool:
    kind = content.get("type", "text/html")
    return kind in ("text/html", "text/plain", "application/xhtml+xml", "html", "text", "xhtml", "")


def _is_full_text(markup: str, text: str) -> bool:
    """Tell whether a description is the article: several paragraphs, and long enough.

    A Han character weighs two letters.
    """
    weight = len(text) + len(_HAN.findall(text))
    return weight >= _FULL_TEXT and len(_PARAGRAPH.findall(markup)) >= 2


def _authors(item: Any) -> Iterator[str]:
    named = [author.get("name") for author in item.get("authors") or ()]
    for written in filter(None, named or [_value(item, "author")]):
        name = one_line(strip_tags(written))
        name = re.sub(r"(?i)^by[\s:]+", "", name)
        if name and "@" not in name:
            yield name


def _publisher(
    item: Any, document: Document, link: str | None, authors: tuple[str, ...]
) -> str | None:
    """Name the true publisher: RSS <source>, or what RSSHub's Sina routes give as author."""
    source = item.get("source") or {}
    title = plain(source.get("title") or "") if hasattr(source, "get") else ""
    if not title and document.feed.kind == "rsshub" and link and ".sina.com.cn/" in link:
        return authors[0] if authors else None
    return title or None


def _categories(item: Any) -> Iterator[str]:
    for tag in item.get("tags", ()):
        term = plain(tag.get("label") or tag.get("term") or "")
        if term and not symbols.is_symbol_scheme(tag.get("scheme")):
            yield term


def _images(item: Any, base: str) -> Iterator[str]:
    """Yield the pictures that the feed gives the entry, best first; sound and film are not."""
    media = [m for m in item.get("media_content", ()) if _is_image(m)]
    pictures = [m.get("url") for m in (*media, *item.get("media_thumbnail", ()))]
    enclosed = [e.get("href") for e in item.get("enclosures", ()) if _is_image(e)]
    own = item.get("image")
    declared = own.get("href") if hasattr(own, "get") else None
    for address in (*pictures, *enclosed, declared):
        image = absolute(address, base)
        if image is not None:
            yield image


def _is_image(media: Any) -> bool:
    kind = media.get("type") or media.get("medium") or ""
    address = str(media.get("url") or media.get("href") or "")
    return kind.startswith("image") or (
        not kind and bool(re.search(r"(?i)\.(jpe?g|png|gif|webp)\b", address))
    )
