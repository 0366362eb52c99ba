"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → entries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crawler.formats.document import MOST_ENTRIES
from crawler.formats.links import absolute, unwrap
from crawler.formats.text import plain
from pipelines.characters import one_line
from pipelines.items import Entry, FeedDocument, NotAFeed

if TYPE_CHECKING:
    from crawler.formats.document import Document


def recognises(document: Document) -> bool:
    """Tell a JSON Feed by its version address, or by a list of items."""
    if document.root != "{":
        return False
    head = document.text[:4096]
    return "jsonfeed.org/version/" in head or (
        '"items"' in document.text and '"result"' not in head
    )


def read(document: Document) -> FeedDocument | NotAFeed:
    """Read the items; one that is no object is skipped and counted."""
    try:
        data = json.loads(document.text)
    except (ValueError, RecursionError) as error:
        return NotAFeed(outcome="error", reason=f"JSON that cannot be read: {error}")
    items = data.get("items")
    if not isinstance(items, list):
        return NotAFeed(outcome="not_a_feed", reason="JSON without a list of items")
    usable = [item for item in items if isinstance(item, dict)]
    defects = document.defects
    if len(usable) < len(items):
        defects += (f"{len(items) - len(usable)} items are no objects",)
    if len(usable) > MOST_ENTRIES:
        defects += (f"{len(usable)} entries, the first {MOST_ENTRIES} are read",)
    base = absolute(text_of(data.get("home_page_url")), document.url) or document.url
    version = text_of(data.get("version")) or ""
    return FeedDocument(
        format="jsonfeed" + ("-" + version.rsplit("/", 1)[-1] if "/version/" in version else ""),
        entries=tuple(_entry(item, document, base) for item in usable[:MOST_ENTRIES]),
        title=one_line(text_of(data.get("title")) or "") or None,
        site=absolute(text_of(data.get("home_page_url")), document.url),
        language=text_of(data.get("language")),
        defects=defects,
    )


def text_of(value: Any) -> str | None:
    """Give a JSON value as a string; numbers too, since ids come as numbers. Else None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def _entry(item: dict[str, Any], document: Document, base: str) -> Entry:
    html, text = text_of(item.get("content_html")), text_of(item.get("content_text"))
    own = absolute(text_of(item.get("url")), base)
    elsewhere = absolute(text_of(item.get("external_url")), base)
    link, wrapped = unwrap(own or elsewhere or "") if own or elsewhere else (None, False)
    published_raw = text_of(item.get("date_published"))
    updated_raw = text_of(item.get("date_modified"))
    published = document.moment(published_raw)
    summary = text_of(item.get("summary")) or (text if html else None)
    tags = item.get("tags")
    return Entry(
        guid=text_of(item.get("id")),
        link=link,
        title=plain(text_of(item.get("title")) or "", is_html=False) or None,
        authors=_authors(item),
        summary=plain(summary) if summary else None,
        content=html or text,
        categories=tuple(t for t in map(text_of, tags) if t) if isinstance(tags, list) else (),
        image=absolute(text_of(item.get("image")) or text_of(item.get("banner_image")), base),
        language=text_of(item.get("language")),
        published_raw=published_raw,
        published=published,
        updated_raw=updated_raw,
        updated=document.moment(updated_raw),
        flags=document.date_flags(published_raw, published)
        + (("redirect-link",) if wrapped else ()),
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    """`authors` (1.1), else `author` (1.0)."""
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    names = (text_of(person.get("name")) for person in people if isinstance(person, dict))
    return tuple(one_line(name) for name in names if name)
