"""Manners towards hosts, and what answers mean, as Scrapy downloader middlewares.

    Onward          a page that only sends its reader on to another one
    HonestEncoding  a body that is not what its Content-Encoding claims
    HostManners     how often a host is asked, and when not at all

robots.txt has its own room, `crawler.robots`. Scrapy's own download slots keep the delay and
the number of requests at a time; the slot is the host, also after a redirect to another one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from twisted.python.failure import Failure

from crawler.polling.headers import pause
from crawler.refusals import ContactMissing, HostPaused

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Hosts that count all requests to their domain together, and the least seconds between two.
# SEC: at most 10 requests a second in total, and a contact in the User-Agent
# (https://www.sec.gov/about/developer-resources).
SHARED_HOSTS = {"sec.gov": 0.11}
WANT_CONTACT = ("sec.gov",)
# The delay is kept between sendings; what a server sees is blurred by the network. A tenth
# more, give or take a twentieth, keeps the promise at the server's end too.
DELAY_MARGIN, DELAY_JITTER = 1.1, 0.045
PAUSING = (429, 503)
LONGEST_CRAWL_DELAY = 300.0
LONGEST_ONWARD = 4096
PLAIN_STARTS = (b"<?xml", b"<rss ", b"<feed", b"<html", b"<!doc")
MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def host_key(url: str) -> str:
    """Name whose patience a request uses up: the host, or the domain that counts as one."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    for domain in SHARED_HOSTS:
        if host == domain or host.endswith(f".{domain}"):
            return domain
    return host


class HostManners:
    """Asks no host more often than agreed, and not at all while it wants to be left alone.

    `request.meta["delay_s"]` is a source's own delay, which replaces the general one
    (DOWNLOAD_DELAY). While a host is paused its requests fail at once with `HostPaused`,
    also those that were already waiting in its slot: the entry or feed stays due, nothing
    blocks, and a one-off crawl ends rather than wait for hours.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.concurrency = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.contact = settings.get("BROADTAPE_CONTACT")
        self.paused: dict[str, datetime] = {}
        self.crawl_delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostManners:
        """Build from DOWNLOAD_DELAY, CONCURRENT_REQUESTS_PER_DOMAIN and BROADTAPE_CONTACT."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Put the request into its host's slot, unless the host may not be asked."""
        key = host_key(request.url)
        request.meta["download_slot"] = key
        if (key in WANT_CONTACT or request.meta.get("needs_contact")) and not self.contact:
            raise ContactMissing(
                f"{key} answers only those who say who they are: "
                'set contact = "you@your.domain" in broadtape.toml'
            )
        if (until := self.paused_until(key)) is not None:
            raise _paused(key, until)
        self._keep_distance(key, request.meta.get("delay_s"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Pause the host when it says 429 or 503."""
        if response.status in PAUSING:
            now = datetime.now(UTC)
            raw = response.headers.get(b"Retry-After")
            said = raw.decode("latin-1") if raw else None
            self.pause(host_key(request.url), now + pause(response.status, said, now))
        return response

    def pause(self, key: str, until: datetime) -> None:
        """Send nothing to a host until then; what waits in its slot fails at once."""
        self.paused[key] = max(until, self.paused.get(key, until))
        slot = self._slots().get(key)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(_paused(key, self.paused[key])))  # type: ignore[no-untyped-call]

    def slow_down(self, key: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to a host, as its robots.txt asks."""
        self.crawl_delays[key] = min(delay, LONGEST_CRAWL_DELAY)

    def paused_until(self, key: str) -> datetime | None:
        """Until when a host is paused; None if it is not."""
        until = self.paused.get(key)
        if until is None or until > datetime.now(UTC):
            return until
        del self.paused[key]
        return None

    def _keep_distance(self, key: str, own_delay: float | None) -> None:
        delay = self.delay if own_delay is None else own_delay
        delay = max(delay, self.crawl_delays.get(key, 0), SHARED_HOSTS.get(key, 0))
        slots = self._slots()
        if key in slots:
            slots[key].delay = delay * DELAY_MARGIN
            slots[key].jitter = DELAY_JITTER
            return
        self.crawler.engine.downloader.per_slot_settings[key] = {
            "concurrency": self.concurrency,
            "delay": delay * DELAY_MARGIN,
            "jitter": DELAY_JITTER,
        }

    def _slots(self) -> dict[str, Any]:
        slots: dict[str, Any] = self.crawler.engine.downloader.slots
        return slots


def _paused(key: str, until: datetime) -> HostPaused:
    return HostPaused(f"{key} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC", until)


class Onward(MetaRefreshMiddleware):
    """Follows a page that says nothing but `<meta http-equiv=refresh>`, as a browser does.

    A page with something to read is read: its refresh reloads it, or leads those without
    cookies round in a circle. How soon it must be is METAREFRESH_MAXDELAY.
    """

    # Scrapy passes no spider any more, and warns of who would take one.
    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Redirect, if that is all the page is for."""
        if len(response.body) > LONGEST_ONWARD:
            return response
        return super().process_response(request, response)


class HonestEncoding:
    """Drops a Content-Encoding that the body belies, so that a plain body is read as it is.

    Some servers and caches unpack a body and forget the header. Sits between the network
    and Scrapy's decompression.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Judge the outermost coding by its magic number, Brotli and deflate by plain text."""
        claimed = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        coding = claimed.rpartition(",")[2].strip().lower()
        if not coding or not response.body:
            return response
        magic = MAGIC.get(coding)
        plain = response.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower()
        told = plain in PLAIN_STARTS
        if told or (magic and not response.body.startswith(magic)):
            del response.headers["Content-Encoding"]
        return response
