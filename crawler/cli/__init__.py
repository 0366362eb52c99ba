"""The command `broadtape`: a file per group of commands, loaded when asked for.

Nothing heavy is imported here, nor at the top of any command's file, so that `--help` and
completion answer at once.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler import __version__
from pipelines.errors import BroadtapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.config import Config
    from pipelines.database import Database
    from pipelines.items import Feed

COMMANDS = {
    "crawl": "crawler.cli.crawl",
    "run": "crawler.cli.crawl",
    "export": "crawler.cli.export",
    "release": "crawler.cli.release",
    "search": "crawler.cli.search",
    "show": "crawler.cli.show",
    "symbols": "crawler.cli.symbols",
    "status": "crawler.cli.status",
    "browse": "crawler.cli.browse",
    "feeds": "crawler.cli.feeds",
    "db": "crawler.cli.db",
}


class Context:
    """What the global options say; read from disk only when a command needs it."""

    def __init__(self, db: Path | None, config: Path | None) -> None:
        self._files = {"db": db, "config": config}

    def override(self, name: str, value: Path) -> None:
        """Take a global option that was given behind the command."""
        self._files[name] = value

    @cached_property
    def config(self) -> Config:
        """The configuration; ConfigError in one line if it cannot be used."""
        from crawler.config import load_config

        return load_config(self._files["config"], os.environ, {"database": self._files["db"]})

    @cached_property
    def catalogue(self) -> tuple[Feed, ...]:
        """The configured feeds; CatalogueError in one line if a file cannot be used."""
        from crawler.catalogue import load

        return load(
            ["shipped" if name == "shipped" else Path(name) for name in self.config.sources]
        )

    def open(self, *, read_only: bool = False) -> Database:
        """The database; DatabaseError in one line if it cannot be used."""
        from pipelines.database import open_database

        return open_database(
            self.config.database,
            read_only=read_only,
            busy_timeout_s=self.config.busy_timeout,
        )


class _Commands(click.Group):
    """Loads a command's module when the command is named or its help is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return _with_global_options(command)


def _with_global_options(command: click.Command) -> click.Command:
    """Let `--db` and `--config` stand behind the command as well as before it."""
    if not any(parameter.name == "db" for parameter in command.params):
        command.params += [_global_option("db"), _global_option("config")]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _with_global_options(inner)
    return command


def _global_option(name: str) -> click.Option:
    def keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.find_root().obj.override(name, value)

    return click.Option(
        [f"--{name}"],
        type=click.Path(dir_okay=False, path_type=Path),
        expose_value=False,
        hidden=True,
        callback=keep,
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="BROADTAPE_DB",
    help="The database.  [default: data/broadtape.db]",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="BROADTAPE_CONFIG",
    help="The configuration.  [default: broadtape.toml if there]",
)
@click.option("-v", "--verbose", is_flag=True, envvar="BROADTAPE_VERBOSE", help="Say more.")
@click.option("--json", "as_json", is_flag=True, envvar="BROADTAPE_JSON", help="Log lines as JSON.")
@click.version_option(__version__, prog_name="broadtape")
@click.pass_context
def broadtape(
    context: click.Context, db: Path | None, config: Path | None, verbose: bool, as_json: bool
) -> None:
    """A point-in-time record of finance news: feeds in, one SQLite file out.

    \b
    broadtape crawl                     poll every feed once, fetch what is new
    broadtape run                       the same on a clock, until stopped
    broadtape search '"rate cut" OR 降息'
    broadtape export -f csv -o news.csv
    """  # noqa: D301 - click wants the character
    from crawler.cli.output import set_up_logging

    context.obj = Context(db, config)
    set_up_logging(verbose=verbose, as_json=as_json)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a `BroadtapeError` becomes one line on stderr and exit code 1."""
    try:
        broadtape.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="broadtape",
            auto_envvar_prefix="BROADTAPE",
        )
    except BroadtapeError as error:
        _complain(f"broadtape: {error}")
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _complain(line: str) -> None:
    from crawler.cli.output import fitted

    try:
        click.echo(fitted(line), err=True)
    except OSError:  # the terminal is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def pass_context(function: Any) -> Any:
    """Give a command the `Context` as its first argument."""
    return click.make_pass_decorator(Context)(function)
