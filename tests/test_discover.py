"""Finding a site's feeds, and saying what one would give."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.check import check_feed, describe
from crawler.discover import candidates
from pipelines.items import Feed, Source

PAGE = b"""<html><head><base href="https://ledger.example.com/en/">
<link rel="alternate" type="application/rss+xml" title="Markets" href="markets.xml">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" href="/x.css"></head>
<body><a href="/rss/economy">Economy (RSS)</a>
<a href="/story/feeding-ships">Story</a></body></html>"""


def test_link_tags_first_then_links_robots_and_common_paths() -> None:
    robots = (
        b"User-agent: *\nSitemap: /sitemap.xml\nsitemap: https://ledger.example.com/news-map.xml\n"
    )
    found = candidates(PAGE, "https://ledger.example.com/en/home", robots=robots)
    assert [(c.url.removeprefix("https://ledger.example.com"), c.why) for c in found[:5]] == [
        ("/en/markets.xml", "link tag"),
        ("/rss/economy", "link"),
        ("/news-map.xml", "robots.txt"),
        ("/sitemap.xml", "robots.txt"),
        ("/feed", "common path"),
    ]
    assert found[0].title == "Markets"
    assert len({c.url for c in found}) == len(found)


def test_a_page_that_is_none_still_gets_the_common_paths() -> None:
    assert candidates(b"", "https://ledger.example.com/")[0].why == "common path"


FEED = Feed(
    url="https://ledger.example.com/f", name="x", source=Source(name="x", domain="example.com")
)
NOW = datetime(2024, 3, 8, 12, tzinfo=UTC)


def check(body: bytes) -> list[str]:
    return describe(check_feed(FEED, body, url=FEED.url, content_type=None, fetched_at=NOW))


def test_a_check_says_format_entries_newest_and_previews_three() -> None:
    entry = b"<item><title>A</title><link>/a</link><pubDate>Fri, 08 Mar 2024 09:30:00 GMT</pubDate>"
    lines = check(b"<rss version='2.0'><channel>" + (entry + b"</item>") * 5 + b"</channel></rss>")
    assert lines[0].endswith("rss20, 5 entries, 5 dated, newest 2024-03-08T09:30:00Z")
    assert lines[1:] == ["  2024-03-08T09:30:00Z  A  https://ledger.example.com/a"] * 3


def test_a_check_of_a_page_says_so() -> None:
    (line,) = check(b"<html><title>Home</title></html>")
    assert "not_a_feed: an HTML page: Home" in line
