"""`broadtape run` from outside: prompt, fair, and quick to let go."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import is_sound, query, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TICK = 1.0
SLOW = 10.0
ALWAYS_DUE = {"min_interval": 0.1, "max_interval": 0.1}


@contextmanager
def daemon(user: User) -> Iterator[subprocess.Popen[str]]:
    """The daemon, running; ended hard if a test has not ended it."""
    process = user.start(
        "run", "--tick", f"{TICK}s", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        wait_until_gone(process.pid)


def wait_for(condition: Callable[[], bool], seconds: float) -> float:
    """Wait until it holds; returns how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - started


def urls(user: User) -> set[str]:
    if not user.db.exists():
        return set()
    try:
        return {url for (url,) in query(user, "SELECT url FROM articles")}
    except Exception:  # the tables are being made
        return set()


@pytest.mark.alone
def test_an_item_added_while_it_runs_is_soon_a_row(site: Site, tmp_path: Path) -> None:
    user = User.of(site, tmp_path, **ALWAYS_DUE)
    with daemon(user) as process:
        wait_for(lambda: set(site.fetchable()) <= urls(user), 30)
        url = site.add_article("tidewater", "late-edition", title="A late edition")
        assert wait_for(lambda: url in urls(user), 20) < TICK + 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert is_sound(user)


@pytest.mark.alone
def test_a_slow_host_does_not_delay_another(tmp_path: Path) -> None:
    with Site(hosts=("127.0.0.1", "127.0.0.2", "127.0.0.3")) as site:
        user = User.of(site, tmp_path, **ALWAYS_DUE)
        user.environment["BROADTAPE_ALLOW_HOSTS"] = "127.0.0.0/8"
        slow, quick = site.publishers[0], site.publishers[1]
        mine = {url for url in site.fetchable() if not url.startswith(site.url(slow, ""))}
        site.set_delay(slow, SLOW)
        with daemon(user):
            wait_for(lambda: mine <= urls(user), 30)
            # By now every place the slow host may have is taken, and its pages are queued.
            url = site.add_article(quick, "stop-press", title="Stop press")
            assert wait_for(lambda: url in urls(user), 20) < TICK + 2


@pytest.mark.parametrize("command", [("crawl",), ("run", "--tick", "1s")])
def test_the_first_signal_lets_pages_in_flight_be_stored(
    site: Site, user: User, command: tuple[str, ...]
) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, 0.5)
    process = user.start(*command)
    wait_for(lambda: len(site.pages_fetched()) >= 4, 30)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    assert "Traceback" not in stderr
    asked = set(site.pages_fetched()) & set(site.fetchable())
    assert asked, "the signal came before any page"
    assert asked <= urls(user)
    assert len(asked) < len(site.fetchable()), "the crawl had ended before the signal came"
    wait_until_gone(process.pid)
    # What was left is taken up by the next crawl.
    for publisher in site.publishers:
        site.set_delay(publisher, 0)
    assert user.run("crawl").returncode == 0
    assert urls(user) == set(site.fetchable())


@pytest.mark.alone
def test_a_second_signal_stops_at_once(site: Site, user: User) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, SLOW)
    process = user.start("run", "--tick", "1s")
    wait_for(lambda: len(site.requests) >= 2, 30)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None, "the first signal did not wait for what is in flight"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert time.monotonic() - started < SLOW / 2
    wait_until_gone(process.pid)
    assert is_sound(user)


@pytest.mark.parametrize("nohup", [False, True])
def test_a_closing_terminal_asks_it_to_stop_but_under_nohup(
    site: Site, user: User, *, nohup: bool
) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, TICK)
    before = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"] if nohup else []
    process = subprocess.Popen(
        [*before, *user.command("run", "--tick", f"{TICK}s")],
        stderr=subprocess.PIPE, encoding="utf-8", env=user.full_environment(),
    )  # fmt: skip
    try:
        wait_for(lambda: len(site.requests) >= 2, 30)
        process.send_signal(signal.SIGHUP)
        if nohup:
            wait_for(lambda: len(site.pages_fetched()) >= 4, 30)
            process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "stopping: " in stderr


def test_scheduler_py_is_the_daemon(site: Site, user: User) -> None:
    script = Path(__file__).parents[2] / "scheduler.py"
    environment = {
        "BROADTAPE_DB": str(user.db),
        "BROADTAPE_CONFIG": str(user.folder / "broadtape.toml"),
    }
    process = subprocess.Popen(
        [sys.executable, str(script), "--tick", "1s"],
        env={**user.full_environment(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(lambda: set(site.fetchable()) <= urls(user), 40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        wait_until_gone(process.pid)
