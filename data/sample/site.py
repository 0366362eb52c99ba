"""The sample's publishers on loopback: one HTTP server each, and a world that can change.

    with Site() as site:
        Path("sources.toml").write_text(site.catalogue(), "utf-8")
        ...                                       # crawl
        site.edit_article("tidewater", slug, text="...")
        ...                                       # crawl again
        assert site.pages_fetched() == [...]

Feeds and pages carry an ETag and a Last-Modified date and are answered with 304 when
they have not changed; every request is kept in `site.requests`. Beside the publishers'
feeds the catalogue lists one which is down: its port is taken, and nobody listens.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from data.sample import articles, render
from data.sample.articles import Article, Publisher
from data.sample.server import Answer, Server, conditional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = datetime(2026, 11, 24, tzinfo=UTC)
PROSE = (
    "Brokers/The exchange/A spokeswoman/Two of the lenders/Refiners/Growers/The regulator/"
    "Shareholders/Its largest customer/Rating agencies/Dealers in Oslo/The pension fund",
    "ordered/sold/counted/wrote off/asked for/insured/returned/priced/rejected/reported/shipped",
    "tonnes of copper/bonds due in spring/hours of work/vessels/claims/barrels/leases/new shares/"
    "letters of credit/accounts/turbine blades/cases of tea/contracts",
    "before the close/after a long vote/in the southern ports/at the lower price/without comment/"
    "for the first time since summer/as the rules require/on thin trading/by Tuesday evening",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came in, and the status it got; `at` is seconds since the epoch."""

    publisher: str
    path: str
    at: float
    headers: Mapping[str, str]
    status: int


