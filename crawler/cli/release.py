"""`broadtape release`: a folder that others can use at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler import __version__
from crawler.cli import Context, pass_context
from crawler.cli.output import LOG
from crawler.cli.types import INSTANT, selecting

if TYPE_CHECKING:
    from datetime import datetime


@click.command(
    epilog="""\b
Examples:
  broadtape release news
  broadtape release news-2026-11 --since 2026-11-01 --until 2026-12-01
""",
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--as-of", type=INSTANT, metavar="T", help="What the record held at T.  [default: all]"
)
@selecting
@pass_context
def release(context: Context, folder: Path, as_of: datetime | None, **bounds: Any) -> None:
    """Write a folder of Parquet and CSV that describes itself.

    Parquet is partitioned by the day of first sight; datapackage.json (Data Package v2) has
    fields, meanings and hashes; README.md is a card. The same record as of the same moment
    gives the same bytes. An earlier release in DIR is replaced.
    """
    from pipelines.database.selection import Selection
    from pipelines.errors import ExportError
    from pipelines.export.release import write_release

    with context.open(read_only=True) as database, database.snapshot():
        as_of = as_of or database.reading.settled_at()
        if as_of is None:
            raise ExportError("there are no articles to release", "run `broadtape crawl` first")
        contents = write_release(database, Selection(as_of=as_of, **bounds), folder, __version__)
    LOG.info("%d articles as of %s written to %s", contents.articles, contents.as_of, folder)
