"""`broadtape export`: rows for other programs."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG
from crawler.cli.types import INSTANT, SYMBOL

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option(
    "-f", "--format", "kind", type=click.Choice(["csv"]), default="csv", show_default=True
)
@click.option(
    "-o", "--output", metavar="FILE", default="-", show_default=True, help="- for stdout."
)
@click.option("--since", type=INSTANT, metavar="T", help="First seen at T or later.")
@click.option("--until", type=INSTANT, metavar="T", help="First seen before T.")
@click.option("--as-of", type=INSTANT, metavar="T", help="What the record held at T.")
@click.option("--source", metavar="S", help="Only this source or publisher.")
@click.option("--language", metavar="L", help="Only this language.")
@click.option(
    "--symbol", type=SYMBOL, metavar="S", help="Only articles that mention it: XSHE:000088."
)
@click.option("--no-text", is_flag=True, help="Leave the text column empty.")
@pass_context
def export(
    context: Context,
    kind: str,
    output: str,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    source: str | None,
    language: str | None,
    symbol: str | None,
    no_text: bool,
) -> None:
    """Write the record as CSV, one article a row.

    Times are UTC. T is a date, an ISO 8601 time, or how long ago (24h, 7d). A file appears
    under its name only when it is whole.
    """
    from pipelines.database.reading import EXPORT_COLUMNS, Selection
    from pipelines.export import FORMATS
    from pipelines.export.target import text_target

    selection = Selection(
        since=since, until=until, as_of=as_of, source=source, language=language, symbol=symbol
    )
    target = None if output == "-" else Path(output)
    with (
        context.open(read_only=True) as database,
        database.snapshot(),
        closing(database.reading.export(selection, with_text=not no_text)) as rows,
        text_target(target) as out,
    ):
        count = FORMATS[kind](EXPORT_COLUMNS, rows, out)
    if target is not None or sys.stderr.isatty():
        LOG.info("%d articles written%s", count, f" to {target}" if target else "")
