"""`broadtape status`: whether all is well."""

from __future__ import annotations

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import print_json, print_table

MEGABYTE = 1 << 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_context
def status(context: Context, as_json: bool) -> None:
    """Health of the feeds, and how much the record holds."""
    with context.open(read_only=True) as database, database.snapshot():
        feeds = database.reading.feed_health()
        totals = database.reading.totals()
    if as_json:
        print_json({"totals": totals, "feeds": feeds})
        return
    print_table(
        ("feed", "state", "last ok", "newest", "entries", "stored", "failed"),
        [
            (
                feed["name"],
                _state(feed["state"], feed["outcome"]),
                feed["last_ok_at"] or "never",
                feed["last_new_at"] or "never",
                feed["entries"],
                feed["done"],
                feed["failed"],
            )
            for feed in feeds
        ],
        numbers=("entries", "stored", "failed"),
    )
    click.echo(
        f"{totals['articles']} articles in {totals['stories']} stories,"
        f" {totals['revisions']} revisions, {totals['pending']} entries pending,"
        f" {totals['bytes'] / MEGABYTE:.1f} MB"
    )
    for feed in feeds:
        if feed["last_error"]:
            click.echo(f"{feed['name']}: {feed['last_error']}")


def _state(state: str, outcome: str | None) -> str:
    return state if state != "active" else (outcome or "not polled yet")
