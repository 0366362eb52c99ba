"""A served site whose articles are edited as GDELT measured, crawled by Broadtape itself.

    python -m bench.served_week [--server honest|none|bytes|liar] [--times power|even|log]

The site is bench/served_site.py, on loopback. The crawl is the daemon's: its spider, its
stages, its database; only the clock is driven by hand, from one due moment to the next, so
that two weeks (one of publishing, and one for the last article) take some minutes. It is
crawled twice: without looking again, and as shipped. Twenty times in the second crawl
`broadtape export` writes what there is; in the end, after stories were merged and texts
cleaned anew, `broadtape export --as-of` must write the same bytes for each moment.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import time_machine

from bench.edits import TIMES
from bench.served_site import SERVERS, Edit, Publisher, Story, stories
from pipelines.changes import compare, readable_diff

if TYPE_CHECKING:
    from crawler.session import Session

SHARED = Path(__file__).resolve().parents[2] / "shared"
START = datetime(2026, 9, 7, tzinfo=UTC)
LENGTH = timedelta(days=14, hours=6)
TICK = timedelta(seconds=30)
MOMENTS = 20


class Week:
    """One crawl of the site, from start to end."""

    def __init__(
        self, folder: Path, publishers: list[Publisher], *, looks: bool, floor_s: int
    ) -> None:
        self.folder, self.publishers, self.looks = folder, publishers, looks
        self.floor_s = floor_s
        self.db = folder / "week.db"
        self.clock = time_machine.travel(START, tick=False)
        step = LENGTH / (MOMENTS + 1)
        self.moments = [START + step * number for number in range(1, MOMENTS + 1)]
        self.exported: list[datetime] = []

    def run(self) -> None:
        """Crawl until the week is over."""
        import crawler.receive
        import scheduler
        from crawler.config import Config
        from crawler.process import Job, crawl
        from pipelines.database import open_database
        from pipelines.items import Feed, Source

        if not self.looks:
            for module, name in ((scheduler, "due_visits"), (crawler.receive, "look_at_moved")):
                setattr(module, name, lambda *_, **__: [])
        config = Config.model_validate(
            {
                "delay": 0,
                "workers": 2,
                "allow_hosts": ("127.0.0.1",),
                "host_concurrency": 4,
                "min_interval": self.floor_s,
            }
        )
        feeds = [
            Feed(
                url=f"{publisher.server.url}/feed.xml",
                name=publisher.language,
                source=Source(
                    name=publisher.language,
                    domain=f"{publisher.language}.example",
                    language=publisher.language,
                ),
            )
            for publisher in self.publishers
        ]
        logging.getLogger("asyncio").setLevel(logging.ERROR)
        with self.clock as traveller, open_database(self.db) as database:
            with database.transaction():
                database.feeds.sync(feeds)

            def fill(session: Session) -> None:
                self.task = asyncio.ensure_future(self._drive(session, traveller))

            crawl(config, database, feeds, Job(kind="run"), fill)
            self.task.result()

    async def _drive(self, session: Session, traveller: Any) -> None:
        import scheduler

        try:
            now = START
            while now < START + LENGTH:
                await scheduler.queue_what_is_due(session)
                await _settled(session)
                now = max(now + TICK, self._next_due(now))
                while self.looks and self.moments and self.moments[0] < now:
                    self._export(self.moments.pop(0))
                traveller.move_to(now)
        finally:
            session.close_queue()

    def _next_due(self, now: datetime) -> datetime:
        with closing(sqlite3.connect(self.db)) as database:
            rows = database.execute(
                "SELECT min(next_due_at) FROM feeds UNION ALL SELECT min(next_try_at) FROM entries"
                " WHERE state = 'pending' UNION ALL SELECT min(due_at) FROM visits WHERE ?",
                (self.looks,),
            ).fetchall()
        due = [datetime.fromisoformat(row[0]) for row in rows if row[0]]
        ticks = -(-(min(due) - START) // TICK) if due else 1
        return max(START + ticks * TICK, now)

    def _export(self, moment: datetime) -> None:
        """Write what there is at a moment at which nothing happens."""
        self._command("export", "-f", "csv", "-o", str(self._file("live", len(self.exported))))
        self.exported.append(moment)

    def replayed(self) -> list[bool]:
        """Whether an export as of each moment is what was exported then."""
        same = []
        for number, moment in enumerate(self.exported):
            file = self._file("as-of", number)
            as_of = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            self._command("export", "-f", "csv", "-o", str(file), "--as-of", as_of)
            same.append(self._file("live", number).read_bytes() == file.read_bytes())
        return same

    def _file(self, name: str, number: int) -> Path:
        return self.folder / f"{name}-{number}.csv"

    def _command(self, *arguments: str) -> None:
        """Run a command of `broadtape` in this process."""
        from click.testing import CliRunner

        from crawler.cli import broadtape

        done = CliRunner().invoke(broadtape, ["--db", str(self.db), *arguments])
        if done.exit_code:
            raise RuntimeError(done.output)

    def later_work(self) -> dict[str, int]:
        """Merge stories and clean stored texts anew; how many rows that made."""
        from pipelines.database import open_database

        with open_database(self.db) as database, database.transaction():
            for first in (1, 11, 21):
                database.stories.merge(first, first + 1, datetime.now(UTC))
        self._command("db", "reclean")
        return {
            name: self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            for name, table in (
                ("recomputed", "revisions WHERE change = 'recompute'"),
                ("merged", "story_members WHERE similarity IS NULL"),
            )
        }

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Read the database behind the crawl's back."""
        with closing(sqlite3.connect(self.db)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(sql)]


