"""Looking behind the command's back, and ending it."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.sample.site import Site
    from data.sample.user import User


def query(user: User, sql: str) -> list[Any]:
    """Read the database behind the command's back."""
    with closing(sqlite3.connect(user.db)) as database:
        return database.execute(sql).fetchall()


def is_sound(user: User) -> bool:
    return query(user, "PRAGMA integrity_check") == [("ok",)]


def only_line(stderr: str) -> str:
    """The one line that an error is told in; fails on more than one, or a traceback."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


def kill_and_recover(
    user: User, site: Site, *, after_pages: int | None = None, after_s: float = 0.0
) -> None:
    """Start a crawl, kill it after so many pages were asked for, or seconds; crawl again.

    Fails when the killed crawl leaves processes behind, or the next one does not end well.
    """
    asked, started = len(site.pages_fetched()), time.monotonic()

    def due() -> bool:
        if after_pages is None:
            return time.monotonic() - started >= after_s
        return len(site.pages_fetched()) - asked >= after_pages

    crawl = user.start("crawl", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not due() and crawl.poll() is None:
        time.sleep(0.005)
    crawl.kill()
    crawl.wait()
    wait_until_gone(crawl.pid)
    again = user.run("crawl")
    assert again.returncode == 0, again.stderr


def wait_until_gone(session: int, seconds: float = 15.0) -> None:
    """Wait until no process of the session lives (Linux; elsewhere nothing is checked)."""
    deadline = time.monotonic() + seconds
    while left := _living(session):
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)


def _living(session: int) -> dict[int, str]:
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = file.read_text().partition(" ")
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # ended meanwhile
            continue
        state, _, _, its_session = rest.rpartition(")")[2].split()[:4]
        if int(its_session) == session and state != "Z":
            found[int(pid)] = command
    return found
