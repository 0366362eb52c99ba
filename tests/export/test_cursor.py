"""Changes after a cursor: each exactly once, whatever is killed, so that a mirror is exact."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.cli import broadtape as command
from pipelines.database import open_database
from pipelines.database.reading import CHANGE_COLUMNS, Selection
from pipelines.errors import ExportError
from pipelines.export.cursor import kept_cursor
from pipelines.export.fields import native
from tests.export.record import TITLES, awkward, broadtape, refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.database import Database
    from pipelines.items import Article

INTERLEAVINGS = 200
START = datetime(2026, 11, 25, tzinfo=UTC)


def in_a_process_that_dies(work: Callable[[], None], after_s: float) -> None:
    """Run `work` in a fork of this process, and kill that when the time is up."""
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            work()
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


class World:
    """A record that changes, a user who exports from cron, and who both may be killed."""

    def __init__(self, seed: int, folder: Path, template: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.db = folder / "news.db"
        shutil.copy(template, self.db)
        self.clock = START
        self.articles = 0

    def step(self) -> None:
        self.clock += timedelta(seconds=self.rng.randrange(0, 3))
        self.rng.choices(
            (self.add, self.revise, self.recompute, self.die_writing, self.export, self.die),
            (4, 3, 2, 1, 3, 1),
        )[0]()

    def add(self) -> None:
        with open_database(self.db) as database, database.transaction():
            self._add(database)
        self.articles += 1

    def _add(self, database: Database) -> None:
        number = self.articles
        article_id = database.articles.create(f"n.example/{number}", "Wire", self.clock, "live")
        self._store(database, article_id, awkward(number, self.rng.choice(TITLES)), "add")
        database.articles.begin_story(article_id, self.clock, self.clock)

    def _store(self, database: Database, article_id: int, article: Article, change: Any) -> None:
        database.articles.add_revision(
            article_id,
            article,
            change,
            seen_at=self.clock,
            computed_at=self.clock,
            text_hash=None,
            word_count=self.rng.randrange(1000),
        )

    def revise(self) -> None:
        if not self.articles:
            return
        which = self.rng.randrange(self.articles)
        change = self.rng.choice(("revise", "revise", "withdraw"))
        with open_database(self.db) as database, database.transaction():
            article = awkward(which + self.rng.randrange(3), self.rng.choice(TITLES))
            self._store(database, which + 1, article, change)

    def recompute(self) -> None:
        if self.articles:
            with open_database(self.db) as database, database.transaction():
                article_id = self.rng.randrange(self.articles) + 1
                database.articles.amend(article_id, self.clock, flags=self.rng.choice("abc"))

    def die_writing(self) -> None:
        """A crawl that is killed in the middle of a transaction."""

        def work() -> None:
            with open_database(self.db) as database, database.transaction():
                self._add(database)
                os.kill(os.getpid(), signal.SIGKILL)

        in_a_process_that_dies(work, 0.0)

    def export(self) -> None:
        command.main(self.arguments(), standalone_mode=False)

    def die(self) -> None:
        """An export that is killed somewhere on its way."""
        in_a_process_that_dies(self.export, self.rng.uniform(0, 0.03))

    def arguments(self) -> list[str]:
        options = {
            "--db": self.db,
            "--cursor": self.folder / "cursor",
            "-o": self.folder / "changes-{after}.jsonl",
        }
        return ["export", "-f", "jsonl", *(str(part) for pair in options.items() for part in pair)]

    def changes(self) -> list[dict[str, Any]]:
        files = self.folder.glob("changes-*.jsonl")
        ordered = sorted(files, key=lambda file: int(file.stem.split("-")[1]))
        return [json.loads(line) for file in ordered for line in file.read_text().splitlines()]

    def held(self) -> dict[int, dict[str, Any]]:
        """The store, read as an export of articles reads it, but for the kind of change."""
        columns = [name for name in CHANGE_COLUMNS if name != "change"]
        with open_database(self.db, read_only=True) as database:
            rows = database.reading.export(Selection(), columns)
            return {row[0]: native(columns, row) for row in rows}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    open_database(path).close()
    return path


@pytest.mark.parametrize("first", range(0, INTERLEAVINGS, 20))
def test_a_mirror_made_of_the_changes_equals_the_store(
    first: int, tmp_path: Path, template: Path
) -> None:
    for seed in range(first, first + 20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        world = World(seed, folder, template)
        for _ in range(world.rng.randrange(4, 16)):
            world.step()
        world.export()
        changes = world.changes()
        assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
        mirror = {
            change["id"]: {name: value for name, value in change.items() if name != "change"}
            for change in changes
        }
        assert mirror == world.held(), seed


def test_the_last_line_on_stderr_is_the_cursor_to_go_on_from(record: Path) -> None:
    first = broadtape(record, "export", "-f", "jsonl", "--after", "0")
    assert first.stderr.decode().splitlines()[-1] == f"cursor {len(TITLES)}"
    changes = [json.loads(line) for line in first.stdout.decode().splitlines()]
    assert {change["change"] for change in changes} == {"add"}
    rest = broadtape(record, "export", "-f", "csv", "--after", len(TITLES) - 2)
    assert rest.stdout.startswith((",".join(CHANGE_COLUMNS) + "\n").encode())
    none = broadtape(record, "export", "-f", "jsonl", "--after", len(TITLES))
    assert none.stdout == b""


def test_filters_pass_over_changes_for_good(record: Path, tmp_path: Path) -> None:
    arguments = ("export", "-f", "jsonl", "--language", "zh", "--cursor", tmp_path / "c")
    assert broadtape(record, *arguments).stdout.count(b"\n") == 1
    assert (tmp_path / "c").read_text() == f"{len(TITLES)}\n"
    assert broadtape(record, *arguments).stdout == b""


def test_a_failed_export_does_not_move_the_cursor(record: Path, tmp_path: Path) -> None:
    cursor = tmp_path / "c"
    cursor.write_text("3\n")
    nowhere = tmp_path / "no" / "x.csv"
    assert "cannot write" in refused(record, "export", "--cursor", cursor, "-o", nowhere)
    assert cursor.read_text() == "3\n"


def test_a_cursor_of_another_record_is_told(record: Path, tmp_path: Path) -> None:
    assert "not of this database" in refused(record, "export", "--after", "999")
    (tmp_path / "c").write_text("hello")
    assert "holds no cursor" in refused(record, "export", "--cursor", tmp_path / "c")
    assert "one moment" in refused(record, "export", "--after", "1", "--as-of", "2026-01-01")


def test_two_exports_do_not_move_one_cursor(tmp_path: Path) -> None:
    with kept_cursor(tmp_path / "c"), pytest.raises(ExportError), kept_cursor(tmp_path / "c"):
        pass
