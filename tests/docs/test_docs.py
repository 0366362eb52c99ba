"""Every command, query, recipe and setting in docs/ works as it stands."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.catalogue import load
from crawler.config import load_config
from data.sample.command import told
from pipelines.database import open_database
from tests.docs.pages import ROOT, Page, read

if TYPE_CHECKING:
    from data.sample.user import User

PAGES = (
    "README.md",
    *(
        f"docs/{name}.md"
        for name in (
            "first-hour",
            "sources",
            "point-in-time",
            "exports",
            "tables",
            "running",
            "symbols",
        )
    ),
)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return read(request.param)


@pytest.fixture
def folder(crawled: User, tmp_path: Path) -> Path:
    """Where a reader of the docs works: the sample's catalogue, and what a crawl gathered."""
    (tmp_path / "data").mkdir()
    # Not a copy of the file: what another reader keeps in its -wal would be missing.
    with open_database(crawled.db, read_only=True) as database:
        for name in ("broadtape.db", "demo.db"):
            database.backup(tmp_path / "data" / name)
    for name in ("broadtape.toml", "sources.toml"):
        shutil.copy(crawled.folder / name, tmp_path)
    return tmp_path


def test_every_command_and_recipe_runs(page: Page, folder: Path) -> None:
    environment: dict[str, str] = {}
    for line in page.commands():
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            environment |= dict([words[1].split("=", 1)])
        elif words[0] == "unset":
            del environment[words[1]]
        else:
            assert words[0] == "broadtape", line
            run(words[1:], folder, environment)
    if recipes := page.of("python"):
        for name in ("pyarrow", "pandas", "polars", "duckdb"):
            pytest.importorskip(name)
        done = subprocess.run(
            [sys.executable, "-c", "\n".join(recipes)],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr


def run(words: list[str], folder: Path, environment: dict[str, str]) -> None:
    if "crawl" in words:  # a crawl is a process: its reactor starts once
        done = subprocess.run(
            [Path(sys.executable).with_name("broadtape"), *words],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
        )
    else:
        done = told(*words, cwd=folder, environment=environment)
    # `status` ends with 1 where something needs a person: one feed of the sample is down.
    assert done.returncode == 0 or "status" in words, (words, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr


def test_every_query_is_answered(page: Page, crawled: User) -> None:
    with closing(sqlite3.connect(f"file:{crawled.db}?mode=ro", uri=True)) as connection:
        for block in page.of("sql"):
            for statement in block.split(";\n"):
                if statement.strip():
                    assert connection.execute(statement).fetchone(), statement


def test_every_setting_is_one(page: Page, folder: Path) -> None:
    for number, block in enumerate(page.of("toml")):
        file = folder / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        if "source" in tomllib.loads(block):
            assert load([file])
        else:
            assert load_config(file, {})
    for block in page.of("ini"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.read_string(block)
        command = shlex.split(unit["Service"]["ExecStart"])
        assert told(*command[1:], "--help").returncode == 0


def test_the_tables_are_as_they_say(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    open_database(tmp_path / "x.db").close()
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        made = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '!_%' ESCAPE '!'"
            " AND name NOT LIKE 'article_search!_%' ESCAPE '!'"
        ).fetchall()
        columns = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in made
        }
    public, own = text.split("## Broadtape's own")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", public, re.MULTILINE | re.DOTALL))
    for name, section in sections.items():
        told_of = re.findall(
            r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))
        )
        if name == "revisions":
            assert columns[name][: len(told_of) - 2] == told_of[:-2]
            assert (columns[name][len(told_of) - 2], columns[name][-1]) == tuple(told_of[-2:])
        else:
            assert told_of == columns[name], name
    assert set(sections) | set(re.findall(r"`(\w+)`", own)) == set(columns)


def test_the_catalogue_is_as_large_as_they_say() -> None:
    feeds = load(["shipped"])
    enabled = sum(feed.enabled for feed in feeds)
    said = f"{len(feeds)} (finance )?feeds of {len({feed.source.name for feed in feeds})} sources"
    for name in ("README.md", "docs/sources.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.search(rf"{said}[;,] {enabled}", text), name


def test_every_page_is_found_from_the_front_page() -> None:
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    for file in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{file.name})" in front
        for link in re.findall(r"\]\(([\w./-]+?)(?:#[\w-]+)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / link).exists(), (file.name, link)
