"""Two crawls of a server that misbehaves in every way known to us, by the installed command.

Each behaviour has its own right outcome, the first and the second time, in bounded time and
memory.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.memory import Peak
from tests.misbehaving import BEHAVIOURS, Misbehaving

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sys.executable).with_name("broadtape"))
TIMEOUT_S, MAX_BODY = 3, 1_000_000

# name: (outcome of the first poll, outcome of the second, what the error says)
EXPECTED: dict[str, tuple[str, str, str]] = {
    "plain": ("new", "unchanged", ""),
    "etag": ("new", "not_modified", ""),
    "etag-bare-304": ("new", "not_modified", ""),
    "etag-weak": ("new", "not_modified", ""),
    "etag-malformed": ("new", "not_modified", ""),
    "last-modified": ("new", "not_modified", ""),
    "last-modified-odd": ("new", "not_modified", ""),
    "etag-changing": ("new", "unchanged", ""),
    "volatile": ("new", "no_news", ""),
    "etag-stuck": ("new", "new", ""),
    "301": ("new", "unchanged", ""),
    "302": ("new", "unchanged", ""),
    "307": ("new", "unchanged", ""),
    "308": ("new", "unchanged", ""),
    "301-chain": ("new", "unchanged", ""),
    "endless-chain": ("error", "error", "too many redirects"),
    "loop": ("error", "error", "too many redirects"),
    "to-private": ("error", "error", "127.0.2.1 is loopback"),
    "to-metadata": ("error", "error", "169.254.169.254 is link-local"),
    "to-file": ("error", "error", "HTTP 302"),
    "no-location": ("error", "error", "HTTP 302"),
    "404": ("error", "error", "HTTP 404"),
    "410": ("gone", "", "410"),
    "429-seconds": ("throttled", "throttled", "left alone until"),
    "429-date": ("throttled", "throttled", "left alone until"),
    "429-garbage": ("throttled", "throttled", "left alone until"),
    "429-bare": ("throttled", "throttled", "left alone until"),
    "503": ("throttled", "throttled", "left alone until"),
    "500": ("error", "error", "HTTP 500"),
    "401": ("blocked", "blocked", "login page"),
    "406": ("blocked", "blocked", "HTTP 406"),
    "slow-headers": ("error", "error", "no complete answer in time"),
    "slow-body": ("error", "error", "no complete answer in time"),
    "cut": ("error", "error", "broke half-way"),
    "cut-chunked": ("error", "error", "broke half-way"),
    "no-answer": ("error", "error", "broke off"),
    "not-http": ("error", "error", "not HTTP"),
    "short-length": ("new", "unchanged", ""),
    "gzip": ("new", "unchanged", ""),
    "brotli": ("new", "unchanged", ""),
    "deflate": ("new", "unchanged", ""),
    "gzip-mislabelled": ("new", "unchanged", ""),
    "brotli-mislabelled": ("new", "unchanged", ""),
    "zstd-mislabelled": ("new", "unchanged", ""),
    "gzip-bomb": ("error", "error", "too large once decompressed"),
    "endless": ("error", "error", "too large"),
    "challenge": ("blocked", "blocked", "Cloudflare"),
    "challenge-200": ("blocked", "blocked", "Cloudflare"),
    "consent": ("blocked", "blocked", "consent wall"),
    "html": ("not_a_feed", "not_a_feed", ""),
    "empty": ("empty", "empty", ""),
    "no-entries": ("empty", "empty", ""),
}
SILENT_TO = ("429-seconds", "429-date", "429-garbage", "429-bare", "503", "410")


@dataclass(frozen=True)
class Outcome:
    """What two crawls made of the server."""

    polls: dict[str, list[tuple[str, str]]]
    urls: dict[str, str]
    states: dict[str, str]
    server: Misbehaving
    seconds: float
    peak_mib: float


def _crawl_and_measure(folder: Path) -> float:
    """Poll everything once; returns the peak memory in MiB of the crawl and its workers."""
    crawl = subprocess.Popen(
        [COMMAND, "--config", folder / "broadtape.toml", "--db", folder / "news.db",
         "crawl", "--no-pages"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with Peak(crawl.pid) as peak:
        assert crawl.wait(60) == 0
    return peak.family


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("misbehaving")
    with Misbehaving() as server:
        feeds = "".join(
            f'[[source.feed]]\nname = "{name}"\nurl = "{server.url(name)}"\n' for name in BEHAVIOURS
        )
        (folder / "sources.toml").write_text(
            '[[source]]\nname = "Desk"\ndomain = "desk.example.org"\nlanguage = "en"\n' + feeds
        )
        (folder / "broadtape.toml").write_text(
            'sources = ["sources.toml"]\nallow_hosts = ["127.0.1.0/24"]\ndelay = 0.01\n'
            f"workers = 1\npage_timeout = {TIMEOUT_S}\nmax_body = {MAX_BODY}\n"
        )
        started = time.monotonic()
        peak = max(_crawl_and_measure(folder) for _ in range(2))
        seconds = time.monotonic() - started
        with closing(sqlite3.connect(folder / "news.db")) as database:
            polls: dict[str, list[tuple[str, str]]] = {name: [] for name in BEHAVIOURS}
            for name, result, error in database.execute(
                "SELECT name, outcome, coalesce(error, '') FROM polls JOIN feeds"
                " ON feeds.id = feed_id ORDER BY polls.id"
            ):
                polls[name].append((result, error))
            rows = database.execute("SELECT name, url, state FROM feeds").fetchall()
        yield Outcome(
            polls, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows},
            server, seconds, peak,
        )  # fmt: skip


def test_there_are_forty_behaviours_and_each_has_its_outcome() -> None:
    assert len(BEHAVIOURS) >= 40
    assert EXPECTED.keys() == BEHAVIOURS.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_behaviour_has_its_own_outcome(outcome: Outcome, name: str) -> None:
    first, second, words = EXPECTED[name]
    found = outcome.polls[name]
    assert [result for result, _ in found] == [result for result in (first, second) if result]
    assert words in found[-1][1]


def test_time_and_memory_are_bounded(outcome: Outcome) -> None:
    assert outcome.seconds < 40
    assert outcome.peak_mib < 400
    endless = outcome.server.addresses["endless"]
    assert outcome.server.sent[endless] < 2 * 20 * MAX_BODY


def test_a_host_that_wants_to_be_left_alone_is_left_alone_by_the_next_crawl(
    outcome: Outcome,
) -> None:
    for name in SILENT_TO:
        assert len(outcome.server.asked_of(name)) == 1, name


def test_no_private_address_was_asked(outcome: Outcome) -> None:
    assert {asked.host for asked in outcome.server.asked} <= set(outcome.server.addresses.values())


def test_validators_come_back_verbatim(outcome: Outcome) -> None:
    _, second = outcome.server.asked_of("etag-malformed")
    assert second.headers["if-none-match"] == "v1-no-quotes"
    _, second = outcome.server.asked_of("last-modified-odd")
    assert second.headers["if-modified-since"] == "2026-11-03 09:30"
    _, second = outcome.server.asked_of("etag-stuck")
    assert second.headers["if-none-match"] == '"stuck"'


def test_one_sighting_of_a_redirect_rewrites_no_address(outcome: Outcome) -> None:
    assert outcome.urls["301"] == outcome.server.url("301")
    assert outcome.urls["308"] == outcome.server.url("308")


def test_a_feed_that_is_gone_is_kept_and_marked(outcome: Outcome) -> None:
    assert outcome.states["410"] == "gone"
    assert outcome.states["404"] == "active"
