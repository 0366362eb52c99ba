"""The Sina roll API (feed.mix.sina.com.cn/api/roll/get): JSON → entries.

This is what RSSHub's Sina routes read; Broadtape reads it itself. As there, an item's time
is `intime` (when it entered the list), and the link is the https one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.formats.document import MOST_ENTRIES
from crawler.formats.jsonfeed import text_of
from crawler.formats.links import absolute
from crawler.formats.text import plain
from pipelines.items import Entry, FeedDocument, NotAFeed

if TYPE_CHECKING:
    from crawler.formats.document import Document

_JSONP = re.compile(r"^[\w.$]*\s*\(\s*(\{.*\})\s*\)\s*;?\s*$", re.S)


def recognises(document: Document) -> bool:
    """Tell Sina's answer by its envelope `{"result": {…}}`, bare or as JSONP."""
    return '"result"' in document.text[:4096] and (
        document.root == "{" or (document.root == "" and _JSONP.match(document.text) is not None)
    )


def read(document: Document) -> FeedDocument | NotAFeed:
    """Read the list; an error that the API reports in JSON is an error, not an empty list."""
    wrapped = _JSONP.match(document.text)
    try:
        data = json.loads(wrapped[1] if wrapped else document.text)
    except (ValueError, RecursionError) as error:
        return NotAFeed(outcome="error", reason=f"JSON that cannot be read: {error}")
    result = data.get("result")
    if not isinstance(result, dict):
        return NotAFeed(outcome="not_a_feed", reason="JSON of an unknown kind")
    refused = _refusal(result)
    if refused:
        return NotAFeed(outcome="error", reason=refused)
    rows = result.get("data")
    items = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return FeedDocument(
        format="sina-roll",
        entries=tuple(_entry(item, document) for item in items[:MOST_ENTRIES]),
        language="zh-CN",
        defects=document.defects,
    )


def _refusal(result: dict[str, Any]) -> str | None:
    status = result.get("status")
    if not isinstance(status, dict) or text_of(status.get("code")) in (None, "0"):
        return None
    return f"the API answers {status.get('code')}: {text_of(status.get('msg')) or 'no reason'}"


def _entry(item: dict[str, Any], document: Document) -> Entry:
    raw = text_of(item.get("intime")) or text_of(item.get("ctime"))
    updated_raw = text_of(item.get("mtime"))
    published = document.moment(raw)
    link = absolute(text_of(item.get("url")), document.url)
    keywords = text_of(item.get("keywords")) or ""
    media = text_of(item.get("media_name"))
    return Entry(
        guid=text_of(item.get("docid")) or text_of(item.get("oid")),
        link=link.replace("http://", "https://", 1) if link else None,
        title=plain(text_of(item.get("title")) or text_of(item.get("stitle")) or "") or None,
        authors=tuple(filter(None, (text_of(item.get("author")),))),
        publisher=media,
        summary=plain(text_of(item.get("intro")) or text_of(item.get("summary")) or "") or None,
        categories=tuple(word for word in re.split(r"[,，;；]\s*", keywords) if word),
        image=_image(item, document.url),
        published_raw=raw,
        published=published,
        updated_raw=updated_raw,
        updated=document.moment(updated_raw),
        flags=document.date_flags(raw, published),
    )


def _image(item: dict[str, Any], base: str) -> str | None:
    """`img` is an object {"u": …} where there is a picture, and an empty list where not."""
    image = item.get("img")
    if isinstance(image, dict):
        return absolute(text_of(image.get("u")), base)
    pictures = item.get("images")
    if isinstance(pictures, list) and pictures and isinstance(pictures[0], dict):
        return absolute(text_of(pictures[0].get("u")), base)
    return None
