"""What goes wrong is told in one line, costs only itself, and loses nothing."""

from __future__ import annotations

import os
import pty
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from data.sample.user import User
from tests.journey.helpers import is_sound, kill_and_recover, only_line, query

if TYPE_CHECKING:
    from pathlib import Path

    from data.sample.site import Site


def test_an_unwritable_database(user: User) -> None:
    user.db = user.folder / "no-such-file" / "news.db"
    user.db.parent.write_text("a file where a folder should be")
    crawl = user.run("crawl")
    assert crawl.returncode == 1
    assert str(user.db.parent) in only_line(crawl.stderr)


def test_a_file_that_is_no_database(user: User) -> None:
    user.db.write_text("Dear diary, " * 1000)
    for command in (["crawl"], ["export", "-f", "csv", "-o", "-"], ["status"], ["show", "1"]):
        result = user.run(*command)
        assert result.returncode == 1, command
        assert str(user.db) in only_line(result.stderr)
        assert result.stdout == ""
    assert user.db.read_text().startswith("Dear diary")


def test_a_database_of_another_program_is_left_alone(user: User) -> None:
    with closing(sqlite3.connect(user.db)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
    crawl = user.run("crawl")
    assert crawl.returncode == 1
    assert str(user.db) in only_line(crawl.stderr)
    assert query(user, "SELECT name FROM sqlite_master") == [("recipes",)]


def test_reading_before_there_is_anything(user: User) -> None:
    for command in (["export", "-f", "csv", "-o", "-"], ["status"], ["show", "1"]):
        result = user.run(*command)
        assert result.returncode == 1
        assert "crawl" in only_line(result.stderr)
    assert not user.db.exists()


def test_a_locked_database(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path, busy_timeout=0.5)
    assert user.run("feeds", "list").returncode in (0, 1)
    assert user.run("crawl", "--no-pages").returncode == 0
    with closing(sqlite3.connect(user.db, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        crawl = user.run("crawl")
    assert crawl.returncode == 1
    assert "locked" in crawl.stderr or "busy" in crawl.stderr
    assert "Traceback" not in crawl.stderr
    assert user.run("crawl").returncode == 0
    assert len(user.rows()) == len(site.fetchable())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('[[source]]\nname = "A"\ndomain = "a.example"\ncolour = "red"\n', "colour"),
        (
            '[[source]]\nname = "A"\ndomain = "a.example"\n'
            '[[source.feed]]\nname = "x"\nurl = "a.example/feed"\n',
            "a.example/feed",
        ),
        ("[[source]\n", "sources.toml"),
    ],
)
def test_a_catalogue_that_cannot_be_used(user: User, wrong: str, named: str) -> None:
    (user.folder / "sources.toml").write_text(wrong)
    crawl = user.run("crawl")
    assert crawl.returncode == 1
    line = only_line(crawl.stderr)
    assert named in line
    assert "sources.toml" in line


def test_a_configuration_that_cannot_be_used(user: User) -> None:
    with (user.folder / "broadtape.toml").open("a") as config:
        config.write("dealy = 1\n")
    crawl = user.run("crawl")
    assert crawl.returncode == 1
    assert "dealy" in only_line(crawl.stderr)
    assert user.run("crawl", "--no-such-option").returncode == 2


def test_a_crawl_in_which_nothing_can_be_polled(user: User, site: Site) -> None:
    site.close()
    crawl = user.run("crawl")
    assert crawl.returncode == 1
    assert "Traceback" not in crawl.stderr


def test_feeds_are_added_and_removed(user: User, site: Site) -> None:
    extra = site.add_page("meridian", "/extra.xml", b"")
    assert user.run("feeds", "add", extra).returncode == 0
    assert extra in user.run("feeds", "list").stdout
    assert user.run("feeds", "remove", extra).returncode == 0
    assert extra not in user.run("feeds", "list").stdout
    refused = user.run("feeds", "add", "meridian.example/rss")
    assert refused.returncode in (1, 2)
    assert "http" in refused.stderr
    gone = user.run("feeds", "remove", "https://nobody.example/feed")
    assert gone.returncode == 1
    only_line(gone.stderr)


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 1 MB; skips where none may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no small disk may be mounted here")
    return disk


def test_a_disk_that_fills_up(site: Site, tmp_path: Path, small_disk: Path) -> None:
    try:
        for number in range(20):
            site.add_article("meridian", f"long-{number}", text=_long_text(number))
        user = User.of(site, tmp_path, small_disk / "news.db")
        crawl = user.run("crawl")
        assert crawl.returncode == 1
        assert "Traceback" not in crawl.stderr
        assert "disk" in crawl.stderr or "room" in crawl.stderr
        assert is_sound(user)
        grown = ["mount", "-o", "remount,size=64m", str(small_disk)]
        subprocess.run(grown, check=True, capture_output=True)
        assert user.run("crawl").returncode == 0
        urls = Counter(row["url"] for row in user.rows())
        assert urls == Counter(site.fetchable().keys())
    finally:
        subprocess.run(["umount", str(small_disk)], check=True, capture_output=True)


def _long_text(number: int) -> str:
    draw = random.Random(number)
    words = [f"{draw.choice('bcdfgklmnprst')}{draw.choice('aeiou')}{draw.randrange(999)}"
             for _ in range(4000)]  # fmt: skip
    return "\n\n".join(" ".join(words[at : at + 100]) + "." for at in range(0, 4000, 100))


def test_a_terminal_that_closes(user: User, site: Site) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, 0.2)
    terminal, its_end = pty.openpty()
    crawl = user.start("crawl", stdin=its_end, stdout=its_end, stderr=its_end,
                       preexec_fn=lambda: _take_terminal(0))  # fmt: skip
    os.close(its_end)
    deadline = time.monotonic() + 30
    while not site.pages_fetched() and time.monotonic() < deadline:
        os.read(terminal, 4096)
    os.close(terminal)
    crawl.wait(timeout=30)
    for publisher in site.publishers:
        site.set_delay(publisher, 0)
    assert user.run("crawl").returncode == 0
    assert is_sound(user)
    assert Counter(row["url"] for row in user.rows()) == Counter(site.fetchable().keys())