class Site:
    """The publishers of `data/sample`, served on loopback until closed.

    `ports` fixes a publisher's port (0 or absent: the system chooses one); `hosts` are the
    loopback addresses which the publishers take in turn, for tests of per-host manners.
    """

    def __init__(
        self, *, ports: Mapping[str, int] | None = None, hosts: Sequence[str] = ("127.0.0.1",)
    ) -> None:
        self.requests: list[Request] = []
        self._lock = threading.RLock()
        self._newsrooms: dict[str, _Newsroom] = {}
        for number, publisher in enumerate(articles.load()):
            address = (hosts[number % len(hosts)], (ports or {}).get(publisher.key, 0))
            answer = partial(self._answer, publisher.key)
            self._newsrooms[publisher.key] = _Newsroom(publisher, Server(address, answer))
        # Bound, but not listening: every connection is refused, and nobody else gets the port.
        self._down = socket.socket()
        self._down.bind((hosts[0], 0))

    def __enter__(self) -> Self:
        for newsroom in self._newsrooms.values():
            newsroom.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving; whoever is still waiting for an answer is cut off."""
        for newsroom in self._newsrooms.values():
            newsroom.server.stop()
        self._down.close()

    # What there is

    @property
    def publishers(self) -> tuple[str, ...]:
        """The publishers' keys: gangcheng (Chinese, RSS), meridian (RSS), tidewater (Atom)."""
        return tuple(self._newsrooms)

    @property
    def down_url(self) -> str:
        """The feed that is down."""
        host, port = self._down.getsockname()
        return f"http://{host}:{port}/feed.xml"

    def url(self, publisher: str, path: str = "/") -> str:
        """The address of a path at a publisher."""
        return self._newsrooms[publisher].server.url + path

    def feed_url(self, publisher: str) -> str:
        """The address of the publisher's feed."""
        return self.url(publisher, self._newsrooms[publisher].publisher.feed_path)

    def article_url(self, publisher: str, slug: str) -> str:
        """The address of an article's page."""
        newsroom = self._newsrooms[publisher]
        return self.url(publisher, render.path(newsroom.publisher, newsroom.articles[slug]))

    def articles(self, publisher: str) -> tuple[Article, ...]:
        """What the publisher's feed lists at present, including pages that are missing."""
        with self._lock:
            return tuple(self._newsrooms[publisher].articles.values())

    def fetchable(self) -> dict[str, Article]:
        """Address -> article for every page that is listed in a feed and can be had."""
        with self._lock:
            return {
                self.article_url(key, article.slug): article
                for key, newsroom in self._newsrooms.items()
                for article in newsroom.articles.values()
                if not article.missing
            }

    def pages_fetched(self) -> list[str]:
        """The addresses of all requests so far for anything but feeds and robots.txt."""
        with self._lock:
            feeds = {key: room.publisher.feed_path for key, room in self._newsrooms.items()}
            return [
                self.url(request.publisher, request.path)
                for request in self.requests
                if request.path not in ("/robots.txt", feeds[request.publisher])
            ]

    def catalogue(self) -> str:
        """A sources.toml that lists the publishers' feeds and the one that is down."""
        sources = []
        for key, newsroom in self._newsrooms.items():
            publisher = newsroom.publisher
            sources.append(
                f'[[source]]\nname = "{publisher.name}"\ndomain = "{publisher.domain}"\n'
                f'language = "{publisher.language}"\nregion = "{publisher.region}"\n'
                f'timezone = "{publisher.timezone}"\n\n'
                f'  [[source.feed]]\n  name = "{publisher.feed_name}"\n'
                f'  url = "{self.feed_url(key)}"\n  category = "{publisher.category}"\n'
            )
        down = '[[source]]\nname = "Northgate Bulletin"\ndomain = "northgate.example"\n'
        down += 'language = "en"\n\n  [[source.feed]]\n  name = "Commodities"\n'
        return "\n".join([*sources, f'{down}  url = "{self.down_url}"\n'])

    # Changing the world

    def add_article(self, publisher: str, slug: str, **facts: Any) -> str:
        """List a new article and serve its page; returns its address.

        `facts` are those of `Article`; without `title`, `text` or `published` it gets some.
        """
        with self._lock:
            newsroom = self._newsrooms[publisher]
            facts.setdefault("title", f"Shares close higher: {slug}")
            facts.setdefault("text", _prose(slug))
            facts.setdefault("published", newsroom.tick())
            newsroom.articles[slug] = Article(slug=slug, **facts)
            return self.article_url(publisher, slug)

    def edit_article(self, publisher: str, slug: str, **facts: Any) -> None:
        """Change an article; feed and page say when, unless `updated` is given."""
        with self._lock:
            newsroom = self._newsrooms[publisher]
            facts.setdefault("updated", newsroom.tick())
            newsroom.articles[slug] = replace(newsroom.articles[slug], **facts)

    def remove_article(
        self, publisher: str, slug: str, *, status: int = 404, listed: bool = False
    ) -> None:
        """Take an article's page away (404, or 410), and its entry out of the feed."""
        with self._lock:
            newsroom = self._newsrooms[publisher]
            article = newsroom.articles.pop(slug)
            newsroom.tick()
            self.add_page(
                publisher, render.path(newsroom.publisher, article), b"Gone", status=status
            )
            if listed:
                newsroom.articles[slug] = replace(article, missing=True)

    def set_delay(self, publisher: str, seconds: float) -> None:
        """Let each of the publisher's pages (not its feed, not robots.txt) take so long."""
        self._newsrooms[publisher].delay = seconds

    def add_page(
        self,
        publisher: str,
        path: str,
        body: bytes,
        *,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        delay: float = 0.0,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Serve these bytes at a path, whatever was there (a feed, robots.txt); its address."""
        answer = Answer(
            body=body,
            content_type=content_type,
            status=status,
            delay=delay,
            headers=headers or {},
        )
        with self._lock:
            self._newsrooms[publisher].extra[path] = answer
        return self.url(publisher, path)

    # Answering

    def _answer(self, key: str, path: str, headers: Mapping[str, str]) -> Answer:
        """What to send; noted at once, so that a test sees who is waiting for a slow page."""
        with self._lock:
            answer = self._newsrooms[key].answer(path, self.url(key, ""))
            answer = conditional(answer, headers)
            self.requests.append(
                Request(
                    publisher=key, path=path, at=time.time(), headers=headers, status=answer.status
                )
            )
        return answer


class _Newsroom:
    """A publisher at work: what it lists now, and its server."""

    def __init__(self, publisher: Publisher, server: Server) -> None:
        self.publisher, self.server = publisher, server
        self.articles = {article.slug: article for article in publisher.articles}
        self.extra: dict[str, Answer] = {}
        self.delay = 0.0
        self.changed = max((a.changed for a in publisher.articles), default=START)

    def tick(self) -> datetime:
        """A later second for each change: dates stay the same from run to run, and honest."""
        self.changed += timedelta(seconds=1)
        return self.changed

    def answer(self, path: str, base: str) -> Answer:
        if path in self.extra:
            return self.extra[path]
        if path == "/robots.txt":
            body = b"User-agent: *\nDisallow: /account/\nAllow: /\n"
            return Answer(body=body, content_type="text/plain", headers=_dated(START))
        if path == self.publisher.feed_path:
            body = render.feed(self.publisher, list(self.articles.values()), base)
            kind = f"application/{self.publisher.feed}+xml"
            return Answer(body=body, content_type=kind, headers=_dated(self.changed))
        for article in self.articles.values():
            if render.path(self.publisher, article) == path and not article.missing:
                return self._page(article, base)
        return Answer(body=b"<h1>Not found</h1>", status=404, delay=self.delay)

    def _page(self, article: Article, base: str) -> Answer:
        # Related links come from the files, so that a page changes only with its article.
        others = [a for a in self.publisher.articles if a.slug != article.slug][:5]
        return Answer(
            body=render.page(self.publisher, article, base, others),
            content_type="text/html",
            delay=self.delay,
            headers=_dated(article.changed),
        )


def _dated(changed: datetime) -> dict[str, str]:
    return {"Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}


def _prose(slug: str) -> str:
    """Five paragraphs of plausible prose, the same for a slug, and shared with no other."""
    draw = random.Random(slug)

    def sentence() -> str:
        who, did, what, when = (draw.choice(words.split("/")) for words in PROSE)
        return f"{who} {did} {draw.randrange(10_000)} {what} {when}."

    return "\n\n".join(" ".join(sentence() for _ in range(4)) for _ in range(5))
