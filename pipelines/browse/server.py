"""Serves the record with Datasette."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.browse.counting import counted_quickly
from pipelines.errors import ExtraMissing
from pipelines.instants import to_text

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

HERE = files("pipelines.browse")
SETTINGS = {
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 1000,
    "truncate_cells_html": 200,
    # Every suggestion is a query over the whole table.
    "suggest_facets": False,
    # A file that is being written is copied by `broadtape db backup`, not by downloading it.
    "allow_download": False,
}


def metadata(as_of: datetime | None = None) -> dict[str, Any]:
    """What Datasette is told: metadata.toml, with the query that a chart shares put in.

    As of a moment, what says `now` there means that moment; the size of the file, which is
    not known of then, is left out.
    """
    text = (HERE / "metadata.toml").read_text(encoding="utf-8")
    if as_of:
        text = text.replace("'now'", f"'{to_text(as_of)}'")
    told = tomllib.loads(text)
    shared = told["databases"]["news"]["queries"]["most_mentioned"]["sql"].replace(":days", "1")
    dashboard = told["plugins"]["datasette-dashboards"]["news"]
    chart = dashboard["charts"]["symbols"]
    chart["query"] = chart["query"].replace("{most_mentioned}", shared)
    if as_of:
        told["as_of"] = to_text(as_of)
        del dashboard["charts"]["size"]
        dashboard["layout"][0] = ["articles", "full", "full"]
        dashboard["description"] = f"The 14 days before {to_text(as_of)}. Times are UTC."
    return told


def load() -> Any:
    """Import Datasette, with what we add to it.

    Raises:
        ExtraMissing: it is not installed.
    """
    try:
        app = import_module("datasette.app")
        plugins = import_module("datasette.plugins").pm
        import_module("uvicorn")
    except ImportError as error:
        raise ExtraMissing(
            "`broadtape browse` needs Datasette", "pip install 'broadtape[browse]'"
        ) from error
    # With rich it prints a page of source code for each address that leads nowhere.
    handling: Any = import_module("datasette.handle_exception")
    handling.rich = None
    plugin = import_module("pipelines.browse.plugin")
    if not plugins.is_registered(plugin):
        plugins.register(plugin, name="broadtape")
    return app


def application(path: Path, as_of: datetime | None = None) -> Any:
    """Make the ASGI application that shows the database at `path`, read-only.

    The file is opened with mode=ro and is never taken to be immutable: a crawl may write
    it meanwhile, and each page shows what is there by then. `as_of` is the moment that a
    copy was brought back to: every page names it.

    Raises:
        ExtraMissing: Datasette is not installed.
    """
    shown = load().Datasette(
        files=[],
        metadata=metadata(as_of),
        settings=SETTINGS,
        static_mounts=[("broadtape", str(HERE / "static"))],
        template_dir=str(HERE / "templates"),
    )
    shown.remove_database("_memory")  # its own, and empty
    record = counted_quickly(import_module("datasette.database").Database)
    shown.add_database(record(shown, path=str(path), is_mutable=True), "news")
    return shown.app()


def serving(path: Path, as_of: datetime | None = None) -> Any:
    """Make the server of `application`: `run(sockets=[…])`, until `handle_exit` is called.

    Raises:
        ExtraMissing: Datasette is not installed.
    """
    uvicorn = import_module("uvicorn")
    return uvicorn.Server(uvicorn.Config(application(path, as_of), log_level="warning"))
