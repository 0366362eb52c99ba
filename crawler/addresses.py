"""Addresses of feeds: as a user types them, as `rsshub://` routes, as they are fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipelines.errors import CatalogueError

if TYPE_CHECKING:
    from pipelines.items import Feed

RSSHUB = "rsshub://"
_SINA = "https://feed.mix.sina.com.cn/api/roll/get?pageid={}&lid={}&k=&num=50&page=1"
_SINA_ROUTES = {"sina/finance/china": ("155", "1686"), "sina/finance/rollnews": ("384", "2519")}


def feed_url(typed: str) -> str:
    """Check the address of a feed as a user types it: http, https or rsshub.

    Raises CatalogueError with the remedy.
    """
    typed = typed.strip()
    if typed.startswith(RSSHUB) and typed.removeprefix(RSSHUB).strip("/"):
        return typed
    try:
        parts = urlsplit(typed)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise CatalogueError(f"{typed!r} is no address", "write it as https://host/path") from None
    if parts.scheme.lower() in ("http", "https") and host and not re.search(r"\s", typed):
        return typed
    if parts.scheme.lower() == "feed":
        return feed_url(re.sub(r"(?i)^feed:(?://)?(?=https?:)|^feed:", "https:", typed, count=1)
                        .replace("https:http", "http", 1))  # fmt: skip
    if "://" not in typed and "." in typed:
        raise CatalogueError(f"{typed!r} has no scheme", f"write https://{typed.lstrip('/')}")
    raise CatalogueError(
        f"{typed!r} is no feed address", "it starts with https://, http:// or rsshub://"
    )


def resolve(feed: Feed, rsshub_base: str | None) -> str:
    """Give the address to fetch a feed from; `rsshub://` routes need the user's instance.

    Raises CatalogueError where there is no instance; where Broadtape can read the origin
    itself, the remedy says so.
    """
    if not feed.url.startswith(RSSHUB):
        return feed.url
    if rsshub_base:
        route = feed.url.removeprefix(RSSHUB).strip("/")
        return f"{rsshub_base.rstrip('/')}/{quote(route, safe='/%:?=&,;@+')}"
    origin = origin_of(feed.url)
    remedy = 'set rsshub = "https://…" in broadtape.toml'
    if origin:
        remedy += f", or add the origin, which Broadtape reads itself: {origin}"
    raise CatalogueError(f"{feed.url} needs an RSSHub instance", remedy)


def origin_of(url: str) -> str | None:
    """Give what an RSSHub route reads, where Broadtape can read that itself (Sina's lists)."""
    route = url.removeprefix(RSSHUB).strip("/")
    for prefix, (page, default) in _SINA_ROUTES.items():
        if url.startswith(RSSHUB) and (route == prefix or route.startswith(prefix + "/")):
            return _SINA.format(page, route.removeprefix(prefix).strip("/") or default)
    return None
