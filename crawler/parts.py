"""A sitemap index -> its parts, followed to a bounded depth, as one document."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler import formats
from crawler.headers import header
from pipelines.items import Failure, FeedDocument, NotAFeed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.http import Response

    from crawler.session import Session
    from pipelines.items import Feed

MAX_DEPTH = 2
MAX_PARTS = 12


async def follow_parts(
    session: Session,
    feed: Feed,
    document: FeedDocument,
    fetch: Callable[[str], Awaitable[Response | Failure]],
) -> FeedDocument:
    """Fetch what a document refers to and add its entries; what cannot be had is a defect.

    At most MAX_PARTS documents are fetched, MAX_DEPTH levels down, each address once.
    """
    entries, defects = list(document.entries), list(document.defects)
    seen: set[str] = set()
    level = list(document.more)
    for _ in range(MAX_DEPTH):
        wanted = [url for url in dict.fromkeys(level) if url not in seen]
        wanted = wanted[: MAX_PARTS - len(seen)]
        seen.update(wanted)
        found = await asyncio.gather(*(_part(session, feed, url, fetch) for url in wanted))
        level = []
        for part in found:
            if isinstance(part, FeedDocument):
                entries += part.entries
                defects += part.defects
                level += part.more
            else:
                defects.append(part)
    return replace(document, entries=tuple(entries), defects=tuple(defects), more=())


async def _part(
    session: Session,
    feed: Feed,
    url: str,
    fetch: Callable[[str], Awaitable[Response | Failure]],
) -> FeedDocument | str:
    """One part, or why it could not be had."""
    response = await fetch(url)
    if isinstance(response, Failure):
        return f"{url}: {response.reason}"
    if response.status != 200:
        return f"{url}: HTTP {response.status}"
    parsed = await session.workers.run(
        formats.parse,
        response.body,
        url=response.url,
        feed=feed,
        content_type=header(response, b"Content-Type"),
        fetched_at=datetime.now(UTC),
    )
    if isinstance(parsed, Failure | NotAFeed):
        return f"{url}: {parsed.reason}"
    return parsed
