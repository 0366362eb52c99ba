"""Sitemaps: with news, without, their indexes, and broken ones."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from tests.formats.helpers import NOW, document


def news_sitemap(namespace: str) -> str:
    return f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:n="{namespace}"><url><loc>https://ledger.example.com/a</loc><n:news>
      <n:publication><n:name>Ledger</n:name><n:language>en</n:language></n:publication>
      <n:publication_date>2024-03-08T09:30:00Z</n:publication_date>
      <n:title>Ships &amp; tolls</n:title>
      <n:stock_tickers>LON: HBR, NASDAQ:AAA</n:stock_tickers></n:news></url></urlset>"""


@pytest.mark.parametrize("namespace", ["http://www.google.com/schemas/sitemap-news/0.9", "urn:n"])
def test_news_sitemap(namespace: str) -> None:
    for body in (news_sitemap(namespace).encode(), gzip.compress(news_sitemap(namespace).encode())):
        entry = document(body).entries[0]
        assert (entry.title, entry.publisher, entry.language) == ("Ships & tolls", "Ledger", "en")
        assert [hint.text for hint in entry.symbols] == ["LON:HBR", "NASDAQ:AAA"]


def test_sitemap_index_leads_to_recent_parts_only() -> None:
    part = "<sitemap><loc>https://ledger.example.com/{}.xml</loc><lastmod>{}</lastmod></sitemap>"
    parts = part.format("old", "2023-01-01") + part.format("new", "2024-03-08T10:00:00Z")
    many = "".join(part.format(n, "2024-03-07T10:00:00Z") for n in range(50))
    found = document(f"<sitemapindex>{parts}{many}</sitemapindex>")
    assert found.entries == ()
    assert found.more[0] == "https://ledger.example.com/new.xml"
    assert len(found.more) == 10


def plain_sitemap(count: int, hours_apart: float) -> str:
    """A sitemap of pages that were changed one after the other, the newest first."""
    return "<urlset>{}</urlset>".format(
        "".join(
            f"<url><loc>https://ledger.example.com/{n}</loc>"
            f"<lastmod>{(NOW - timedelta(hours=n * hours_apart)).isoformat()}</lastmod></url>"
            for n in range(count)
        )
    )


def test_of_a_whole_site_only_what_is_recent_is_news() -> None:
    found = document(plain_sitemap(200, hours_apart=1))
    assert found.format == "sitemap"
    assert [entry.link for entry in found.entries] == [
        f"https://ledger.example.com/{n}" for n in range(73)
    ]


def test_a_short_sitemap_is_a_list_of_the_latest() -> None:
    assert len(document(plain_sitemap(100, hours_apart=24)).entries) == 100


def test_of_too_many_entries_the_newest_are_read_and_the_rest_is_told() -> None:
    found = document(plain_sitemap(9_000, hours_apart=0.005).replace("</url>", "</url>\n"))
    assert 0 < len(found.entries) < 9_000
    assert found.entries[0].link == "https://ledger.example.com/0"
    assert "9000 entries, the newest" in found.defects[-1]


def test_a_broken_sitemap_gives_what_can_be_read() -> None:
    found = document(plain_sitemap(3, hours_apart=1).replace("</urlset>", "<url><loc>"))
    assert len(found.entries) == 3
    assert found.defects


def test_undated_parts_of_an_index_follow_the_dated_news_first() -> None:
    parts = "".join(
        f"<sitemap><loc>https://ledger.example.com/{name}.xml</loc>{date}</sitemap>"
        for name, date in (
            ("pages", ""),
            ("news", ""),
            ("today", "<lastmod>2024-03-08</lastmod>"),
            ("", "<lastmod>soon</lastmod>"),
        )
    )
    more = document(f"<sitemapindex>{parts}<sitemap><loc>mailto:x</loc></sitemap></sitemapindex>")
    assert [url.rpartition("/")[2] for url in more.more] == [
        "today.xml",
        "news.xml",
        "pages.xml",
        ".xml",
    ]


def test_keywords_and_pictures_of_news() -> None:
    body = news_sitemap("urn:n").replace(
        "</n:news>",
        "<n:keywords>ships, , tolls</n:keywords></n:news>"
        '<i:image xmlns:i="urn:i"><i:loc>/quay.jpg</i:loc></i:image>',
    )
    (entry,) = document(body).entries
    assert entry.categories == ("ships", "tolls")
    assert entry.image == "https://ledger.example.com/quay.jpg"
