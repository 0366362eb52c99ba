"""`broadtape symbols`: which instruments are talked about."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, in_short, print_json, print_table
from crawler.cli.types import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.database import Database
    from pipelines.database.selection import Selection

# Four weeks hold every weekday equally often.
USUAL_OVER = timedelta(days=28)


@click.command(
    short_help="The most mentioned instruments, against their usual.",
    epilog="""\b
Examples:
  broadtape symbols                          the last 24 hours
  broadtape symbols --since 7d --language zh
  broadtape symbols --json | jq '.[] | select(.surprise > 3)'
""",
)
@click.option(
    "--since", type=INSTANT, metavar="T", help="First seen at T or later.  [default: 24h]"
)  # fmt: skip
@click.option("--until", type=INSTANT, metavar="T", help="First seen before T.  [default: now]")
@click.option(
    "--as-of", type=INSTANT, metavar="T",
    help="In the record as it was at T; the 24h are those before it.",
)  # fmt: skip
@click.option("--source", metavar="S", help="Only this source or publisher.")
@click.option("--language", metavar="L", help="Only this language.")
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_context
def symbols(
    context: Context,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    source: str | None,
    language: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the most mentioned instruments, since when, and what is usual for them.

    `usual` is the mean over as long a time, in the four weeks before, of articles that came
    in live; while the record is too young for that, it is empty and a line says so.
    `surprise` is how far the count is from it, in standard deviations: above 3 is worth a
    look. Symbols that mean the same are counted as one: US:AAPL as XNAS:AAPL if the record
    says that it trades there, a company of Beijing under its newer code.
    """
    from pipelines.database.selection import Selection

    now = as_of or datetime.now(UTC)
    since = since or now - timedelta(days=1)
    bounded = until is not None or as_of is not None
    until = until or now
    if since >= until:
        raise click.UsageError("--since must be before --until")
    selection = Selection(since=since, until=until, as_of=as_of, source=source, language=language)
    with context.open(read_only=True) as database, database.snapshot():
        begins = database.mentions.begins() or since
        rows = list(_attention(database, selection, begins, until - since, limit))
    if as_json:
        print_json(rows)
    elif rows:
        print_table(
            ("symbol", "name", "articles", "usual", "surprise", "first mentioned"),
            [_cells(row) for row in rows],
            numbers=("articles", "usual", "surprise"),
        )
    else:
        LOG.info("no instrument was mentioned since %s", f"{since:%Y-%m-%d %H:%M} UTC")
    if rows and rows[0]["usual"] is None:
        LOG.info(_why_no_usual(begins, since, until, None if bounded else now))


def print_coverage(context: Context, symbol: str, as_of: datetime | None, *, as_json: bool) -> None:
    """Print who mentions an instrument, by which rule, how often and since when."""
    with context.open(read_only=True) as database:
        rows = database.mentions.coverage(symbol, as_of)
    if as_json:
        print_json(rows)
    elif rows:
        columns = ("symbol", "source", "rule", "certainty", "articles", "first", "last")
        print_table(
            columns, [tuple(map(_cell, row.values())) for row in rows], numbers=("articles",)
        )
    else:
        LOG.info("no article mentions %s", symbol)


def _cell(value: object) -> object:
    """A moment to the minute; anything else as it is."""
    moment = isinstance(value, str) and value.endswith("Z") and value[10:11] == "T"
    return str(value)[:16].replace("T", " ") if moment else value


def _why_no_usual(begins: datetime, since: datetime, until: datetime, now: datetime | None) -> str:
    """Say that the record is too young to compare, and up to `now` what would be short enough."""
    span = in_short((until - since).total_seconds())
    line = (
        f"`usual` is empty: it needs the {span} before --since,"
        f" and the record begins {begins:%Y-%m-%d %H:%M} UTC"
    )
    half = (now - begins) / 2 if now else timedelta()
    for unit, letter in ((timedelta(days=1), "d"), (timedelta(hours=1), "h")):
        if half >= 2 * unit:
            return f"{line}; --since {half // unit}{letter} is short enough"
    return line


def _attention(
    database: Database,
    selection: Selection,
    record_begins: datetime,
    window: timedelta,
    limit: int,
) -> Iterator[dict[str, Any]]:
    from dataclasses import replace

    from pipelines.symbols.trend import attention, leading

    since = selection.since or datetime.now(UTC)
    begins = max(record_begins, since - max(USUAL_OVER, window))
    now = leading(database.mentions.counted(selection), limit)
    told = database.mentions.told(list(now), replace(selection, since=begins, until=since))
    before = Counter({symbol: one.before for symbol, one in told.items()})
    for symbol in attention(now, before, max(since - begins, timedelta()) / window):
        yield {
            "symbol": symbol.symbol,
            "name": told[symbol.symbol].name,
            "articles": symbol.now,
            "usual": None if symbol.usual is None else round(symbol.usual, 2),
            "surprise": None if symbol.surprise is None else round(symbol.surprise, 1),
            "first_mentioned_at": told[symbol.symbol].since,
            "last_mentioned_at": told[symbol.symbol].latest,
        }


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    surprise = row["surprise"]
    return (
        row["symbol"],
        row["name"],
        row["articles"],
        row["usual"],
        None if surprise is None else f"{surprise:+.1f}",
        row["first_mentioned_at"][:16].replace("T", " "),
    )
