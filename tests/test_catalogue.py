"""sources.toml as users write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.addresses import feed_url, origin_of, resolve
from crawler.catalogue import load, source_at, with_known_sources
from crawler.sources_file import read_sources
from pipelines.errors import CatalogueError
from pipelines.items import Feed, Source

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[[source]]
name = "Harbour Ledger"
domain = "ledger.example.com"
timezone = "Asia/Shanghai"
zone_is_wrong = true
delay = "1.5s"
min_interval = "10m"
headers = { Referer = "https://ledger.example.com/" }
cookies = { consent = "yes" }
prune = ["//aside"]
needs_contact = true

  [[source.feed]]
  name = "Markets"
  url = "https://ledger.example.com/feed"
  category = "markets"
"""


def test_every_key_of_a_source_arrives() -> None:
    (feed,) = read_sources(GOOD, "sources.toml")
    source = feed.source
    assert (feed.name, feed.category, feed.kind, feed.enabled) == (
        "Markets",
        "markets",
        "auto",
        True,
    )
    assert (source.delay_s, source.min_interval_s, source.prune) == (1.5, 600, ("//aside",))
    assert source.headers["Cookie"] == "consent=yes"
    assert source.zone_is_wrong
    assert source.needs_contact


def test_the_shipped_catalogue() -> None:
    feeds = load(["shipped"])
    assert len({feed.url for feed in feeds}) == len(feeds) > 100
    enabled = [feed for feed in feeds if feed.enabled]
    assert len(enabled) > 50
    assert all(feed.url.startswith("https://") for feed in enabled)
    assert not any(feed.source.needs_contact for feed in enabled)
    assert {"zh", "en"} <= {feed.source.language for feed in enabled}


def test_a_users_file_adds_to_the_shipped_one(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    shipped = load(["shipped"])
    mine.write_text(GOOD.replace("https://ledger.example.com/feed", shipped[0].url))
    both = load(["shipped", mine])
    assert len(both) == len(shipped)
    assert both[0].name == "Markets"
    assert len(load([mine])) == 1


SOURCE = '[[source]]\nname = "A"\ndomain = "a.example"\n'
FEED = SOURCE + '[[source.feed]]\nname = "x"\nurl = "https://a.example/f"\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SOURCE + 'colour = "red"\n', ['source "A"', "colour", "unknown"]),
        (FEED + 'knd = "auto"\n', ['feed "x"', "knd", "kind"]),
        (FEED + 'kind = "rsss"\n', ['feed "x"', "kind", "sina-roll"]),
        (FEED.replace("https://a", "a"), ['feed "x"', "url", "https://a.example/f"]),
        ('[[source]]\nname = "A"\n', ["domain", "missing"]),
        (SOURCE + 'timezone = "Peking"\n', ["timezone", "Asia/Shanghai"]),
        (SOURCE + "zone_is_wrong = true\n", ["timezone", "zone_is_wrong"]),
        (SOURCE + 'delay = "soon"\n', ["delay", "5m"]),
        (SOURCE + 'prune = ["//["]\n', ["prune", "XPath"]),
        ("[[source]\n", ["line 1"]),
        (SOURCE.replace("a.example", "https://a.example"), ["domain", "a host such as"]),
        ('[source]\nname = "A"\n', ["source", "[[source]]"]),
        (SOURCE + '[source.feed]\nname = "x"\n', ['source "A"', "[[source.feed]]"]),
        (SOURCE + "prune = [3]\n", ["prune = 3", "text in quotes"]),
        (FEED + 'enabled = "perhaps"\n', ['feed "x"', "enabled", "true or false"]),
    ],
)
def test_an_error_names_file_table_and_key_in_one_line(text: str, named: list[str]) -> None:
    with pytest.raises(CatalogueError) as error:
        read_sources(text, "mine.toml")
    line = str(error.value)
    assert "\n" not in line
    for word in ["mine.toml", *named]:
        assert word in line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.toml: no such file"):
        load([tmp_path / "none.toml"])


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("a.example/feed", "write https://a.example/feed"), ("ftp://a.example", "https://"),
     ("feed", "https://"), ("https://", "https://"), ("", "https://")],
)  # fmt: skip
def test_an_address_that_is_none_gets_a_remedy(typed: str, remedy: str) -> None:
    with pytest.raises(CatalogueError, match=remedy):
        feed_url(typed)


def test_feed_scheme_is_understood() -> None:
    assert feed_url("feed://a.example/rss") == "https://a.example/rss"
    assert feed_url("feed:https://a.example/rss") == "https://a.example/rss"


def test_rsshub_routes() -> None:
    source = Source(name="x", domain="a.example")
    feed = Feed(url="rsshub://sina/finance/rollnews/2671", name="x", source=source, kind="rsshub")
    assert resolve(feed, "https://hub.example/") == "https://hub.example/sina/finance/rollnews/2671"
    with pytest.raises(CatalogueError, match=r"reads itself: .*lid=2671"):
        resolve(feed, None)
    origin = origin_of("rsshub://sina/finance/china")
    assert origin is not None
    assert "pageid=155&lid=1686" in origin
    assert origin_of("rsshub://cls/telegraph") is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://tidewater.example/rss", "Tidewater"),
        ("https://feeds.tidewater.example/rss", "Tidewater"),
        ("https://asia.tidewater.example/rss", "Tidewater Asia"),
        ("https://www.asia.tidewater.example/rss", "Tidewater Asia"),
        ("https://low-tidewater.example/rss", None),
        ("http://localhost:8001/rss", "One"),
        ("http://localhost:8002/rss", None),
        ("https://shared.example/rss", None),  # two sources: nothing says which
    ],
)
def test_an_address_belongs_to_the_source_whose_domain_it_lies_in(
    address: str, name: str | None
) -> None:
    domains = {
        "Tidewater": "tidewater.example",
        "Tidewater Asia": "asia.tidewater.example",
        "One": "localhost:8001",
        "This": "shared.example",
        "That": "shared.example",
    }
    feeds = [
        Feed(
            url=f"https://{domain}/{source}", name="News", source=Source(name=source, domain=domain)
        )
        for source, domain in domains.items()
    ]
    found = source_at(address, feeds)
    assert (found.name if found else None) == name


def test_a_list_that_names_no_sources_takes_those_that_are_known(tmp_path: Path) -> None:
    known = read_sources(GOOD, "sources.toml")
    (tmp_path / "mine.opml").write_text(
        '<opml version="2.0"><body>'
        '<outline text="Metals" xmlUrl="https://feeds.ledger.example.com/metals.xml"/>'
        '<outline text="Ports" xmlUrl="https://mirror.example/p" htmlUrl="https://ledger.example.com"/>'
        '<outline text="Others" xmlUrl="https://others.example/rss"/></body></opml>'
    )
    feeds = with_known_sources(load([tmp_path / "mine.opml"]), known)
    assert [(feed.name, feed.source.name) for feed in feeds] == [
        ("Metals", "Harbour Ledger"),
        ("Ports", "Harbour Ledger"),
        ("Others", "Others"),
    ]
    assert feeds[0].source.delay_s == 1.5
