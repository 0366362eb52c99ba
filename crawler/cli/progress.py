"""How a crawl shows that it moves."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crawler.cli.output import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.ledger import Ledger


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
    from rich.markup import escape

    return escape(line if len(line) <= 36 else line[:35] + "…")
