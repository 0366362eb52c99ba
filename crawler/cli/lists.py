"""`broadtape feeds import|export|check|discover`: lists of feeds, and looking before adding."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, print_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.check import Checked
    from crawler.discover import Candidate
    from crawler.once import Fetch
    from pipelines.items import Feed


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def import_(context: Context, file: Path) -> None:
    """Watch every feed of an OPML file or a sources.toml."""
    from crawler.catalogue import load, with_known_sources

    feeds = with_known_sources(load([file]), context.catalogue)
    with context.open() as database:
        known = {watched.feed.url for watched in database.feeds.watched(enabled_only=False)}
        with database.transaction():
            database.feeds.sync(context.catalogue)
            for feed in feeds:
                database.feeds.add(feed)
    new = sum(feed.url not in known for feed in feeds)
    LOG.info("%d feeds read from %s, %d of them new", len(feeds), file, new)


@click.command()
@click.option("-o", "--output", metavar="FILE", default="-", help="- for stdout.")
@click.option("--all", "everything", is_flag=True, help="Also feeds that are switched off.")
@pass_context
def export(context: Context, output: str, everything: bool) -> None:
    """Write the watched feeds as OPML, categories as folders."""
    from crawler.opml import write_opml
    from pipelines.export.target import text_target

    with context.open() as database:
        with database.transaction():
            database.feeds.sync(context.catalogue)
        configured = {feed.url: feed for feed in context.catalogue}
        watched = database.feeds.watched(enabled_only=not everything)
    feeds = [configured.get(w.feed.url, w.feed) for w in watched]
    with text_target(None if output == "-" else Path(output)) as out:
        out.write(write_opml(feeds))
    LOG.info("%d feeds written", len(feeds))


@click.command(
    short_help="Fetch feeds without storing anything.",
    epilog="""\b
Examples:
  broadtape feeds check                            every enabled feed
  broadtape feeds check https://example.com/rss.xml
""",
)
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@pass_context
def check(context: Context, feeds: tuple[str, ...]) -> None:
    """Fetch feeds without storing anything: format, entries, newest date, defects.

    FEED is an address, or a feed of the catalogue by name, source or number; without one,
    every enabled feed is checked. Exit code 1 if one of them is not readable.
    """
    from crawler.check import describe
    from crawler.once import run_once

    chosen = [feed for name in feeds for feed in _named(context, name)]
    chosen = chosen or [feed for feed in context.catalogue if feed.enabled]
    found = run_once(context.config, lambda fetch: _check_all(context, chosen, fetch))
    for checked in found:
        print_lines(describe(checked))
    if any(checked.outcome != "new" for checked in found):
        sys.exit(1)


@click.command(
    short_help="Find the feeds of a site.",
    epilog="""\b
Example:
  broadtape feeds discover https://example.com/
""",
)
@click.argument("url")
@pass_context
def discover(context: Context, url: str) -> None:
    """Find the feeds of a site: link tags, robots.txt, common paths; each is tried."""
    from crawler.addresses import feed_url
    from crawler.once import run_once
    from pipelines.errors import NotFound

    url = feed_url(url)
    found = run_once(context.config, lambda fetch: _discover(url, fetch))
    for candidate, checked in found:
        title = checked.title or candidate.title or "(no title)"
        facts = (candidate.url, checked.format, f"{checked.entries} entries", title)
        print_lines([("  " if sys.stdout.isatty() else "\t").join(map(str, facts))])
    if not found:
        raise NotFound(f"no feed found at {url}", "look for a link named RSS on the site")


def _named(context: Context, name: str) -> Sequence[Feed]:
    from crawler.addresses import feed_url
    from pipelines.items import Feed, Source

    wanted = name.lower()
    known = [
        feed
        for feed in context.catalogue
        if wanted in (feed.url.lower(), feed.name.lower(), feed.source.name.lower())
    ]
    if known or not context.config.database.is_file() or "://" in name:
        return known or [Feed(url=feed_url(name), name=name, source=Source(name=name, domain=""))]
    with context.open(read_only=True) as database:
        found = database.feeds.find(name)
    return [w.feed for w in found] or [
        Feed(url=feed_url(name), name=name, source=Source(name=name, domain=""))
    ]


async def _check_all(context: Context, feeds: Iterable[Feed], fetch: Fetch) -> list[Checked]:
    from crawler.addresses import resolve

    async def one(feed: Feed) -> Checked:
        return await _check(feed, resolve(feed, context.config.rsshub), fetch)

    return list(await asyncio.gather(*(one(feed) for feed in feeds)))


async def _check(feed: Feed, address: str, fetch: Fetch) -> Checked:
    from crawler.check import Checked, check_feed
    from pipelines.items import Failure

    answer = await fetch(address, feed.source)
    if isinstance(answer, Failure):
        return Checked(url=feed.url, outcome="error", reason=answer.reason)
    if answer.status != 200:
        return Checked(url=feed.url, outcome="error", reason=f"HTTP {answer.status}")
    return check_feed(
        feed,
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        fetched_at=datetime.now(UTC),
    )


async def _discover(url: str, fetch: Fetch) -> list[tuple[Candidate, Checked]]:
    from urllib.parse import urljoin

    from crawler.discover import Candidate, candidates
    from pipelines.errors import NotFound
    from pipelines.items import Failure, Feed, Source

    def as_feed(address: str) -> Feed:
        return Feed(url=address, name=address, source=Source(name=address, domain=""))

    page, robots = await asyncio.gather(fetch(url), fetch(urljoin(url, "/robots.txt")))
    if isinstance(page, Failure):
        raise NotFound(f"{url} cannot be read ({page.reason})", "check the address")
    rules = robots.body if not isinstance(robots, Failure) and robots.status == 200 else None
    found = [
        Candidate(url, None, "link"),
        *candidates(page.body, page.url, content_type=page.content_type, robots=rules),
    ]
    checked = await asyncio.gather(*(_check(as_feed(c.url), c.url, fetch) for c in found))
    return [(c, k) for c, k in zip(found, checked, strict=True) if k.outcome == "new"]
