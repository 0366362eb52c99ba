"""Sitemaps (sitemaps.org 0.9) with Google's News and Image extensions → entries.

Elements are matched by local name: the extensions are found under several namespaces. A
sitemap index has no entries, only addresses of further documents; a plain sitemap lists a
whole site, of which the recent addresses are news.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lxml import etree

from crawler.formats import repair, symbols
from crawler.formats.document import MOST_ENTRIES
from crawler.formats.links import absolute
from crawler.formats.text import local_name, plain
from pipelines.characters import one_line
from pipelines.items import Entry, FeedDocument, NotAFeed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.formats.document import Document

RECENT = timedelta(days=3)
"""How old an address of a plain sitemap, or a part of an index, may be to be news."""

SHORT = 100
"""A plain sitemap of no more addresses is a list of the latest, and is read whole."""

MOST_PARTS = 10
"""Further sitemaps of one index that are followed."""


def recognises(document: Document) -> bool:
    """Tell a sitemap or an index by its root element."""
    return document.root in ("urlset", "sitemapindex")


def read(document: Document) -> FeedDocument | NotAFeed:
    """Read the addresses, with titles and dates where the News extension gives them."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False
    )
    text = repair.mended(repair.printable(repair.without_declaration(document.text)))
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return NotAFeed(outcome="error", reason=f"a sitemap that cannot be read: {error}")
    if root is None:
        return NotAFeed(outcome="error", reason="a sitemap that cannot be read")
    defects = document.defects
    if parser.error_log and (fault := parser.error_log[0].message):
        defects += (f"not well-formed: {fault}",)
    if document.root == "sitemapindex":
        return FeedDocument(
            format="sitemap-index", entries=(), defects=defects, more=_parts(root, document)
        )
    return _urlset(root, document, defects)


def _urlset(root: etree._Element, document: Document, defects: tuple[str, ...]) -> FeedDocument:
    urls = list(root.iterchildren("{*}url"))
    with_news = any(url.find("{*}news") is not None for url in urls)
    entries = [entry for url in urls if (entry := _entry(url, document)) is not None]
    if not with_news and len(urls) > SHORT:
        entries = [entry for entry in entries if _is_recent(entry, document)]
    if len(entries) > MOST_ENTRIES:
        defects += (f"{len(entries)} entries, the newest {MOST_ENTRIES} are read",)
        entries.sort(key=lambda e: e.published.at.timestamp() if e.published else 0, reverse=True)
    return FeedDocument(
        format="news-sitemap" if with_news else "sitemap",
        entries=tuple(entries[:MOST_ENTRIES]),
        defects=defects,
    )


def _is_recent(entry: Entry, document: Document) -> bool:
    changed = entry.updated
    return changed is not None and changed.at >= document.fetched_at - RECENT


def _fields(element: etree._Element) -> dict[str, str]:
    """Collect the texts of an element's descendants by local name; the first of each counts."""
    fields: dict[str, str] = {}
    for child in element.iterdescendants(etree.Element):
        if isinstance(child.tag, str) and (child.text or "").strip():
            fields.setdefault(local_name(child), (child.text or "").strip())
    return fields


def _entry(url: etree._Element, document: Document) -> Entry | None:
    address = url.findtext("{*}loc")
    link = absolute(address, document.url)
    if link is None:
        return None
    news = next((_fields(child) for child in url.iterchildren("{*}news")), {})
    picture = next((_fields(child) for child in url.iterchildren("{*}image")), {})
    raw, updated_raw = (
        news.get("publication_date"),
        (url.findtext("{*}lastmod") or "").strip() or None,
    )
    published = document.moment(raw)
    return Entry(
        link=link,
        title=plain(news.get("title", "")) or None,
        publisher=one_line(news.get("name", "")) or None,
        categories=tuple(_keywords(news)),
        image=absolute(picture.get("loc"), document.url),
        language=news.get("language"),
        symbols=symbols.split(news.get("stock_tickers", ""), "stock_tickers"),
        published_raw=raw,
        published=published,
        updated_raw=updated_raw,
        updated=document.moment(updated_raw),
        flags=document.date_flags(raw, published),
    )


def _keywords(news: dict[str, str]) -> Iterator[str]:
    for word in news.get("keywords", "").split(","):
        if word.strip():
            yield one_line(word)


def _parts(root: etree._Element, document: Document) -> tuple[str, ...]:
    """List the sitemaps of an index that may hold news, newest first.

    Those without a date might, so they follow the dated ones, news maps first.
    """
    dated: list[tuple[float, str]] = []
    undated: list[str] = []
    for element in root.iterchildren("{*}sitemap"):
        address = absolute(element.findtext("{*}loc"), document.url)
        moment = document.moment((element.findtext("{*}lastmod") or "").strip())
        if address is None:
            continue
        if moment is None:
            undated.append(address)
        elif moment.at >= document.fetched_at - RECENT:
            dated.append((-moment.at.timestamp(), address))
    undated.sort(key=lambda address: "news" not in address.lower())
    return tuple(dict.fromkeys([address for _, address in sorted(dated)] + undated))[:MOST_PARTS]
