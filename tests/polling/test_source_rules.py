"""What a source asks for in sources.toml reaches the server, by the installed command."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.misbehaving import PAGE, Misbehaving, rss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.misbehaving import Call

COMMAND = str(Path(sys.executable).with_name("broadtape"))
STORY = PAGE % (b"Desk", b"The bank raised its rate by a quarter of a point on Tuesday. " * 20)


async def proxy(call: Call) -> None:
    """Answer for any site, as a proxy does; what is asked of it is the whole address."""
    if call.asked.path.endswith("/feed"):
        call.send(body=rss("one", link="http://news.example.org"))
    elif call.asked.path.endswith("/robots.txt"):
        call.send(404)
    else:
        call.send(body=STORY, Content_Type="text/html")


@dataclass(frozen=True)
class Crawled:
    """The server that was the proxy, and what the command said."""

    server: Misbehaving
    said: str
    code: int


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("rules")
    with Misbehaving({"proxy": proxy}, "127.0.11") as server:
        via = f'proxy = "{server.url("proxy", "/")}"\n'
        (folder / "sources.toml").write_text(
            '[[source]]\nname = "Desk"\ndomain = "news.example.org"\n' + via
            + 'headers = { "X-Desk" = "rates" }\ncookies = { consent = "yes", edition = "world" }\n'
            '[[source.feed]]\nname = "desk"\nurl = "http://news.example.org/feed"\n'
            '[[source]]\nname = "SEC"\ndomain = "sec.gov"\n' + via
            + '[[source.feed]]\nname = "filings"\nurl = "http://www.sec.gov/feed"\n'
        )  # fmt: skip
        (folder / "broadtape.toml").write_text(
            'sources = ["sources.toml"]\nallow_hosts = ["127.0.11.0/24"]\ndelay = 0.01\n'
            "workers = 1\n"
        )
        done = subprocess.run(
            [COMMAND, "--config", folder / "broadtape.toml", "--db", folder / "news.db", "crawl"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        yield Crawled(server, done.stdout + done.stderr, done.returncode)


def test_headers_cookies_and_proxy_hold_for_feeds_and_pages(crawled: Crawled) -> None:
    asked = {asked.path: asked.headers for asked in crawled.server.asked}
    assert "http://news.example.org/robots.txt" in asked, crawled.said
    for path in ("http://news.example.org/feed", "http://news.example.org/one"):
        assert asked[path]["x-desk"] == "rates", crawled.said
        assert asked[path]["cookie"] == "consent=yes; edition=world"
        assert asked[path]["host"] == "news.example.org"


def test_sec_without_a_contact_is_not_asked_and_one_line_says_what_to_do(crawled: Crawled) -> None:
    assert not any("sec.gov" in asked.path for asked in crawled.server.asked)
    (line,) = [line for line in crawled.said.splitlines() if line.startswith("filings: ")]
    assert 'set contact = "you@your.domain"' in line
    assert "broadtape.toml" in line
