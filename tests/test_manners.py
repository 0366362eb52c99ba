"""Manners, measured where they matter: at the server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from crawler.middlewares import host_key
from tests.misbehaving import FEED, PAGE, Misbehaving, answering, plain
from tests.small_crawl import crawl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.misbehaving import Call

pytestmark = pytest.mark.alone

SEC = ("www.sec.gov", "data.sec.gov")
PAGE_OK = PAGE % (b"Desk", b"All well")


def robots(status: int = 200, body: bytes = b"", delay: float = 0.0) -> Any:
    """A site with this robots.txt and pages that are fine."""

    async def answer(call: Call) -> None:
        if call.asked.path == "/robots.txt":
            call.send(status, body, Content_Type="text/plain")
        else:
            call.send(body=PAGE_OK, Content_Type="text/html")

    return answer


DELAY = 1.0  # the default


async def slow(call: Call) -> None:
    await asyncio.sleep(3)
    call.send(body=FEED)


async def leads_to_target(call: Call) -> None:
    call.send(302, Location=call.server.url("target", call.asked.path))


async def busy_at_first(call: Call) -> None:
    if any(asked is not call.asked for asked in call.server.asked_of("busy")):
        call.send(body=FEED)
    else:
        call.send(429, Retry_After="2")


@dataclass(frozen=True)
class Crawled:
    """One crawl of many hosts, each with a wish of its own: results and server."""

    server: Misbehaving
    requests: list[dict[str, Any]]
    results: list[dict[str, Any]]

    def of(self, *names: str) -> list[dict[str, Any]]:
        hosts = {f"//{self.server.addresses[name]}:" for name in names}
        return [
            result
            for request, result in zip(self.requests, self.results, strict=True)
            if any(host in request["url"] for host in hosts)
        ]

    def times(self, name: str) -> list[float]:
        return [asked.at for asked in self.server.asked_of(name)]


TWENTY = [f"h{n}" for n in range(20)]


@pytest.fixture(scope="module")
def crawled() -> Iterator[Crawled]:
    behaviours = {
        **dict.fromkeys(TWENTY, plain), "slow": slow, "quick": plain, "a": leads_to_target,
        "b": leads_to_target, "target": plain, "patient": plain, "eager": plain,
        "busy": busy_at_first, "calm": plain, "sec": plain,
    }  # fmt: skip
    with Misbehaving(behaviours, "127.0.4") as server:

        def ask(name: str, count: int, **meta: Any) -> list[dict[str, Any]]:
            return [{"url": server.url(name, f"/{name}{n}"), "meta": meta} for n in range(count)]

        sec = [f"http://{name}:{server.port}/{n}" for n in range(4) for name in SEC]
        requests = [
            *ask("slow", 4, delay_s=0.01), *ask("busy", 10), *ask("quick", 1),
            *ask("calm", 1), *ask("a", 2, delay_s=0.4), *ask("b", 2, delay_s=0.4),
            *ask("patient", 2, delay_s=1.5), *ask("eager", 9, delay_s=0.0),
            *(request for name in TWENTY for request in ask(name, 4)),
            *({"url": url, "meta": {"delay_s": 0.0}} for url in sec),
            {"url": server.url("busy", "/later"), "after": 6},
        ]  # fmt: skip
        settings = {
            "BROADTAPE_ALLOW_HOSTS": ["127.0.4.0/24"],
            "BROADTAPE_CONTACT": "desk@example.org",
        }
        names = {name: [[server.addresses["sec"]]] for name in SEC}
        yield Crawled(server, requests, crawl(requests, settings=settings, names=names))


def test_twenty_hosts_each_get_two_at_a_time_and_never_closer_than_the_delay(
    crawled: Crawled,
) -> None:
    assert [result["status"] for result in crawled.of(*TWENTY)] == [200] * 80
    times = [crawled.times(name) for name in TWENTY]
    gaps = [after - before for found in times for before, after in pairwise(found)]
    assert len(gaps) == 60
    assert min(gaps) >= DELAY
    assert max(crawled.server.most_at_once.values()) <= 2
    whole = max(map(max, times)) - min(map(min, times))
    assert whole < 20 * DELAY  # side by side: one after the other would take 80 delays


def test_one_slow_host_delays_no_other(crawled: Crawled) -> None:
    (quick,) = crawled.of("quick")
    assert quick["status"] == 200
    assert quick["at"] < min(result["at"] for result in crawled.of("slow"))
    assert crawled.server.most_at_once[crawled.server.addresses["slow"]] == 2


def test_a_throttled_host_gets_no_request_until_its_time_has_passed(crawled: Crawled) -> None:
    throttled, *held, later = crawled.of("busy")
    assert throttled["status"] == 429
    assert [result.get("error") for result in held] == ["HostPaused"] * 9
    assert all(result["retry_at"] != "None" for result in held)
    assert [result["status"] for result in crawled.of("calm")] == [200]
    assert later["status"] == 200
    first, second = crawled.times("busy")
    assert second - first >= 2


def test_after_a_redirect_the_other_hosts_delay_holds(crawled: Crawled) -> None:
    assert [result["status"] for result in crawled.of("a", "b")] == [200] * 4
    times = crawled.times("target")
    assert len(times) == 4
    assert min(after - before for before, after in pairwise(times)) >= 0.4


def test_a_sources_own_delay_replaces_the_general_one(crawled: Crawled) -> None:
    first, second = crawled.times("patient")
    assert second - first >= 1.5
    times = crawled.times("eager")
    assert len(times) == 9
    assert times[-1] - times[0] < 8 * DELAY


def test_sec_counts_its_hosts_together(crawled: Crawled) -> None:
    assert host_key("https://www.sec.gov/x") == host_key("https://data.sec.gov/y") == "sec.gov"
    assert host_key("https://notsec.gov/") == "notsec.gov"
    times = crawled.times("sec")
    assert len(times) == 8
    assert times[-1] - times[0] >= 7 * 0.1  # nine a second; ten are allowed


FORBIDS = b"User-agent: *\nDisallow: /private\n"


@pytest.fixture(scope="module")
def obeyed() -> dict[str, tuple[dict[str, Any], Misbehaving]]:
    """What became of /private/1 and /news/1 of sites with every kind of robots.txt."""
    behaviours = {
        "rules": robots(body=FORBIDS),
        "named": robots(body=b"User-agent: Broadtape\nDisallow: /\n\nUser-agent: *\nAllow: /\n"),
        "others": robots(body=b"User-agent: otherbot\nDisallow: /\n"),
        "missing": robots(404, b"no"),
        "forbidden": robots(403, b"no"),
        "broken": robots(500, b"oops"),
        "html": robots(200, b"\n<!doctype html><p>Disallow: /</p>"),
        "huge": robots(200, FORBIDS + b"# padding\n" * 1_000_000),
        "redirected": answering(302, Location="/robots.txt"),
        "delayed": robots(200, b"User-agent: *\nCrawl-delay: 1\n"),
        "throttled": robots(429, b""),
    }
    with Misbehaving(behaviours, "127.0.9") as server:
        requests = [
            {"url": server.url(name, path), "meta": {"dont_obey_robotstxt": False}}
            for name in behaviours
            for path in ("/private/1", "/news/1")
        ]
        results = crawl(
            requests,
            settings={"DOWNLOAD_DELAY": 0.05, "BROADTAPE_ALLOW_HOSTS": ["127.0.9.0/24"]},
        )
        return {
            name: (results[2 * index : 2 * index + 2], server)
            for index, name in enumerate(behaviours)
        }


@pytest.mark.parametrize(
    ("name", "private", "news"),
    [
        ("rules", "RobotsForbidden", 200),
        ("named", "RobotsForbidden", "RobotsForbidden"),
        ("others", 200, 200),
        ("missing", 200, 200),
        ("forbidden", 200, 200),
        ("broken", "RobotsUnreachable", "RobotsUnreachable"),
        ("html", 200, 200),
        ("huge", "RobotsForbidden", 200),
        ("redirected", "RobotsUnreachable", "RobotsUnreachable"),
        ("delayed", 200, 200),
        ("throttled", "RobotsUnreachable", "RobotsUnreachable"),
    ],
)
def test_robots_txt_is_obeyed(obeyed: Any, name: str, private: object, news: object) -> None:
    results, _ = obeyed[name]
    assert [result.get("status", result.get("error")) for result in results] == [private, news]


def test_robots_txt_is_asked_once_and_its_delay_kept(obeyed: Any) -> None:
    _, server = obeyed["delayed"]
    asked = server.asked_of("delayed")
    assert [one.path for one in asked if one.path == "/robots.txt"] == ["/robots.txt"]
    assert min(b.at - a.at for a, b in pairwise(asked)) >= 1.0


def test_a_page_behind_an_unreachable_robots_txt_is_tried_again_later(obeyed: Any) -> None:
    for name in ("broken", "throttled"):
        results, _ = obeyed[name]
        assert all(result["retry_at"] != "None" for result in results)
