"""Changes after a cursor: each exactly once, whatever is killed, so that a mirror is exact."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.cli import broadtape as command
from pipelines.database import open_database
from pipelines.database.selection import CHANGE_COLUMNS, Selection
from pipelines.errors import ExportError
from pipelines.export.cursor import kept_cursor
from pipelines.export.fields import native
from tests.export.record import TITLES, awkward, broadtape, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.database import Database
    from pipelines.items import Article

INTERLEAVINGS = 200
SELECTIONS = ((), ("--language", "zh"))
START = datetime(2026, 11, 25, tzinfo=UTC)


def in_a_process_that_dies(work: Callable[[], None], at: int) -> bool:
    """Run `work` in a fork of this process that kills itself at the `at`-th call it makes.

    So every line has its chance, on a quick machine and on a slow one. Returns whether it
    came that far.
    """
    child = os.fork()
    if child == 0:
        calls = itertools.count(1)

        def count(*_: object) -> None:
            if next(calls) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.setprofile(count)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


class World:
    """A record that changes, a user who exports from cron, and who both may be killed."""

    def __init__(self, seed: int, folder: Path, template: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.db = folder / "news.db"
        shutil.copy(template, self.db)
        self.clock = START
        self.killed = 0

    @property
    def articles(self) -> int:
        with open_database(self.db, read_only=True) as database:
            return int(database.reading.totals()["articles"])

    def step(self) -> None:
        self.clock += timedelta(seconds=self.rng.randrange(0, 3))
        steps = {
            self.add: 4,
            self.revise: 3,
            self.recompute: 2,
            self.merge: 2,
            self.die_writing: 1,
            self.export: 2,
            self.die: 2,
        }
        self.rng.choices(list(steps), list(steps.values()))[0]()

    def add(self) -> None:
        number = self.articles
        with open_database(self.db) as database, database.transaction():
            self._add(database, number)

    def _add(self, database: Database, number: int) -> None:
        article_id = database.articles.create(f"n.example/{number}", "Wire", self.clock, "live")
        self._store(database, article_id, awkward(number, self.rng.choice(TITLES)), "add")
        database.stories.begin(article_id)

    def _store(self, database: Database, article_id: int, article: Article, change: Any) -> None:
        database.articles.add_revision(
            article_id,
            replace(article, language=self.rng.choice(("zh", "zh-TW", "en", None))),
            change,
            seen_at=self.clock,
            computed_at=self.clock,
            text_hash=None,
            word_count=self.rng.randrange(1000),
        )

    def revise(self) -> None:
        if not (articles := self.articles):
            return
        which = self.rng.randrange(articles)
        change = self.rng.choice(("revise", "revise", "withdraw"))
        with open_database(self.db) as database, database.transaction():
            article = awkward(which + self.rng.randrange(3), self.rng.choice(TITLES))
            self._store(database, which + 1, article, change)

    def recompute(self) -> None:
        if articles := self.articles:
            article_id = self.rng.randrange(articles) + 1
            with open_database(self.db) as database, database.transaction():
                database.articles.amend(article_id, self.clock, flags=self.rng.choice("abc"))

    def merge(self) -> None:
        """Two stories turn out to be one."""
        with open_database(self.db) as database, database.transaction():
            told = {row[0] for row in database.reading.export(Selection(), ("story_id",))}
            if len(told) > 1:
                database.stories.merge(*self.rng.sample(sorted(told), 2), self.clock)

    def die_writing(self) -> None:
        """A crawl that is killed: before, in the middle of, or after its transaction."""
        self.killed += in_a_process_that_dies(self.add, self.rng.randrange(1, 3_000))

    def export(self, selected: tuple[str, ...] = ()) -> None:
        command.main(self.arguments(*selected), standalone_mode=False)

    def export_some(self) -> None:
        self.export(self.rng.choice(SELECTIONS))

    def die(self) -> None:
        """An export that is killed somewhere on its way."""
        selected, at = self.rng.choice(SELECTIONS), self.rng.randrange(4_000, 7_600)
        self.killed += in_a_process_that_dies(lambda: self.export(selected), at)

    def arguments(self, *selected: str) -> list[str]:
        name = "-".join(("changes", *selected[1:]))
        options = ("--db", self.db, "--cursor", self.folder / f"{name}.cursor",
                   "-o", self.folder / f"{name}-{{after}}.jsonl")  # fmt: skip
        return ["export", "-f", "jsonl", *selected, *map(str, options)]

    def changes(self, name: str = "changes") -> list[dict[str, Any]]:
        files = {
            int(found[1]): file
            for file in self.folder.iterdir()
            if (found := re.fullmatch(rf"{name}-(\d+)\.jsonl", file.name))
        }
        return [json.loads(line) for at in sorted(files) for line in files[at].open()]

    def held(self, selection: Selection) -> dict[int, dict[str, Any]]:
        """The store, read as an export of articles reads it."""
        with open_database(self.db, read_only=True) as database:
            rows = database.reading.export(selection, CHANGE_COLUMNS)
            return {row[1]: native(CHANGE_COLUMNS, row) for row in rows}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    open_database(path).close()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: exports wait for the disk, and nobody else does."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="broadtape-") as name:
        yield Path(name)


@pytest.mark.parametrize("first", range(0, INTERLEAVINGS, 20))
def test_a_mirror_made_of_the_changes_equals_the_store(
    first: int, folder: Path, template: Path
) -> None:
    killed = 0
    for seed in range(first, first + 20):
        place = folder / str(seed)
        place.mkdir()
        world = World(seed, place, template)
        for _ in range(world.rng.randrange(4, 16)):
            world.step()
        for selected in SELECTIONS:
            world.export(selected)
        changes = world.changes()
        assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
        assert {change["id"]: change for change in changes} == world.held(Selection()), seed
        chinese = {change["id"]: change for change in world.changes("changes-zh")}
        assert kept(chinese) == kept(world.held(Selection(language="zh"))), seed
        killed += world.killed
    assert killed > 10


def kept(articles: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What one has who drops what was withdrawn and what left the selection."""
    return {
        number: article
        for number, article in articles.items()
        if article["change"] not in ("withdraw", "leave")
    }


