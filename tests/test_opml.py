"""OPML in and out."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from crawler.catalogue import load
from crawler.opml import read_opml, write_opml
from pipelines.errors import CatalogueError

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_are_categories_and_each_address_counts_once() -> None:
    body = b"""<opml version="2.0"><body><outline text="Markets">
      <outline text="Ledger" xmlUrl="https://a.example/f" htmlUrl="https://www.a.example/"/>
      <outline text="Again" xmlUrl="https://a.example/f"/></outline>
      <outline title="Wire" xmlurl="https://b.example/f" language="zh"/>
      <outline text="no address"/><outline text="bad" xmlUrl="not an address"/></body></opml>"""
    first, second = read_opml(body, "x.opml")
    assert (first.name, first.category, first.source.domain) == ("Ledger", "Markets", "a.example")
    assert (second.name, second.category, second.source.language) == ("Wire", None, "zh")


def test_malformed_opml_is_read() -> None:
    body = b"""<opml><body><outline text="Oil & <em>gas</em>" xmlUrl="https://a.example/f?a=1&b=2">
      <outline text='B' xmlUrl='https://b.example/f'></body>"""
    assert [feed.url for feed in read_opml(body, "x")] == [
        "https://a.example/f?a=1&b=2",
        "https://b.example/f",
    ]


def test_what_is_no_opml_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"page\.html: not an OPML file"):
        read_opml(b"<html><body>hello</body></html>", "page.html")


def test_the_catalogue_survives_the_round_trip() -> None:
    feeds = load(["shipped"])
    again = read_opml(write_opml(feeds).encode(), "x")
    assert {feed.url: feed for feed in again} == {feed.url: feed for feed in feeds}


def test_secrets_are_not_exported() -> None:
    from dataclasses import replace

    feed = load(["shipped"])[0]
    source = replace(feed.source, headers={"Cookie": "token=1"}, proxy="http://me:pw@p.example")
    assert "token" not in write_opml([replace(feed, source=source)])
    assert "pw@" not in write_opml([replace(feed, source=source)])


@pytest.mark.shared
def test_lists_that_people_publish(shared: Path) -> None:
    count = 0
    with tarfile.open(shared / "corpora/feed-lists/opml.tar.xz") as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file and "listparser" not in member.name:
                count += len(read_opml(file.read(), member.name))
    assert count >= 777