async def _settled(session: Session) -> None:
    """Wait until nothing is under way."""
    quiet = 0
    while quiet < 3:
        quiet = 0 if session.busy or not session.queue.empty() else quiet + 1
        await asyncio.sleep(0.002)


def requests_of(publishers: list[Publisher]) -> dict[str, int]:
    """What the servers were asked for."""
    found: Counter[str] = Counter()
    for publisher in publishers:
        for request in publisher.requests:
            kind = "page" if request.path.startswith("/news") else "feed"
            found[f"{kind} {'304' if request.status == 304 else 'whole'}"] += 1
            found["requests"] += 1
            found["bytes"] += request.size
    return dict(found)


def judge(week: Week, publishers: list[Publisher], show: bool) -> dict[str, Any]:
    """Compare what was recorded with what happened."""
    caught: list[float] = []
    judged: Counter[bool] = Counter()
    missed, false, withdrawn = [], 0, Counter[bool]()
    revisions: dict[str, list[dict[str, Any]]] = {}
    for row in week.rows("SELECT * FROM revisions ORDER BY seq"):
        revisions.setdefault(row["url"], []).append(row)
    for publisher in publishers:
        for story in publisher.stories:
            own = revisions.get(publisher.url(story), [])
            changes = [
                (before, after)
                for before, after in pairwise(own)
                if after["change"] in ("revise", "withdraw")
            ]
            edit = story.edit
            true = [pair for pair in changes if edit and _when(pair[1]) >= edit.at][:1]
            for before, after in changes:
                if (before, after) not in true:
                    false += 1
                    if show:
                        print("false", story.number, *_difference(before, after)[:4], sep="\n  ")
            if edit is None or not own or edit.at <= _when(own[0]):
                continue  # what was edited before it was first seen cannot be known
            if edit.kind == "withdrawn":
                withdrawn[bool(true)] += 1
                continue
            if not true:
                missed.append((edit.kind, edit.told, _age(story, edit)))
                continue
            before, after = true[0]
            caught.append((_when(after) - edit.at) / timedelta(hours=1))
            kind = compare(before["title"], before["text"], after["title"], after["text"]).kind
            right = kind == ("material" if story.after.title != story.before.title else edit.label)
            judged[right] += 1
            if show and not right:
                print(f"judged {kind}, is {edit.kind}", *_difference(before, after)[:4], sep="\n  ")
    total = len(caught) + len(missed)
    return {
        "articles": len(revisions),
        "edits": total,
        "caught": len(caught),
        "within 24 h": sum(hours <= 24 for hours in caught),
        "within 24 h, share": sum(hours <= 24 for hours in caught) / max(1, total),
        "median hours": sorted(caught)[len(caught) // 2] if caught else None,
        "judged right": judged[True] / max(1, judged.total()),
        "false revisions": false,
        "withdrawals": f"{withdrawn[True]} of {withdrawn.total()}",
        "missed": missed,
    }


def _when(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["computed_at"])


def _age(story: Story, edit: Edit) -> float:
    return round((edit.at - story.published) / timedelta(hours=1), 1)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return readable_diff(before["title"], before["text"], after["title"], after["text"])


def crawl_once(chosen: argparse.Namespace) -> dict[str, Any]:
    """Crawl in this process; returns what came of it."""
    looks = chosen.run == "looks"
    laid_out = stories(SHARED, chosen.articles, START, chosen.times, chosen.seed)
    publishers = [
        Publisher(language, chosen.server, [s for s in laid_out if s.before.language == language])
        for language in ("en", "zh")
    ]
    with tempfile.TemporaryDirectory(prefix="broadtape-week-") as folder:
        for publisher in publishers:
            publisher.server.start()
        week = Week(Path(folder), publishers, looks=looks, floor_s=chosen.floor)
        week.run()
        found = {"asked": requests_of(publishers), **judge(week, publishers, chosen.show)}
        if looks:
            found["later work"] = week.later_work()
            same = week.replayed()
            found["as-of equal"] = f"{sum(same)} of {len(same)}"
            found["habits"] = week.rows("SELECT * FROM habits")
        for publisher in publishers:
            publisher.server.stop()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", choices=SERVERS, default="honest")
    parser.add_argument("--times", choices=TIMES, default="power")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--floor", type=int, default=300, help="least seconds between polls")
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    parser.add_argument("--run", choices=("looks", "none"), help="one crawl, in this process")
    chosen = parser.parse_args()
    if chosen.run:
        print(json.dumps(crawl_once(chosen)))
        return 0
    found = {}
    for run in ("none", "looks"):
        done = subprocess.run(
            [sys.executable, "-m", "bench.served_week", *sys.argv[1:], "--run", run],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        *shown, last = done.stdout.splitlines()
        print("\n".join(shown))
        found[run] = json.loads(last)
    return report(found["none"], found["looks"])


def report(base: dict[str, Any], found: dict[str, Any]) -> int:
    """Print both crawls side by side; 1 where a target is missed."""
    print(f"{'':22} {'not looking':>12} {'looking':>9} {'ratio':>6}")
    asked, before = found.pop("asked"), base["asked"]
    asked["bodies"] = asked["page whole"] + asked["feed whole"]
    before["bodies"] = before["page whole"] + before["feed whole"]
    for name in ("page whole", "page 304", "feed whole", "feed 304", "bodies", "requests", "bytes"):
        old, new = before.get(name, 0), asked.get(name, 0)
        print(f"{name:22} {old:12} {new:9} {new / old if old else 0:6.2f}")
    print(f"{'caught within 24 h':22} {base['within 24 h, share']:12.3f}", end="")
    print(f" {found['within 24 h, share']:9.3f}")
    for name, value in found.items():
        print(f"{name}: {value}")
    met = (
        found["within 24 h, share"] >= 0.95,
        asked["page whole"] <= 1.3 * before["page whole"],
        found["judged right"] >= 0.95,
        found["false revisions"] == 0,
        found["as-of equal"] == f"{MOMENTS} of {MOMENTS}",
    )
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
