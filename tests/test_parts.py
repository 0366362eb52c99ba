"""A sitemap index is read with its parts, whatever becomes of some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import query

if TYPE_CHECKING:
    from pathlib import Path

INDEX = """<?xml version="1.0"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>{base}/map-1.xml</loc></sitemap>
  <sitemap><loc>{base}/missing.xml</loc></sitemap>
</sitemapindex>"""
PART = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>"""
URL = """<url><loc>{loc}</loc><news:news><news:publication><news:name>Tidewater</news:name>
<news:language>en</news:language></news:publication>
<news:publication_date>2026-11-24T10:00:00Z</news:publication_date>
<news:title>{title}</news:title></news:news></url>
"""


def serve_part(site: Site, slugs: list[str]) -> None:
    listed = [URL.format(loc=site.article_url("tidewater", slug), title=slug) for slug in slugs]
    body = PART.format(urls="".join(listed)).encode()
    site.add_page("tidewater", "/map-1.xml", body, content_type="application/xml")


def test_an_index_brings_the_entries_of_its_parts(tmp_path: Path) -> None:
    with Site() as site:
        user = User.of(site, tmp_path)
        slugs = [article.slug for article in site.articles("tidewater") if not article.missing]
        index = INDEX.format(base=site.url("tidewater", "")).encode()
        site.add_page("tidewater", "/index.xml", index, content_type="application/xml")
        serve_part(site, slugs[:2])
        assert user.run("feeds", "add", site.url("tidewater", "/index.xml")).returncode == 0
        crawl = user.run("crawl", site.url("tidewater", "/index.xml"))
        assert crawl.returncode == 0, crawl.stderr
        assert {row["url"] for row in user.rows()} == {
            site.article_url("tidewater", slug) for slug in slugs[:2]
        }
        [(error,)] = query(user, "SELECT error FROM polls")
        assert "missing.xml: HTTP 404" in error
        # The index stays the same to the byte, and yet one of its parts has news.
        serve_part(site, slugs[:3])
        user.run("crawl", site.url("tidewater", "/index.xml"))
        assert len(user.rows()) == 3
