"""What the user sees: tables on stdout, everything else on stderr."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.instants import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.text import Text

LOG = logging.getLogger("broadtape")

# What a terminal takes for orders, such as to clear the screen; line ends and tabs are none.
_ORDERS = dict.fromkeys({*range(32), *range(127, 160)} - {9, 10}, " ")
# Columns of the terminal: what a text in a table needs at least, and what stands between two.
_READABLE = 10
_GAP = 2


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = to_text(datetime.fromtimestamp(record.created, UTC))
        return json.dumps(
            {"at": at, "level": record.levelname.lower(), "message": record.getMessage()},
            ensure_ascii=False,
        )


class _AsLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return fitted(super().format(record))


class _ToStderr(logging.Handler):
    """Writes to what is stderr by then, for as long as there is somebody to read it.

    A progress bar puts itself in stderr's place, so that lines stand above it.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except OSError:
            pass
        except Exception:
            self.handleError(record)


def set_up_logging(*, verbose: bool, as_json: bool) -> None:
    """Log to stderr: plain lines, or one JSON object a line."""
    handler = _ToStderr()
    handler.setFormatter(_AsJson() if as_json else _AsLines())
    LOG.handlers = [handler]
    LOG.setLevel(logging.DEBUG if verbose else logging.INFO)
    LOG.propagate = False


def logs_are_json() -> bool:
    """Whether a program is to read what is logged."""
    return any(isinstance(handler.formatter, _AsJson) for handler in LOG.handlers)


def printable(text: str) -> str:
    """A text of others as it can be shown: nothing in it gives orders to a terminal."""
    return text.translate(_ORDERS)


def then(as_of: datetime | None) -> str:
    """The moment that is spoken of, to go behind what is said of it; "" where that is now."""
    return f" as of {to_text(as_of)}" if as_of else ""


def fitted(line: str) -> str:
    """A line of stderr, broken between words where that is a terminal."""
    line = printable(line)
    if not sys.stderr.isatty():
        return line
    from crawler.cli.wrapping import wrap

    return "\n".join(wrap(line, shutil.get_terminal_size().columns, hanging=2))


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[str] = ()
) -> None:
    """A table that fits the terminal; tab-separated lines when stdout is not one.

    `numbers` are the columns to be set flush right. Where the terminal is too narrow for a
    table, a few lines a row.
    """
    cells = [["" if value is None else printable(str(value)) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *cells]:
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in line) + "\n")
        return
    from rich.console import Console

    console = Console(highlight=False)
    if _least_width(columns, cells, numbers) > console.width:
        _print_stacked(console, columns, cells)
    else:
        _print_columns(console, columns, cells, numbers)


def _least_width(
    columns: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[str]
) -> int:
    """Columns of the terminal below which a table of these cells cannot be read."""
    from rich.cells import cell_len

    total = 0
    for place, column in enumerate(columns):
        widest = max((cell_len(line[place]) for line in cells), default=0)
        enough = widest if column in numbers else min(widest, _READABLE)
        total += max(enough, cell_len(column)) + _GAP
    return total


def _print_columns(
    console: Console,
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    numbers: Sequence[str],
) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, padding=(0, _GAP - 1, 0, 0), pad_edge=False, header_style="bold")
    for column in columns:
        right = column in numbers
        table.add_column(
            column,
            justify="right" if right else "left",
            no_wrap=right,
            overflow="ellipsis",
            min_width=len(column),
        )
    for line in cells:
        table.add_row(*(_escaped(cell) for cell in line))
    console.print(table)


def _print_stacked(
    console: Console, columns: Sequence[str], cells: Sequence[Sequence[str]]
) -> None:
    """A row as the first text of it, and the rest below by name."""
    from rich.text import Text

    for line in cells:
        named = dict(zip(columns, line, strict=True))
        number = named.pop("id", "")
        _, title = next(iter(named.items()))
        named.pop(next(iter(named)))
        facts = "  ".join(f"{name} {value}" for name, value in named.items() if value)
        print_wrapped(console, Text(f"{number} {title}".strip(), "bold"), hanging=2)
        print_wrapped(console, Text(facts), indent=2)
    console.print()


def print_wrapped(console: Console, text: Text, *, indent: int = 0, hanging: int = 0) -> None:
    """A styled paragraph, broken where its script allows; its further lines indented more."""
    from crawler.cli.wrapping import spans

    text.plain = printable(text.plain)
    margin = " " * indent
    for start, end in spans(text.plain, max(console.width - indent - hanging, 10)):
        console.print(margin, text[start:end], sep="", soft_wrap=True)
        margin = " " * (indent + hanging)


def _escaped(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def print_page(title: str, facts: Sequence[tuple[str, str]]) -> None:
    """A title and named facts, one a line; on a terminal wrapped beside their names."""
    title, facts = printable(title), [(name, printable(value)) for name, value in facts]
    if not sys.stdout.isatty():
        lines = [title, *(f"  {name:<14} {value}" for name, value in facts), ""]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    from crawler.cli.wrapping import wrap

    console = Console(highlight=False)
    print_wrapped(console, Text(title, "bold"))
    margin = max(len(name) for name, _ in facts) + 2
    last = None
    for name, value in facts:
        head = "" if name == last else name
        for line in wrap(value, console.width - margin):
            console.print(Text(head.ljust(margin), "cyan") + Text(line), soft_wrap=True)
            head = ""
        last = name
    console.print()


def print_text(text: str, *, indent: int = 0) -> None:
    """Paragraphs; on a terminal wrapped between words, at most 88 columns wide."""
    text = printable(text)
    if not sys.stdout.isatty():
        sys.stdout.write(text + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.width = min(console.width, 88)
    for paragraph in text.splitlines():
        if paragraph.strip():
            print_wrapped(console, Text(paragraph), indent=indent, hanging=2 if indent else 0)
            if not indent:
                console.print()


def print_lines(lines: Sequence[str]) -> None:
    """Lines with their indents; on a terminal wrapped, what goes on indented further."""
    lines = [printable(line) for line in lines]
    if not sys.stdout.isatty():
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        body = line.lstrip(" ")
        print_wrapped(console, Text(body), indent=len(line) - len(body), hanging=2)


def in_short(seconds: float | None) -> str:
    """A span of time in its largest fitting unit, `7m` or `3d`; "" for None."""
    if seconds is None:
        return ""
    if seconds < 5400:
        return f"{seconds / 60:.0f}m"
    return f"{seconds / 3600:.0f}h" if seconds < 172_800 else f"{seconds / 86_400:.0f}d"


def print_json(value: object) -> None:
    """A value as indented JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
