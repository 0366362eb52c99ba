"""`broadtape browse`: the record in a browser."""

from __future__ import annotations

from contextlib import suppress

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG


@click.command(
    short_help="The record in a browser: tables, search, charts.",
    epilog="""\b
Examples:
  broadtape browse                   then open http://127.0.0.1:8001/
  broadtape browse --port 9000 --open
""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open", "open_", is_flag=True, help="Open the browser.")
@pass_context
def browse(context: Context, host: str, port: int, open_: bool) -> None:
    """Look at the record in a browser: tables, search, charts (Datasette).

    Reads only, also while `broadtape run` writes. Whoever reaches the address can read
    everything: it is this machine alone unless --host says otherwise.
    Needs: pip install 'broadtape[browse]'
    """
    from pipelines.browse.server import serve

    with context.open(read_only=True):
        pass  # says in one line what is wrong with it, if anything is
    url = f"http://{host}:{port}/"
    LOG.info("%s on %s; Ctrl-C ends it", context.config.database, url)
    if open_:
        click.launch(url)
    with suppress(KeyboardInterrupt):  # which is how it ends
        serve(context.config.database, host, port)
