"""A few requests for a person who waits: checking and discovering feeds. Nothing is stored.

The same settings, manners and guard as a crawl's; robots.txt aside, for it is a person who
asks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from crawler.headers import header
from crawler.middlewares import host_key
from crawler.polling.failures import explain
from crawler.process import settings_for
from crawler.refusals import Refusal
from pipelines.items import Failure

if TYPE_CHECKING:
    from crawler.config import Config
    from pipelines.items import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    url: str
    status: int
    content_type: str | None
    body: bytes


Fetch = Callable[..., Awaitable[Fetched | Failure]]


def run_once(config: Config, job: Callable[[Fetch], Awaitable[T]]) -> T:
    """Run a coroutine that may fetch: `await fetch(url, source=None)`."""
    results: list[T] = []
    errors: list[BaseException] = []

    class Once(Spider):
        name = "once"

        async def start(self) -> AsyncIterator[Any]:
            try:
                results.append(await job(self.fetch))
            except Exception as error:
                errors.append(error)
            for item in list[Any]():  # an asynchronous generator, as Scrapy wants it
                yield item

        async def fetch(self, url: str, source: Source | None = None) -> Fetched | Failure:
            request = Request(
                url,
                headers=dict(source.headers) if source else None,
                meta={
                    "download_slot": host_key(url),
                    "dont_obey_robotstxt": True,
                    "needs_contact": bool(source and source.needs_contact),
                },
            )
            try:
                response = await self.crawler.engine.download_async(request)
            except Refusal as refusal:
                return Failure(reason=refusal.reason)
            except Exception as error:
                return Failure(reason=explain(error)[0])
            return Fetched(
                response.url,
                response.status,
                header(response, b"Content-Type"),
                response.body,
            )

    process = AsyncCrawlerProcess(settings_for(config))
    process.crawl(Once)
    process.start()
    if errors:
        raise errors[0]
    return results[0]
