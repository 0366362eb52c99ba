"""Where a site keeps its feeds: link tags, links that look like feeds, robots.txt, common paths.

Pure: the caller fetches the page, `/robots.txt` and then what is proposed here, and lets
`crawler.check` say which of it is a feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from crawler.formats.links import absolute
from pipelines.characters import one_line
from pipelines.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml",
          "application/feed+json", "application/json", "application/xml", "text/xml")  # fmt: skip
_LOOKS_LIKE_A_FEED = re.compile(r"(?i)(?:^|[/._?=-])(?:rss|atom|feeds?|rdf)(?:[/._?&=-]|$|\d|xml)")
_SITEMAP = re.compile(r"(?im)^\s*sitemap\s*:\s*(\S+)")
_COMMON = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json",
           "/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml")  # fmt: skip
_MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed, and why it is believed to be."""

    url: str
    title: str | None
    why: Literal["link tag", "link", "robots.txt", "common path"]


def candidates(
    body: bytes, url: str, *, content_type: str | None = None, robots: bytes | None = None
) -> tuple[Candidate, ...]:
    """List what may be feeds of a page, likeliest first, each address once.

    `body` is the page at `url`; `robots` the host's robots.txt where it could be had.
    """
    found: dict[str, Candidate] = {}
    for candidate in (*_of_page(body, url, content_type), *_of_robots(robots, url), *_common(url)):
        if candidate.url.rstrip("/") != url.rstrip("/"):
            found.setdefault(candidate.url, candidate)
    return tuple(found.values())


def _of_page(body: bytes, url: str, content_type: str | None) -> Iterator[Candidate]:
    text = decode(body, content_type).text
    try:
        page = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError):
        return
    base = urljoin(url, next(iter(page.xpath("//base/@href")), ""))
    for link in page.iter("link"):
        rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower()
        address = absolute(link.get("href"), base)
        declared = "feed" in rel or ("alternate" in rel and kind.split(";")[0].strip() in _TYPES)
        if declared and address and "wp-json" not in address and "oembed" not in address:
            yield Candidate(address, one_line(link.get("title") or "") or None, "link tag")
    yield from _of_anchors(page, base)


def _of_anchors(page: lxml.html.HtmlElement, base: str) -> Iterator[Candidate]:
    count = 0
    for anchor in page.iter("a"):
        address = absolute(anchor.get("href"), base)
        if address and _LOOKS_LIKE_A_FEED.search(address.split("//", 1)[1].partition("/")[2]):
            yield Candidate(address, one_line(anchor.text_content())[:80] or None, "link")
            count += 1
        if count >= _MOST_LINKS:
            return


def _of_robots(robots: bytes | None, url: str) -> Iterator[Candidate]:
    """Sitemaps named in robots.txt (RFC 9309 §2.2.4), those of news first."""
    text = decode(robots, "text/plain; charset=utf-8").text if robots else ""
    addresses = [a for a in (absolute(m, url) for m in _SITEMAP.findall(text)) if a]
    for address in sorted(addresses, key=lambda a: "news" not in a.lower()):
        yield Candidate(address, None, "robots.txt")


def _common(url: str) -> Iterator[Candidate]:
    for path in _COMMON:
        address = absolute(path, url)
        if address:
            yield Candidate(address, None, "common path")
