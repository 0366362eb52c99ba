"""A page that hangs the extractor, or takes its worker process with it, costs only itself."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bench.memory import family
from data.sample.user import User
from tests.journey.helpers import is_sound, query

if TYPE_CHECKING:
    from pathlib import Path

    from data.sample.site import Site

# Long enough to keep an extractor busy for seconds on any machine.
_TAG = b"<p %s>Prices rose by 3.1%% on Tuesday.</p>" % b" ".join(
    b"data-%d=1" % n for n in range(300)
)
HEAVY = b"<html><body><article>%s</article></body></html>" % (_TAG * (10_000_000 // len(_TAG)))
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Heavy</title>
<item><title>Heavy</title><link>{link}</link><guid>heavy</guid></item></channel></rss>"""


def serve_heavy_page(site: Site, user: User, delay: float = 0.0) -> str:
    link = site.url("meridian", "/heavy.html")
    site.add_page("meridian", "/heavy.html", HEAVY, delay=delay)
    feed = FEED.format(link=link).encode()
    site.add_page("meridian", "/heavy.xml", feed, content_type="application/rss+xml")
    assert user.run("feeds", "add", site.url("meridian", "/heavy.xml")).returncode == 0
    return link


def test_a_page_that_takes_too_long(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path, extract_timeout=0.5)
    link = serve_heavy_page(site, user)
    crawl = user.run("crawl")
    assert crawl.returncode == 0, crawl.stderr
    [(state, reason)] = query(user, f"SELECT state, last_error FROM entries WHERE link = '{link}'")
    assert state == "pending"
    assert "took longer than 0.5 s" in reason
    assert {row["url"] for row in user.rows()} == set(site.fetchable())


def test_a_page_whose_worker_is_killed(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path, extract_timeout=60)
    link = serve_heavy_page(site, user, delay=2.0)  # the others are stored before it comes
    asked_at = None
    crawl = user.start("crawl", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while (
        asked_at is None
        or time.monotonic() < asked_at + 3
        or len(rows(user)) < len(site.fetchable())
    ):
        if asked_at is None and link in site.pages_fetched():
            asked_at = time.monotonic()
        assert time.monotonic() < deadline
        assert crawl.poll() is None, "the page was no trouble"
        time.sleep(0.05)
    # As the kernel would when memory runs out: every worker, and with them the busy one.
    workers = family(crawl.pid)[2:]  # the crawl and its fork server come first
    for worker in workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    assert crawl.wait(60) == 0
    [(state, reason)] = query(user, f"SELECT state, last_error FROM entries WHERE link = '{link}'")
    assert state == "pending"
    assert "killed its worker" in reason
    assert set(rows(user)) == set(site.fetchable())
    assert is_sound(user)


def rows(user: User) -> list[str]:
    with suppress(Exception):  # the tables are being made
        return [url for (url,) in query(user, "SELECT url FROM articles")]
    return []
