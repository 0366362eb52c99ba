"""robots.txt, for article pages. RFC 9309."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawler.middlewares import HostManners, host_key
from crawler.polling.failures import explain
from crawler.refusals import AddressRefused, HostPaused, RobotsForbidden, RobotsUnreachable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ROBOTS_NAME = "Broadtape"
ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is read
ROBOTS_FRESH = timedelta(hours=24)  # RFC 9309, 2.4
ROBOTS_RETRY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Robots:
    """A site's robots.txt until `expires`; without a parser it could not be had, and why."""

    parser: ProtegoRobotParser | None
    expires: datetime
    reason: str = ""


class PoliteRobots:
    """Obeys robots.txt as RFC 9309 has it, and passes its crawl-delay on to HostManners.

    Feeds are published to be polled: their requests carry `dont_obey_robotstxt`. 4xx and
    HTML in place of a robots.txt allow everything; 5xx and network errors forbid everything
    for now (`RobotsUnreachable` says until when). Read again after a day, unlike with
    Scrapy's own middleware, so that a daemon notices a change.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.name = crawler.settings.get("ROBOTSTXT_USER_AGENT") or ROBOTS_NAME
        self.known: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PoliteRobots:
        """Build; ROBOTSTXT_USER_AGENT is the name looked for in robots.txt."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or say why not."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        robots = await self._robots(request)
        if robots.parser is None:
            raise RobotsUnreachable(robots.reason, robots.expires)
        if not robots.parser.allowed(request.url, self.name):
            raise RobotsForbidden("robots.txt forbids this page")

    async def _robots(self, request: Request) -> Robots:
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        task = self.known.get(site)
        if task is None or (task.done() and task.result().expires <= datetime.now(UTC)):
            task = self.known[site] = asyncio.ensure_future(self._read(site, request))
        return await task

    async def _read(self, site: str, page: Request) -> Robots:
        """Fetch a site's robots.txt the way its page will be; whatever goes wrong is a value."""
        way: dict[str, Any] = {
            key: page.meta[key] for key in ("delay_s", "proxy") if key in page.meta
        }
        request = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            meta={"dont_obey_robotstxt": True, **way},
        )
        now = datetime.now(UTC)
        try:
            response = await self.crawler.engine.download_async(request)
        except AddressRefused as refusal:
            return Robots(None, now + ROBOTS_FRESH, refusal.reason)
        except HostPaused as paused:
            return Robots(None, paused.retry_at or now + ROBOTS_RETRY, paused.reason)
        except Exception as error:
            words, _ = explain(error)
            return Robots(None, now + ROBOTS_RETRY, f"robots.txt cannot be read: {words}")
        if response.status == 429 or response.status >= 500:
            reason = f"robots.txt cannot be read: HTTP {response.status}"
            return Robots(None, now + ROBOTS_RETRY, reason)
        parser = ProtegoRobotParser(_rules(response), None)
        self._pass_on(site, parser)
        return Robots(parser, now + ROBOTS_FRESH)

    def _pass_on(self, site: str, parser: ProtegoRobotParser) -> None:
        delay = parser.crawl_delay(self.name)
        manners = self.crawler.get_downloader_middleware(HostManners)
        if delay and manners is not None:
            manners.slow_down(host_key(site), delay)


def _rules(response: Response) -> bytes:
    """The rules of a robots.txt; none where the answer is no robots.txt at all."""
    if response.status >= 300 or response.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return b""
    return response.body[:ROBOTS_BYTES]
