"""What a wheel must hold, and what the command promises before anything is installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from data.sample.user import COMMAND

ROOT = Path(__file__).parents[1]


def settings() -> dict[str, object]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, object] = project["tool"]["setuptools"]
    return found


def test_every_package_is_listed() -> None:
    folders = {
        str(file.parent.relative_to(ROOT)).replace("/", ".")
        for top in ("crawler", "pipelines")
        for file in (ROOT / top).rglob("__init__.py")
    }
    assert folders == set(settings()["packages"])  # type: ignore[call-overload]


def test_every_data_file_is_listed() -> None:
    listed = settings()["package-data"]
    for top in ("crawler", "pipelines"):
        for file in (ROOT / top).rglob("*"):
            if file.suffix in (".py", ".pyc") or file.is_dir():
                continue
            home = next(folder for folder in file.parents if (folder / "__init__.py").exists())
            package = str(home.relative_to(ROOT)).replace("/", ".")
            patterns = listed.get(package, [])  # type: ignore[attr-defined]
            assert any(file.match(pattern) for pattern in patterns), file


@pytest.mark.parametrize("options", [("--db", "{db}", "status"), ("status", "--db", "{db}")])
def test_global_options_may_stand_before_or_behind(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    db = tmp_path / "nowhere.db"
    done = subprocess.run(
        [COMMAND, *(option.format(db=db) for option in options)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert str(db) in done.stderr


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from crawler.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'scrapy', 'pydantic', 'rich', 'lxml', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_loads_no_crawler() -> None:
    code = (
        "import sys, crawler.cli.status, crawler.alarms, crawler.cli.export, pipelines.database;"
        "heavy = {'scrapy', 'twisted', 'aiohttp', 'trafilatura', 'requests'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT
    )
    assert done.stdout.strip() == "[]", done.stderr
