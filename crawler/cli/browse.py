"""`broadtape browse`: the record in a browser."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import Context, pass_context
from crawler.cli.ending import answering, dying_at_once, interrupted, undisturbed
from crawler.cli.output import LOG, then
from crawler.cli.types import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipelines.database import Database

MEGABYTE = 1 << 20
# The index of words grows while much is taken out of it: the copy by 9 % at the most measured.
ROOM = 1.2


@click.command(
    short_help="The record in a browser: tables, search, charts.",
    epilog="""\b
Examples:
  broadtape browse                   then open http://127.0.0.1:8001/
  broadtape browse --port 9000 --open
  broadtape browse --as-of 2026-11-25T09:30:00Z
""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open", "open_", is_flag=True, help="Open the browser.")
@click.option("--as-of", type=INSTANT, metavar="T", help="The record as it was at T.")
@pass_context
def browse(context: Context, host: str, port: int, open_: bool, as_of: datetime | None) -> None:
    """Look at the record in a browser: tables, search, charts (Datasette).

    Reads only, also while `broadtape run` writes. Whoever reaches the address can read
    everything: it is this machine alone unless --host says otherwise.

    With --as-of a copy of the record is brought back to T in the folder for temporary
    files (TMPDIR), and removed when it ends.
    Needs: pip install 'broadtape[browse]'
    """
    with dying_at_once():
        from pipelines.browse.server import load, serving
        from pipelines.listening import listen

        load()
    with suppress(KeyboardInterrupt), interrupted(), ExitStack() as stack:  # which is how it ends
        listening = stack.enter_context(listen(host, port, "--port"))
        shown = context.config.database
        with context.open(read_only=True) as database:  # says what is wrong with it, if anything
            if as_of:
                shown = stack.enter_context(_copy_as_of(database, as_of))
        url = f"http://{host}:{port}/"
        LOG.info("%s%s on %s; Ctrl-C ends it", context.config.database, then(as_of), url)
        if open_:
            click.launch(url)
        server = serving(shown, as_of)
        # Raised amid its event loop, KeyboardInterrupt may get lost; this one ends it in order.
        with answering(server.handle_exit):
            server.run(sockets=[listening])


@contextmanager
def _copy_as_of(database: Database, as_of: datetime) -> Iterator[Path]:
    """A copy of the record as it was at a moment, for as long as it is used."""
    folder = Path(tempfile.mkdtemp(prefix="broadtape-"))
    try:
        _refuse_without_room(folder, database.reading.totals()["bytes"])
        database.copy_as_of(folder / "broadtape.db", as_of)
        yield folder / "broadtape.db"
    finally:
        with undisturbed():
            shutil.rmtree(folder)


def _refuse_without_room(folder: Path, size: int) -> None:
    from pipelines.errors import DatabaseUnwritable

    free = shutil.disk_usage(folder).free
    if free < ROOM * size:
        raise DatabaseUnwritable(
            f"the record as it was needs {_in_words(ROOM * size)} in {folder.parent}, where"
            f" {_in_words(free)} are free",
            "make room, or name a folder that has it: TMPDIR=/a/folder broadtape browse …",
        )
    LOG.info("preparing a copy of %s in %s; it is removed at the end", _in_words(size), folder)


def _in_words(size: float) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
