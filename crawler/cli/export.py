"""`broadtape export`: rows for other programs."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG
from crawler.cli.types import INSTANT, selecting

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.database.selection import Selection

FORMATS = ("csv", "excel", "jsonl", "parquet", "markdown", "atom")
POSTS = ("markdown", "atom")
PROFILES = ("openbb", "ninjs")


@click.command(
    epilog="""\b
Examples:
  broadtape export -o news.csv
  broadtape export -f parquet --since 7d -o week.parquet
  broadtape export --as-of 2026-11-01 -o then.csv
  broadtape export -f jsonl --cursor mirror.cursor -o 'changes-{after}.jsonl'
""",
)
@click.option(
    "-f", "--format", "kind", type=click.Choice(FORMATS), help="[default: csv; ninjs: jsonl]"
)
@click.option(
    "-o", "--output", metavar="FILE", default="-", show_default=True, help="- for stdout."
)
@click.option("--as-of", type=INSTANT, metavar="T", help="What the record held at T.")
@selecting
@click.option("--no-text", is_flag=True, help="Leave the text column empty.")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="SEQ",
    help="Changes after this cursor instead of articles.",
)
@click.option(
    "--cursor",
    "cursor_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Go on from the cursor in FILE, and move it when all is written.",
)
@click.option(
    "--profile", type=click.Choice(PROFILES), help="In the terms of OpenBB or IPTC ninjs 3.1."
)
@click.option("--stories", is_flag=True, help="One row a story: its first article, and copies.")
@pass_context
def export(
    context: Context,
    kind: str | None,
    output: str,
    no_text: bool,
    after: int | None,
    cursor_file: Path | None,
    profile: str | None,
    **bounds: Any,
) -> None:
    """Write the record for other programs, one article a row.

    Times are UTC. T is a date, an ISO 8601 time, or how long ago (24h, 7d). A file appears
    under its name only when it is whole.

    markdown writes a post an article into the folder FILE, atom a full-text feed.

    With --after or --cursor every change (add, revise, withdraw, recompute) is written
    exactly once, in the order of seq; the cursor to go on from is the last line on stderr.
    {after} in FILE stands for the cursor it starts from.
    """
    from pipelines.database.selection import Selection
    from pipelines.export.cursor import kept_cursor

    kind = kind or ("jsonl" if profile == "ninjs" else "csv")
    if bounds["stories"] and (profile or after is not None or cursor_file or kind in POSTS):
        raise click.UsageError("--stories is a table: csv, excel, jsonl or parquet, unprofiled.")
    _refuse_what_makes_no_sense(kind, profile, after, cursor_file, bounds["as_of"])
    with ExitStack() as stack:
        kept = stack.enter_context(kept_cursor(cursor_file)) if cursor_file else None
        if kept and after is None:
            after = kept.value or 0
        selection = Selection(after=after, **bounds)
        target = None if output == "-" else Path(_named(output, after))
        database = stack.enter_context(context.open(read_only=True))
        stack.enter_context(database.snapshot())
        cursor = _cursor(database, after)
        count = _write(database, selection, kind, profile, target, with_text=not no_text)
        if kept:
            kept.move(cursor)
    if target is not None or sys.stderr.isatty():
        what = "changes" if after is not None else "stories" if selection.stories else "articles"
        LOG.info("%d %s written%s", count, what, f" to {target}" if target else "")
    if after is not None:
        LOG.info("cursor %d", cursor)


def _refuse_what_makes_no_sense(
    kind: str,
    profile: str | None,
    after: int | None,
    cursor_file: Path | None,
    as_of: datetime | None,
) -> None:
    from pipelines.export.profiles import PROFILES

    if as_of and (after is not None or cursor_file):
        raise click.UsageError("--as-of shows one moment; --after and --cursor follow changes.")
    if profile and kind not in (able := PROFILES[profile].formats):
        raise click.UsageError(f"--profile {profile} can be had as {', '.join(able)}.")


def _named(output: str, after: int | None) -> str:
    return output if after is None else output.replace("{after}", str(after))


def _cursor(database: Database, after: int | None) -> int:
    from pipelines.errors import ExportError

    cursor = database.reading.cursor()
    if after is not None and after > cursor:
        raise ExportError(
            f"cursor {after} is not of this database, whose latest change is {cursor}",
            "name the right --db, or start again with --after 0",
        )
    return cursor


def _write(
    database: Database,
    selection: Selection,
    kind: str,
    profile: str | None,
    target: Path | None,
    *,
    with_text: bool,
) -> int:
    from pipelines.database.selection import CHANGE_COLUMNS, EXPORT_COLUMNS, STORY_COLUMNS
    from pipelines.export import FORMATS
    from pipelines.export.profiles import PROFILES, write_profile

    form = FORMATS[kind]
    given: dict[str, bool] = {"with_text": with_text, "encoded": form.encoded and not profile}
    table = EXPORT_COLUMNS if selection.after is None else CHANGE_COLUMNS
    columns = form.columns or (STORY_COLUMNS if selection.stories else table)
    if profile:
        columns = PROFILES[profile].columns
    rows = database.reading.export(selection, columns, **given)
    with closing(rows), form.target(target) as out:
        if profile:
            return write_profile(PROFILES[profile], kind, rows, out)
        return form.write(columns, rows, out)
