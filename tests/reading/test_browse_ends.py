"""`broadtape browse` ends when it is told to, whatever it is doing, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipelines.database import open_database
from tests.reading import corpus
from tests.reading.test_browse import Browser

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("datasette")
pytest.importorskip("datasette_dashboards")

# As a shell has it for what a script starts with `&`, and `nohup` for what is to go on.
IGNORING = ("sh", "-c", 'trap "" INT HUP; exec "$@"', "sh")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    corpus.make(tmp_path / "news.db")
    return tmp_path / "news.db"


def ends(started: Browser, told_to: signal.Signals) -> str:
    """Send the signal; returns what it has said by its end, which is a good one."""
    started.process.send_signal(told_to)
    try:
        _, said = started.process.communicate(timeout=20)
    finally:
        started.process.kill()
    assert started.process.returncode == 0
    return str(said)


@pytest.mark.parametrize("told_to", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("serving", [True, False])
def test_a_signal_ends_it(record: Path, told_to: signal.Signals, *, serving: bool) -> None:
    started = Browser(record, {}, stderr=subprocess.PIPE, encoding="utf-8")
    started.wait()
    if serving:
        started.get("/")  # its port listens a while before it answers
    said = ends(started, told_to)
    assert said.endswith("Ctrl-C ends it\n") or not said


@pytest.mark.parametrize("serving", [True, False])
def test_ctrl_c_ends_it_where_it_was_to_be_ignored(record: Path, *, serving: bool) -> None:
    started = Browser(record, {}, before=IGNORING, stderr=subprocess.PIPE, encoding="utf-8")
    started.wait()
    if serving:
        started.get("/")
    ends(started, signal.SIGINT)


def test_what_is_to_outlive_its_terminal_does(record: Path) -> None:
    started = Browser(record, {}, before=IGNORING, stderr=subprocess.PIPE, encoding="utf-8")
    started.wait()
    started.process.send_signal(signal.SIGHUP)
    assert "Broadtape" in started.get("/")
    ends(started, signal.SIGTERM)


@pytest.mark.parametrize("imported", ["click", "datasette"])
def test_ctrl_c_ends_it_while_it_is_loaded(record: Path, tmp_path: Path, imported: str) -> None:
    (package := tmp_path / "first" / imported).mkdir(parents=True)
    (package / "__init__.py").write_text(
        "import os, signal, time\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(20)\n"
        "except BaseException:\n"  # as modules do that have another way
        "    pass\n"
    )
    paths = (str(package.parent), os.environ.get("PYTHONPATH", ""))
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--db", record, "browse"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize("told_to", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("serving", [True, False])
def test_a_copy_goes_when_it_ends(
    record: Path, tmp_path: Path, told_to: signal.Signals, *, serving: bool
) -> None:
    with open_database(record) as database, database.transaction():
        database._connection.execute(  # a while to prepare
            "INSERT INTO runs (started_at, kind, host, version)"
            " WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500000)"
            " SELECT '2026-11-03T00:00:00Z', 'crawl', 'here', '0' FROM n"
        )
    (temporary := tmp_path / "temporary").mkdir()
    started = Browser(
        record, {}, "--as-of", "2026-11-02T20:00:00Z",
        before=("env", f"TMPDIR={temporary}"), stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert started.process.stderr
    assert started.process.stderr.readline().startswith("preparing a copy of ")
    assert list(temporary.iterdir())
    if serving:
        started.get("/")
    assert "Traceback" not in ends(started, told_to)
    assert list(temporary.iterdir()) == []
