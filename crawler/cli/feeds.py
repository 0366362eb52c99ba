"""`broadtape feeds`: what is watched."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, lists, pass_context
from crawler.cli.output import LOG, print_json, print_table

if TYPE_CHECKING:
    from pipelines.database import Database
    from pipelines.items import WatchedFeed


@click.group()
def feeds() -> None:
    """The feeds that are watched."""


for command in (lists.import_, lists.export, lists.check, lists.discover):
    feeds.add_command(command)


@feeds.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are switched off.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_context
def list_(context: Context, everything: bool, as_json: bool) -> None:
    """List the feeds."""
    with context.open() as database:
        _sync(context, database)
        watched = database.feeds.watched(enabled_only=not everything)
    rows = [
        (
            w.id,
            w.feed.name,
            w.feed.source.language,
            w.feed.source.region,
            w.feed.category,
            w.feed.url,
        )
        for w in watched
    ]
    columns = ("id", "name", "language", "region", "category", "url")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif sys.stdout.isatty():  # the beginning of an address says least
        print_table(
            columns,
            [(*row[:-1], row[-1].partition("://")[2].removeprefix("www.")) for row in rows],
            numbers=("id",),
        )
    else:
        print_table(columns, rows, numbers=("id",))


@feeds.command(
    epilog="""\b
Examples:
  broadtape feeds add https://example.com/rss.xml --language en
  broadtape feeds add https://example.cn/rss --name 示例财经 --language zh \\
                      --timezone Asia/Shanghai
"""
)
@click.argument("url")
@click.option("--name", help="What to call it.  [default: its host]")
@click.option(
    "--source",
    "source_name",
    metavar="NAME",
    help="Who publishes it.  [default: whoever's domain it lies in, else as --name]",
)
@click.option("--category", metavar="C", help="Any word of yours: economy, markets, companies.")
@click.option("--language", metavar="L", help="What it is written in: zh, en.")
@click.option("--region", metavar="R", help="What it is about: CN, US, EU.")
@click.option("--timezone", metavar="ZONE", help="Zone of dates that state none: Asia/Shanghai.")
@pass_context
def add(
    context: Context,
    url: str,
    name: str | None,
    source_name: str | None,
    category: str | None,
    **about: str | None,
) -> None:
    """Watch a feed that is not in the catalogue.

    Feeds of one source are taken together: an article that several of them list is fetched once.
    """
    from dataclasses import replace
    from urllib.parse import urlsplit

    from crawler.addresses import feed_url
    from crawler.catalogue import source_at, sources_of
    from pipelines.items import Feed, Source

    url = feed_url(url)
    host = urlsplit(url).hostname or url
    known = context.catalogue
    source = sources_of(known).get(source_name) if source_name else source_at(url, known)
    source = source or Source(name=source_name or name or host, domain=host)
    said: dict[str, Any] = {key: value for key, value in about.items() if value}
    source = replace(source, **said)
    with context.open() as database:
        _sync(context, database)
        with database.transaction():
            feed_id = database.feeds.add(
                Feed(url=url, name=name or host, source=source, category=category)
            )
    LOG.info(
        "watching %s of %s as feed %d; `broadtape crawl %d` polls it now",
        *(url, source.name, feed_id, feed_id),
    )


@feeds.command()
@click.argument("feed")
@pass_context
def remove(context: Context, feed: str) -> None:
    """Stop watching a feed; what it brought stays."""
    with context.open() as database:
        _sync(context, database)
        found = _one(database, feed)
        with database.transaction():
            database.feeds.remove(found.id)
    LOG.info("no longer watching %s; its articles stay", found.feed.name)


@feeds.command()
@click.argument("feed")
@pass_context
def pause(context: Context, feed: str) -> None:
    """Leave a feed alone until it is resumed."""
    _set_state(context, feed, "paused")


@feeds.command()
@click.argument("feed")
@pass_context
def resume(context: Context, feed: str) -> None:
    """Poll a paused feed again, or one that said it was gone."""
    _set_state(context, feed, "active")


def _set_state(context: Context, feed: str, state: str) -> None:
    with context.open() as database:
        _sync(context, database)
        found = _one(database, feed)
        with database.transaction():
            database.feeds.set_state(found.id, state)
    LOG.info("%s is %s", found.feed.name, state)


def _sync(context: Context, database: Database) -> None:
    with database.transaction():
        database.feeds.sync(context.catalogue)


def _one(database: Database, name: str) -> WatchedFeed:
    from pipelines.errors import NotFound

    found = database.feeds.find(name)
    if not found:
        raise NotFound(f"no feed {name!r}", "see `broadtape feeds list --all`")
    if len(found) > 1:
        ids = ", ".join(str(watched.id) for watched in found)
        raise NotFound(f"{name!r} could be any of the feeds {ids}", "give the number")
    return found[0]
