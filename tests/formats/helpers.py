"""Documents written by hand, and what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.formats import parse
from pipelines.items import Feed, FeedDocument, NotAFeed, Source

NOW = datetime(2024, 3, 8, 12, tzinfo=UTC)
URL = "https://ledger.example.com/news/feed.xml"


def feed(kind: str = "auto", zone: str | None = None) -> Feed:
    source = Source(name="Ledger", domain="ledger.example.com", timezone=zone)
    return Feed(url=URL, name="News", source=source, kind=kind)  # type: ignore[arg-type]


def read(body: bytes | str, content_type: str | None = None, **how: str) -> FeedDocument | NotAFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse(raw, url=URL, feed=feed(**how), content_type=content_type, fetched_at=NOW)


def document(body: bytes | str, content_type: str | None = None, **how: str) -> FeedDocument:
    result = read(body, content_type, **how)
    assert isinstance(result, FeedDocument), result
    return result


def rss(items: str, head: str = "") -> str:
    return f'<rss version="2.0" {head}><channel><title>Ledger</title>{items}</channel></rss>'


def item(title: str, rest: str = "", link: str = "https://ledger.example.com/1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"
