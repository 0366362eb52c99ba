"""Serves the record with Datasette."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.browse.counting import counted_quickly
from pipelines.errors import ExtraMissing
from pipelines.listening import listen

if TYPE_CHECKING:
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


def metadata() -> dict[str, Any]:
    """What Datasette is told: metadata.toml, with the query that a chart shares put in."""
    told = tomllib.loads((HERE / "metadata.toml").read_text(encoding="utf-8"))
    shared = told["databases"]["news"]["queries"]["most_mentioned"]["sql"].replace(":days", "1")
    chart = told["plugins"]["datasette-dashboards"]["news"]["charts"]["symbols"]
    chart["query"] = chart["query"].replace("{most_mentioned}", shared)
    return told


def application(path: Path) -> Any:
    """Make the ASGI application that shows the database at `path`, read-only.

    The file is opened with mode=ro and is never taken to be immutable: a crawl may write
    it meanwhile, and each page shows what is there by then.

    Raises:
        ExtraMissing: Datasette is not installed.
    """
    try:
        from datasette.app import Datasette
        from datasette.database import Database
        from datasette.plugins import pm
    except ImportError as error:
        raise ExtraMissing(
            "`broadtape browse` needs Datasette", "pip install 'broadtape[browse]'"
        ) from error
    plugin = import_module("pipelines.browse.plugin")
    if not pm.is_registered(plugin):
        pm.register(plugin, name="broadtape")
    shown = Datasette(
        files=[],
        metadata=metadata(),
        settings=SETTINGS,
        static_mounts=[("broadtape", str(HERE / "static"))],
        template_dir=str(HERE / "templates"),
    )
    shown.add_database(counted_quickly(Database)(shown, path=str(path), is_mutable=True), "news")
    return shown.app()


def serve(path: Path, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        ExtraMissing: Datasette is not installed.
        AddressTaken: another program listens there, or it is no address of this machine.
    """
    app = application(path)
    with listen(host, port, "--port") as listening:
        config = import_module("uvicorn").Config(app, log_level="warning")
        import_module("uvicorn").Server(config).run(sockets=[listening])
