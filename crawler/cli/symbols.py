"""`broadtape symbols`: which instruments are talked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, print_json, print_table
from crawler.cli.types import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.database import Database
    from pipelines.database.reading import Selection

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
    "--since", type=INSTANT, metavar="T", default="24h", show_default=True,
    help="First seen at T or later.",
)  # fmt: skip
@click.option("--until", type=INSTANT, metavar="T", help="First seen before T.  [default: now]")
@click.option("--source", metavar="S", help="Only this source or publisher.")
@click.option("--language", metavar="L", help="Only this language.")
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_context
def symbols(
    context: Context,
    since: datetime,
    until: datetime | None,
    source: str | None,
    language: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the most mentioned instruments, since when, and what is usual for them.

    `usual` is the mean over as long a time, in the four weeks before, of articles that came
    in live; empty while the record is too young. `surprise` is how far the count is from
    it, in standard deviations: above 3 is worth a look. Symbols that mean the same are
    counted as one: US:AAPL as XNAS:AAPL if the record says that it trades there, a company
    of Beijing under its newer code.
    """
    from pipelines.database.reading import Selection

    until = until or datetime.now(UTC)
    if since >= until:
        raise click.UsageError("--since must be before --until")
    selection = Selection(since=since, until=until, source=source, language=language)
    with context.open(read_only=True) as database, database.snapshot():
        rows = list(_attention(database, selection, until - since, limit))
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


def print_coverage(context: Context, symbol: str, *, as_json: bool) -> None:
    """Print who mentions an instrument, by which rule, how often and since when."""
    with context.open(read_only=True) as database:
        rows = database.searching.coverage(symbol)
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


def _attention(
    database: Database, selection: Selection, window: timedelta, limit: int
) -> Iterator[dict[str, Any]]:
    from dataclasses import replace
    from itertools import islice

    from pipelines.symbols.trend import attention

    since = selection.since or datetime.now(UTC)
    begins = max(database.searching.begins() or since, since - max(USUAL_OVER, window))
    before = replace(selection, since=begins, until=since)
    compared = attention(
        database.searching.mentioned(selection),
        database.searching.mentioned(before, live_only=True),
        max(since - begins, timedelta()) / window,
    )
    for symbol in islice(compared, limit):
        known = database.searching.known_symbol(symbol.symbol)
        yield {
            "symbol": symbol.symbol,
            "name": known["name"],
            "articles": symbol.now,
            "usual": None if symbol.usual is None else round(symbol.usual, 2),
            "surprise": None if symbol.surprise is None else round(symbol.surprise, 1),
            "first_mentioned_at": known["since"],
            "last_mentioned_at": known["latest"],
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