def test_the_last_line_on_stderr_is_the_cursor_to_go_on_from(record: Path) -> None:
    first = broadtape(record, "export", "-f", "jsonl", "--after", "0")
    assert first.stderr.decode().splitlines()[-1] == f"cursor {len(TITLES)}"
    changes = [json.loads(line) for line in first.stdout.decode().splitlines()]
    assert {change["change"] for change in changes} == {"add"}
    rest = broadtape(record, "export", "-f", "csv", "--after", len(TITLES) - 2)
    assert rest.stdout.startswith((",".join(CHANGE_COLUMNS) + "\n").encode())
    none = broadtape(record, "export", "-f", "jsonl", "--after", len(TITLES))
    assert none.stdout == b""


def test_an_article_that_leaves_the_selection_is_told(tmp_path: Path) -> None:
    def store(article_id: int, change: Any, **values: Any) -> None:
        database.articles.add_revision(
            article_id, replace(awkward(3, "盐田港"), **values), change,
            seen_at=START, computed_at=START, text_hash=None, word_count=0,
        )  # fmt: skip

    with open_database(tmp_path / "x.db") as database, database.transaction():
        for number in range(3):
            article_id = database.articles.create(f"n.example/{number}", "Wire", START, "live")
            store(article_id, "add", publisher="Harbour")
        store(1, "revise", publisher="Quay", language="en", mentions=())
        store(1, "revise", publisher="Quay", language="en", mentions=(), title="No more")
        store(2, "withdraw", publisher=None, language=None, mentions=(), status="gone")
        store(3, "revise", publisher="Harbour")

    def changes(*selected: str, after: int = 3) -> list[tuple[int, str]]:
        options = ("-f", "jsonl", "--after", after)
        written = broadtape(tmp_path / "x.db", "export", *options, *selected).stdout
        return [(row["id"], row["change"]) for row in map(json.loads, written.splitlines())]

    left = [(1, "leave"), (2, "withdraw"), (3, "revise")]
    assert changes("--language", "zh") == left
    assert changes("--source", "Harbour") == left
    assert changes("--source", "Quay") == [(1, "revise"), (1, "revise")]
    assert changes("--source", "Wire") == [(1, "revise"), *[(1, "revise")], *left[1:]]
    assert changes("--language", "zh", "--source", "Quay") == []
    assert changes("--language", "zh", after=4) == left[1:]


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
