"""What the user sees: tables on stdout, everything else on stderr."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipelines.ledger import Ledger

LOG = logging.getLogger("broadtape")


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps(
            {"at": at, "level": record.levelname.lower(), "message": record.getMessage()},
            ensure_ascii=False,
        )


class _Quiet(logging.StreamHandler[Any]):
    """Writes to stderr for as long as there is somebody to read it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def set_up_logging(*, verbose: bool, as_json: bool) -> None:
    """Log to stderr: plain lines, or one JSON object a line."""
    handler = _Quiet()
    handler.setFormatter(_AsJson() if as_json else logging.Formatter("%(message)s"))
    LOG.handlers = [handler]
    LOG.setLevel(logging.DEBUG if verbose else logging.INFO)
    LOG.propagate = False


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[str] = ()
) -> None:
    """A table that fits the terminal; tab-separated lines when stdout is not one.

    `numbers` are the columns to be set flush right.
    """
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *cells]:
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in line) + "\n")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE, pad_edge=False, header_style="bold")
    for column in columns:
        right = column in numbers
        table.add_column(
            column, justify="right" if right else "left", no_wrap=right, overflow="ellipsis"
        )
    for line in cells:
        table.add_row(*(_escaped(cell) for cell in line))
    Console().print(table)


def _escaped(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def print_page(title: str, facts: Sequence[tuple[str, str]]) -> None:
    """A title and named facts, one a line; on a terminal wrapped beside their names."""
    if not sys.stdout.isatty():
        lines = [title, *(f"  {name:<14} {value}" for name, value in facts), ""]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    last = None
    for name, value in facts:
        table.add_row("" if name == last else name, Text(value, overflow="fold"))
        last = name
    console = Console(highlight=False)
    console.print(Text(title, style="bold"))
    console.print(table)
    console.print()


def print_text(text: str, *, indent: int = 0) -> None:
    """Paragraphs; on a terminal wrapped between words, at most 88 columns wide."""
    if not sys.stdout.isatty():
        sys.stdout.write(text + "\n")
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    width = min(console.width, 88)
    for paragraph in text.splitlines():
        if paragraph.strip():
            console.print(Padding(Text(paragraph), (0, 0, 0 if indent else 1, indent)), width=width)


def print_json(value: object) -> None:
    """A value as indented JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress(ledger: Ledger) -> Iterator[Callable[[str], None]]:
    """Show a crawl as it goes: a bar on a terminal, plain lines elsewhere.

    Yields the listener to be told of every line. A terminal that closes is no reason to
    stop: what cannot be shown is not shown.
    """
    if not sys.stderr.isatty():
        yield LOG.info
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[line]}", table_column=None),
        console=Console(stderr=True),
        transient=True,
    )
    pages = bar.add_task("pages", total=None, line="")

    def show(line: str) -> None:
        with suppress(OSError):
            bar.update(
                pages, completed=ledger.settled, total=ledger.expected or None, line=_short(line)
            )
        LOG.debug(line)

    with suppress(OSError):
        bar.start()
    try:
        yield show
    finally:
        with suppress(OSError):
            bar.stop()


def _short(line: str) -> str:
    return _escaped(line if len(line) <= 36 else line[:35] + "…")
