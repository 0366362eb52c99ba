"""The sample site is what every other test stands on: does it serve what it says?"""

from __future__ import annotations

import tomllib
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from data.sample.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def get(url: str, headers: dict[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_every_listed_page_can_be_had_but_the_missing_one(site: Site) -> None:
    for url, article in site.fetchable().items():
        response, body = get(url)
        assert response.status == 200
        assert (
            article.title.split("“")[0][:12].encode("gb18030" if "doc-" in url else "utf-8") in body
        )
    assert len(site.fetchable()) >= 24
    assert get(site.article_url("tidewater", "wexcombe-leak-fine"))[0].status == 404


def test_the_chinese_publisher_declares_gb2312_and_uses_more(site: Site) -> None:
    _, feed = get(site.feed_url("gangcheng"))
    assert feed.startswith(b'<?xml version="1.0" encoding="gb18030"?>')
    _, page = get(site.article_url("gangcheng", "port-fees-cut"))
    assert b"charset=gb2312" in page
    assert "责任编辑：王喆" in page.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        page.decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        page.decode("utf-8")


def test_not_modified_is_said_only_while_it_is_true(site: Site) -> None:
    url = site.feed_url("meridian")
    first, body = get(url)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    for validator in (by_tag, by_date):
        again, nothing = get(url, validator)
        assert (again.status, nothing) == (304, b"")
    site.edit_article("meridian", "jobless-claims-fall", title="Claims rise after all")
    for validator in (by_tag, by_date):
        again, changed = get(url, validator)
        assert again.status == 200
        assert changed != body


def test_the_wire_story_is_carried_twice_in_other_clothes(site: Site) -> None:
    one = get(site.article_url("meridian", "aurelis-north-sea-link"))[1].decode()
    two = get(site.article_url("tidewater", "cable-maker-grid-order"))[1].decode()
    quote = "This fills our largest plant until 2030"
    assert quote in one
    assert quote in two
    assert "Reporting by Nils Aakre" in one
    assert "Reporting by" not in two


def test_the_down_feed_refuses_connections(site: Site) -> None:
    assert site.down_url in site.catalogue()
    with pytest.raises(ConnectionRefusedError):
        get(site.down_url)


def test_the_catalogue_lists_every_feed(site: Site) -> None:
    sources = tomllib.loads(site.catalogue())["source"]
    urls = [feed["url"] for source in sources for feed in source["feed"]]
    assert urls == [*(site.feed_url(key) for key in site.publishers), site.down_url]


def test_the_world_changes_when_told(site: Site) -> None:
    url = site.add_article("tidewater", "late-news", title="Late news", text="It is late.")
    assert b"It is late." in get(url)[1]
    assert b"late-news" in get(site.feed_url("tidewater"))[1]
    site.remove_article("tidewater", "late-news", status=410)
    assert get(url)[0].status == 410
    assert b"late-news" not in get(site.feed_url("tidewater"))[1]
    site.add_page("meridian", "/robots.txt", b"User-agent: *\nDisallow: /\n")
    assert get(site.url("meridian", "/robots.txt"))[1].endswith(b"Disallow: /\n")


def test_requests_are_counted(site: Site) -> None:
    get(site.feed_url("meridian"), {"User-Agent": "test"})
    page = site.article_url("meridian", "jobless-claims-fall")
    get(page)
    assert [request.path for request in site.requests] == [
        "/rss/business.xml",
        "/story/jobless-claims-fall.html",
    ]
    assert site.requests[0].headers["user-agent"] == "test"
    assert site.pages_fetched() == [page]


def test_the_same_bytes_every_time() -> None:
    def everything() -> list[bytes]:
        with Site() as site:
            base = {site.url(key, ""): key for key in site.publishers}
            bodies = [get(url)[1] for url in [*site.fetchable(), site.feed_url("tidewater")]]
            for address, key in base.items():
                bodies = [body.replace(address.encode(), key.encode()) for body in bodies]
            return bodies

    assert everything() == everything()
