"""How a crawl shows that it moves."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crawler.cli.output import LOG, logs_are_json, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.progress import ProgressColumn

    from pipelines.ledger import Ledger

# Columns of the terminal: the bar; from how many on there is one; from how many on the time;
# and what stays free, for the ^C that a terminal writes when it is typed.
_BAR = 12
_FOR_A_BAR = 60
_FOR_THE_TIME = 40
_BESIDE = 3


@contextmanager
def progress(ledger: Ledger) -> Iterator[Callable[[str], None]]:
    """Show a crawl as it goes: a bar on a terminal that can move its cursor, else plain lines.

    Yields the listener to be told of every line. While the bar is there, what is logged
    stands above it. A terminal that closes is no reason to stop: what cannot be shown is
    not shown.
    """
    console = _console()
    if console is None:
        yield LOG.info
        return
    from rich.progress import Progress

    bar = Progress(*_columns(console.width), console=console, transient=True, redirect_stdout=False)
    # With -v every line is logged, and would be there twice.
    twice = LOG.isEnabledFor(logging.DEBUG)
    begins = "" if twice else _fitting("asking the feeds", console.width, 0)
    pages = bar.add_task("pages", total=None, line=begins)

    def show(line: str) -> None:
        with suppress(OSError):
            bar.columns = _columns(console.width)  # the terminal may be another size by now
            fitting = "" if twice else _fitting(line, console.width, ledger.expected)
            bar.update(pages, completed=ledger.settled, total=ledger.expected or None, line=fitting)
        LOG.debug(line)

    with suppress(OSError):
        bar.start()
    try:
        yield show
    finally:
        with suppress(OSError):
            bar.stop()


def _console() -> Console | None:
    """The terminal behind stderr, if a bar can move there and is wanted."""
    if not sys.stderr.isatty() or logs_are_json():
        return None
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    return console if console.is_interactive else None


def _columns(width: int) -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

    return (
        TextColumn("{task.description}"),
        *([BarColumn(bar_width=_BAR)] if width >= _FOR_A_BAR else []),
        MofNCompleteColumn(),
        *([TimeElapsedColumn()] if width >= _FOR_THE_TIME else []),
        TextColumn("{task.fields[line]}", markup=False),
    )


def _fitting(line: str, width: int, expected: int) -> str:
    """As much of a line as there is room for beside the bar, the count and the time."""
    from rich.text import Text

    taken = len("pages ") + 2 * len(str(expected)) + len("/ ")
    if width >= _FOR_A_BAR:
        taken += _BAR + 1
    if width >= _FOR_THE_TIME:
        taken += len("0:00:00 ")
    text = Text(printable(line))
    text.truncate(max(width - taken - _BESIDE, 0), overflow="ellipsis")
    return text.plain
