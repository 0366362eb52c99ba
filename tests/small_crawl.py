"""A crawl of a few given requests in a process of its own, with Broadtape's components.

    python -m tests.small_crawl < job.json > results.json

A job is `{"requests": [{"url", "meta", "after"}], "settings": {...}, "names": {name:
[[address, ...], ...]}}`. `after` are seconds to wait before a request is made. `names` scripts
the name look-ups beneath the guard: the first look-up of a name gives its first list of
addresses, the next one the next, the last one from then on.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.internet import address as addresses
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from crawler.guard import GuardedResolver
from crawler.polling.failures import explain


def crawl(
    requests: list[dict[str, Any]], environment: dict[str, str] | None = None, **job: Any
) -> list[dict[str, Any]]:
    """Run a small crawl in a process of its own; one result per request, in their order."""
    text = json.dumps({"requests": requests, **job})
    done = subprocess.run(
        [sys.executable, "-m", "tests.small_crawl"],
        input=text,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = json.loads(done.stdout)
    return sorted(results, key=lambda result: result["index"])


@implementer(IHostnameResolver)
class ScriptedNames:
    """Answers look-ups of scripted names, and passes on the others."""

    def __init__(self, inner: Any, names: dict[str, list[list[str]]]) -> None:
        self.inner, self.names = inner, names

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *rest: Any) -> Any:  # noqa: N802
        script = self.names.get(host)
        if script is None:
            return self.inner.resolveHostName(receiver, host, port, *rest)
        receiver.resolutionBegan(self)
        for text in script.pop(0) if len(script) > 1 else script[0]:
            kind = addresses.IPv6Address if ":" in text else addresses.IPv4Address
            receiver.addressResolved(kind("TCP", text, port))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None: ...


class ScriptedResolver(GuardedResolver):
    """The guard above scripted names."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> ScriptedResolver:
        names = crawler.settings.getdict("TEST_NAMES")
        reactor.installNameResolver(ScriptedNames(reactor.nameResolver, names))
        return cls(reactor, crawler.settings.getlist("BROADTAPE_ALLOW_HOSTS"))


class SmallSpider(Spider):
    name = "small"

    async def start(self) -> Any:
        self.results: list[dict[str, Any]] = []
        for index, wanted in enumerate(self.settings["TEST_REQUESTS"]):
            await asyncio.sleep(wanted.get("after", 0))
            yield Request(
                wanted["url"],
                callback=self.keep,
                errback=self.keep_failure,
                dont_filter=True,
                meta={"dont_obey_robotstxt": True, **wanted.get("meta", {}), "index": index},
                headers=wanted.get("headers"),
            )

    def keep(self, response: Any) -> None:
        self._note(
            response.meta,
            status=response.status,
            url=response.url,
            body=response.text[:200] if hasattr(response, "text") else "",
        )

    def keep_failure(self, failure: Any) -> None:
        self._note(
            failure.request.meta,
            error=type(failure.value).__name__,
            words=str(failure.value),
            explained=explain(failure.value)[0],
            retry_at=str(getattr(failure.value, "retry_at", None)),
        )

    def _note(self, meta: dict[str, Any], **what: Any) -> None:
        self.results.append({"index": meta["index"], "at": time.time(), **what})


def main() -> None:
    job = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(
        {
            "ITEM_PIPELINES": {},
            "TWISTED_DNS_RESOLVER": "tests.small_crawl.ScriptedResolver",
            "TEST_NAMES": job.get("names", {}),
            "TEST_REQUESTS": job["requests"],
            "LOG_LEVEL": "ERROR",
            **job.get("settings", {}),
        },
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SmallSpider)
    process.crawl(crawler)
    process.start()
    json.dump(crawler.spider.results, sys.stdout)


if __name__ == "__main__":
    main()
