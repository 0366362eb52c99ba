"""One item of a syndication feed, as feedparser hands it over → `Entry`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.formats import symbols
from crawler.formats.links import absolute, unwrap
from crawler.formats.text import plain, strip_tags
from pipelines.characters import one_line
from pipelines.items import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.formats.document import Document

_HTTP = re.compile(r"(?i)https?://")
_FULL_TEXT = 500
_PARAGRAPH = re.compile(r"(?i)<(?:p|br|div|h[1-6]|li)\b")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def value_of(item: Any, key: str) -> str | None:
    """What the document itself says; feedparser's fallbacks between keys are left out."""
    value = dict.get(item, key)
    return value if isinstance(value, str) and value.strip() else None


def entry_of(item: Any, document: Document, atom: Any, hints: tuple[Any, ...]) -> Entry:
    """Read one entry; `atom` is the feed element of an Atom feed, empty for the others."""
    link, wrapped = _link(item, document.url)
    published_raw, updated_raw = _dates(item, is_atom=bool(atom))
    published = document.moment(published_raw)
    summary, content = _texts(item)
    authors = tuple(_authors(item)) or tuple(_authors(atom))  # RFC 4287, 4.2.1: inherited
    flags = document.date_flags(published_raw, published) + (("redirect-link",) if wrapped else ())
    return Entry(
        guid=value_of(item, "id"),
        link=link,
        title=_title(item),
        authors=authors,
        publisher=_publisher(item, document, link, authors),
        summary=summary,
        content=content,
        categories=tuple(dict.fromkeys(_categories(item))),
        image=next(_images(item, document.url), None),
        language=value_of(item, "language"),
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
    return plain(value_of(item, "title") or "", is_html=kind != "text/plain") or None


def _link(item: Any, base: str) -> tuple[str | None, bool]:
    """Choose the article's address: origLink, the HTML alternate, the guid, an enclosure."""
    links = [link for link in item.get("links", ()) if link.get("href")]
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    alternates.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    guid = value_of(item, "id") if item.get("guidislink") or not alternates else None
    candidates = (
        value_of(item, "feedburner_origlink"),
        value_of(item, "pheedo_origlink"),
        *(link["href"] for link in alternates),
        value_of(item, "link"),
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
    published = value_of(item, "published") or value_of(item, "created")
    updated = value_of(item, "updated")
    if published is None and not is_atom:
        return updated, None
    return published, updated


def _texts(item: Any) -> tuple[str | None, str | None]:
    """Tell the summary (plain text) from the full content (HTML)."""
    bodies = [c for c in item.get("content", ()) if c.get("value") and _is_text(c)]
    body = max((c["value"] for c in bodies), key=len, default=None)
    description = value_of(item, "summary")
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
    for written in filter(None, named or [value_of(item, "author")]):
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
