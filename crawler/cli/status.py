"""`broadtape status`: whether all is well."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, in_short, print_json, print_lines, print_table
from crawler.cli.symbols import print_coverage
from crawler.cli.types import INSTANT, SYMBOL

if TYPE_CHECKING:
    from crawler.alarms import Alarm
    from pipelines.items import WatchedFeed

MEGABYTE = 1 << 20
MOST_FAILURES = 20


@click.command(
    short_help="Whether all is well: feeds, alarms, disk.",
    epilog="""\b
Examples:
  broadtape status                   each feed: its last good poll, last news
  broadtape status --failed          the pages that could not be had, and why
  broadtape status --symbol 0700.HK  who mentions an instrument, since when
  broadtape status || mail -s 'Broadtape' desk@example.org

Exit code 1: an alarm stands.
""",
)
@click.option("--failed", is_flag=True, help="The latest entries whose page could not be had.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="With --failed: how many at most.  [default: 20]"
)
@click.option("--symbol", type=SYMBOL, metavar="S", help="Who mentions this instrument, by what.")
@click.option("--as-of", type=INSTANT, metavar="T", help="With --symbol: as the record was at T.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, with every detail.")
@pass_context
def status(
    context: Context,
    failed: bool,
    limit: int | None,
    symbol: str | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Health of the feeds, alarms in words, and how much the record holds."""
    from crawler.alarms import STALE_CRAWL, STALE_DAEMON, alarms

    if as_of and not symbol:
        raise click.UsageError("--as-of goes with --symbol: the health of feeds is told of now.")
    if limit and not failed:
        raise click.UsageError("--limit goes with --failed.")
    if failed:
        _print_failed(context, limit or MOST_FAILURES, as_json=as_json)
        return
    if symbol:
        print_coverage(context, symbol, as_of, as_json=as_json)
        return

    now = datetime.now(UTC)
    with context.open(read_only=True) as database, database.snapshot():
        watched = {feed.id: feed for feed in database.feeds.watched()}
        health = database.reading.feed_health()
        totals = database.reading.totals()
    patience = STALE_DAEMON if totals["last_run"] == "run" else STALE_CRAWL
    raised = {feed_id: alarms(feed.state, now, patience) for feed_id, feed in watched.items()}
    if as_json:
        details = [_detail(row, watched[row["id"]], raised[row["id"]]) for row in health]
        print_json({"totals": totals, "feeds": details})
    else:
        _print(health, watched, raised, totals, now)
    if any(raised.values()):
        sys.exit(1)


def _print(
    health: list[dict[str, Any]],
    watched: dict[int, WatchedFeed],
    raised: dict[int, tuple[Alarm, ...]],
    totals: dict[str, Any],
    now: datetime,
) -> None:
    print_table(
        ("feed", "state", "ok", "new", "every", "stored", "failed"),
        [
            (
                row["name"],
                ", ".join(alarm.kind for alarm in raised[row["id"]])
                or _state(row["state"], row["outcome"]),
                _ago(watched[row["id"]].state.last_ok_at, now),
                _ago(watched[row["id"]].state.last_new_at, now),
                in_short(watched[row["id"]].state.interval_s),
                row["done"],
                row["failed"],
            )
            for row in health
        ],
        numbers=("ok", "new", "every", "stored", "failed"),
    )
    lines = [
        f"{totals['articles']} articles in {totals['stories']} stories,"
        f" {totals['revisions']} revisions, {totals['pending']} entries pending,"
        f" {totals['bytes'] / MEGABYTE:.1f} MB"
    ]
    for row in health:
        lines += [f"{row['name']}: {alarm.words}" for alarm in raised[row["id"]]]
        if row["last_error"] and not raised[row["id"]]:
            lines.append(f"{row['name']}: {row['last_error']}")
    print_lines(lines)


def _print_failed(context: Context, limit: int, *, as_json: bool) -> None:
    with context.open(read_only=True) as database:
        failures = database.reading.failures(limit + 1)
    more, failures = len(failures) > limit, failures[:limit]
    if as_json:
        print_json(failures)
    elif not failures:
        LOG.info("every page could be had")
    elif not sys.stdout.isatty():
        columns = ("feed", "last_error", "link", "title", "last_seen_at", "next_try_at")
        print_table(columns, [[row[name] for name in columns] for row in failures])
    else:
        for row in failures:
            again = f", to be tried again at {row['next_try_at']}" if row["next_try_at"] else ""
            print_lines([f"{row['feed']}: {row['last_error']}{again}",
                         f"  {row['title'] or '(no title)'}", f"  {row['link']}"])  # fmt: skip
    if more:
        LOG.info("the latest %d of more; --limit shows more of them", limit)


def _detail(row: dict[str, Any], watched: WatchedFeed, raised: tuple[Alarm, ...]) -> dict[str, Any]:
    memory = watched.state.memory
    return {
        **row,
        "next_due_at": row["next_due_at"],
        "overlap": memory.overlap,
        "hint_s": watched.state.hint_s,
        "alarms": [{"kind": alarm.kind, "words": alarm.words} for alarm in raised],
    }


def _state(state: str, outcome: str | None) -> str:
    """How the feed stands, and where all is well how its last poll ended."""
    return state if state != "active" else (outcome or "not polled yet")


def _ago(moment: datetime | None, now: datetime) -> str:
    """How long ago the last good poll was, or the last new entry."""
    return in_short(max((now - moment).total_seconds(), 0)) if moment else "never"