def _take_terminal(stdin: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(stdin, termios.TIOCSCTTY, 0)


def test_a_reader_that_has_seen_enough(user: User) -> None:
    assert user.run("crawl").returncode == 0
    export = user.start("export", "-f", "csv", "-o", "-")
    assert export.stdout is not None
    assert export.stderr is not None
    assert export.stdout.readline().startswith("id,url")
    export.stdout.close()
    assert export.stderr.read() == ""
    export.stderr.close()
    assert export.wait(timeout=30) in (0, 1, -signal.SIGPIPE, 128 + signal.SIGPIPE)


def test_hostile_pages_cost_only_themselves(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path, page_timeout=2, extract_timeout=3)
    good = set(site.fetchable())
    hostile = {
        "huge": b"<html><body><p>" + b"much too long. " * (50_000_000 // 15),
        "nested": b"<html><body>" + b"<div>" * 200_000 + b"Deep inside.",
        "unfinished": b"<html><body><p>Never ends",
        "empty": b"",
        "binary": bytes(range(256)) * 400,
    }
    links = {}
    for slug, body in hostile.items():
        links[slug] = site.add_article("meridian", slug)
        site.add_page(
            "meridian", f"/story/{slug}.html", body, delay=20 if slug == "unfinished" else 0
        )
    crawl = user.run("crawl")
    assert crawl.returncode == 0, crawl.stderr
    assert "Traceback" not in crawl.stderr
    assert good <= {row["url"] for row in user.rows()}
    told = dict(query(user, "SELECT link, coalesce(last_error, state) FROM entries"))
    for slug in ("huge", "unfinished"):
        assert told[links[slug]] not in ("done", "pending", None), slug
    assert query(user, "SELECT count(*) FROM entries WHERE state = 'pending' AND attempts = 0") == [
        (0,)
    ]
    assert is_sound(user)


@pytest.mark.parametrize("moment", [0.2, 0.8])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    user: User, site: Site, moment: float
) -> None:
    kill_and_recover(user, site, after_pages=round(moment * len(site.fetchable())))
    assert Counter(row["url"] for row in user.rows()) == Counter(site.fetchable().keys())
    assert is_sound(user)
