"""`broadtape db`: care of the file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG

MEGABYTE = 1 << 20


@click.group()
def db() -> None:
    """Care of the database file."""


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_context
def backup(context: Context, file: Path) -> None:
    """Copy the database to FILE; safe while a crawl is writing."""
    with context.open(read_only=True) as database:
        database.backup(file)
    LOG.info("copied to %s", file)


@db.command()
@pass_context
def check(context: Context) -> None:
    """Run SQLite's integrity check; exit code 1 if the file is damaged."""
    from pipelines.errors import NotADatabase

    with context.open(read_only=True) as database:
        problems = database.check()
    if problems:
        raise NotADatabase(f"the database is damaged ({problems[0]})", "restore a backup")
    LOG.info("the database is sound")


@db.command(short_help="Forget what is past its time: old texts, polls, signatures.")
@pass_context
def prune(context: Context) -> None:
    """Forget what is past its time (the daemon does daily).

    Texts and the log of polls go after the time that [retention] of broadtape.toml gives
    them: five years and 90 days unless it says otherwise. Titles, dates, addresses, symbols
    and stories are kept for ever.
    """
    from pipelines.tidy import tidy

    with context.open() as database:
        kept = context.config.retention
        gone = tidy(database, datetime.now(UTC), polls_kept_s=kept.polls, texts_kept_s=kept.text)
    LOG.info(
        "forgotten: the texts of %d articles, %d polls, %d rows of signatures",
        gone.texts, gone.polls, gone.signatures,
    )  # fmt: skip


@db.command()
@pass_context
def vacuum(context: Context) -> None:
    """Give room that is no longer used back to the disk."""
    with context.open() as database:
        before = database.reading.totals()["bytes"]
        database.vacuum()
        after = database.reading.totals()["bytes"]
    LOG.info("%.1f MB now, %.1f MB before", after / MEGABYTE, before / MEGABYTE)


@db.command(short_help="Clean stored texts of furniture learned since.")
@click.argument("source", required=False)
@pass_context
def reclean(context: Context, source: str | None) -> None:
    """Clean stored texts of furniture that was learned after they were stored.

    Without SOURCE, all sources. Each cleaned article gets a revision of the kind
    "recompute", so an export as of an earlier time stays what it was.
    """
    from pipelines.learning import reclean_source

    with context.open() as database:
        sources = [source] if source else database.articles.sources()
        count = sum(reclean_source(database, name, datetime.now(UTC)) for name in sources)
    LOG.info("%d articles cleaned", count)


@db.command(short_help="Bring a database of an earlier version up to date.")
@pass_context
def upgrade(context: Context) -> None:
    """Bring a database of an earlier version up to date, as any command that writes does."""
    if not context.config.database.is_file():
        context.open(read_only=True)  # says that there is none, and what to do
    with context.open() as database:
        articles = database.reading.totals()["articles"]
    LOG.info("%s is up to date (%d articles)", context.config.database, articles)
