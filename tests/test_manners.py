"""Manners, measured where they matter: at the server."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from crawler.middlewares import host_key
from tests.misbehaving import FEED, PAGE, Misbehaving, answering, plain
from tests.small_crawl import crawl

if TYPE_CHECKING:
    from tests.misbehaving import Call

PAGE_OK = PAGE % (b"Desk", b"All well")


def robots(status: int = 200, body: bytes = b"", delay: float = 0.0) -> Any:
    """A site with this robots.txt and pages that are fine."""

    async def answer(call: Call) -> None:
        if call.asked.path == "/robots.txt":
            call.send(status, body, Content_Type="text/plain")
        else:
            call.send(body=PAGE_OK, Content_Type="text/html")

    return answer


async def throttling(call: Call) -> None:
    if call.times or call.asked.path == "/0":
        call.send(429, Retry_After="2")
    else:
        call.send(body=FEED)


def test_twenty_hosts_each_get_two_at_a_time_and_never_closer_than_the_delay() -> None:
    delay = 1.0  # long enough that a busy machine's clockwork is small beside its margin
    with Misbehaving({f"h{n}": plain for n in range(20)}, "127.0.4") as server:
        requests = [{"url": server.url(f"h{n}", f"/{i}")} for i in range(4) for n in range(20)]
        results = crawl(
            requests,
            settings={"DOWNLOAD_DELAY": delay, "BROADTAPE_ALLOW_HOSTS": ["127.0.4.0/24"]},
        )
        assert [result["status"] for result in results] == [200] * 80
        times = {n: [asked.at for asked in server.asked_of(f"h{n}")] for n in range(20)}
        gaps = [after - before for found in times.values() for before, after in pairwise(found)]
        assert len(gaps) == 60
        assert min(gaps) >= delay
        assert max(server.most_at_once.values()) <= 2
        whole = max(map(max, times.values())) - min(map(min, times.values()))
        assert whole < 20 * delay  # side by side: one after the other would take 80 delays


def test_one_slow_host_delays_no_other() -> None:
    async def slow(call: Call) -> None:
        import asyncio

        await asyncio.sleep(0.5)
        call.send(body=FEED)

    with Misbehaving({"slow": slow, "quick": plain}, "127.0.5") as server:
        requests = [{"url": server.url("slow", f"/{n}")} for n in range(8)]
        started = time.time()
        results = crawl(
            [*requests, {"url": server.url("quick")}],
            settings={"DOWNLOAD_DELAY": 0.01, "BROADTAPE_ALLOW_HOSTS": ["127.0.5.0/24"]},
        )
        assert results[-1]["status"] == 200
        assert results[-1]["at"] < min(result["at"] for result in results[:-1])
        assert server.most_at_once[server.addresses["slow"]] == 2
        assert time.time() - started < 30


def test_a_throttled_host_gets_no_request_until_its_time_has_passed() -> None:
    with Misbehaving({"busy": throttling, "calm": plain}, "127.0.6") as server:
        requests = [{"url": server.url("busy", f"/{n}")} for n in range(10)]
        results = crawl(
            [*requests, {"url": server.url("calm")}],
            settings={"DOWNLOAD_DELAY": 0.05, "BROADTAPE_ALLOW_HOSTS": ["127.0.6.0/24"]},
        )
        throttled, *held, calm = results
        assert throttled["status"] == 429
        assert [result.get("error") for result in held] == ["HostPaused"] * 9
        assert all(result["retry_at"] != "None" for result in held)
        assert calm["status"] == 200
        assert len(server.asked_of("busy")) == 1


def test_after_a_redirect_the_other_hosts_delay_holds() -> None:
    delay = 0.4

    async def leads_to_target(call: Call) -> None:
        target = call.server.url("target", call.asked.path)
        call.send(302, Location=target)

    behaviours = {"a": leads_to_target, "b": leads_to_target, "target": plain}
    with Misbehaving(behaviours, "127.0.7") as server:
        results = crawl(
            [{"url": server.url(name, f"/{name}{n}")} for n in range(2) for name in ("a", "b")],
            settings={"DOWNLOAD_DELAY": delay, "BROADTAPE_ALLOW_HOSTS": ["127.0.7.0/24"]},
        )
        assert [result["status"] for result in results] == [200] * 4
        times = [asked.at for asked in server.asked_of("target")]
        assert min(after - before for before, after in pairwise(times)) >= delay


def test_a_sources_own_delay_replaces_the_general_one() -> None:
    with Misbehaving({"slow": plain, "quick": plain}, "127.0.8") as server:
        slow = [{"url": server.url("slow", f"/{n}"), "meta": {"delay_s": 0.8}} for n in range(2)]
        quick = [{"url": server.url("quick", f"/{n}"), "meta": {"delay_s": 0.0}} for n in range(9)]
        crawl(
            slow + quick,
            settings={"DOWNLOAD_DELAY": 0.4, "BROADTAPE_ALLOW_HOSTS": ["127.0.8.0/24"]},
        )
        first, second = (asked.at for asked in server.asked_of("slow"))
        assert second - first >= 0.8
        times = [asked.at for asked in server.asked_of("quick")]
        assert times[-1] - times[0] < 8 * 0.4


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


def test_sec_wants_a_contact_and_counts_its_hosts_together() -> None:
    assert host_key("https://www.sec.gov/x") == host_key("https://data.sec.gov/y") == "sec.gov"
    assert host_key("https://notsec.gov/") == "notsec.gov"
    with Misbehaving({"sec": plain}, "127.0.10") as server:
        names = {name: [[server.addresses["sec"]]] for name in ("www.sec.gov", "data.sec.gov")}
        requests = [{"url": f"http://{name}:{server.port}/{n}"} for n in range(4) for name in names]
        settings = {"DOWNLOAD_DELAY": 0, "BROADTAPE_ALLOW_HOSTS": ["127.0.10.0/24"]}
        refused = crawl(requests, settings=settings, names=names)
        assert {result["error"] for result in refused} == {"ContactMissing"}
        assert "contact" in refused[0]["words"]
        assert not server.asked
        settings["BROADTAPE_CONTACT"] = "desk@example.org"
        results = crawl(requests, settings=settings, names=names)
        assert {result["status"] for result in results} == {200}
        times = [asked.at for asked in server.asked]
        assert min(after - before for before, after in pairwise(times)) >= 0.1
