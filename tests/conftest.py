"""What every test may ask for, and how the suite shares a machine with itself."""

from __future__ import annotations

import fcntl
import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from data.sample.site import Site
from data.sample.user import User

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2] / "shared"
MOST_PROCESSES = 4

# Tests open terminals of their own width; a process of several is told its parent's.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

# What is started here ends on Ctrl-C and with its terminal, although this may have been started
# by a shell's `&`, or `nohup`, which have both ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# How long an example takes says how busy the machine is. A change is judged by the same examples
# everywhere; `--hypothesis-profile searching` looks for others.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("searching", UNTIMED)
settings.load_profile("same")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process per core for the whole suite; what is picked by name runs in this one."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    cores = min(os.cpu_count() or 1, MOST_PROCESSES)
    return cores if whole and cores > 1 else 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let tests run side by side, but one that is marked `alone` by itself."""
    with _turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(*, alone: bool) -> Iterator[None]:
    """Hold the room, with others or alone. Files of the suite serve as its locks."""
    # Whoever waits for the room holds the door: else the others, who only share it, would go
    # in and out for ever before one who wants it alone.
    with HERE.open() as room, HERE.with_name("__init__.py").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            # Said, for closing is not enough where a process that a test forked lives on.
            fcntl.flock(room, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and feeds beside the checkout; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """A user who crawled the sample site, which is still on the air; not to be changed."""
    with Site() as site:
        user = User.of(site, tmp_path_factory.mktemp("crawled"))
        for _ in range(2):  # the second time finds one live article, and one edit
            done = user.run("crawl")
            assert done.returncode == 0, done.stderr
            site.add_article("tidewater", "oats-at-the-quay")
            site.edit_article("tidewater", "market-report-monday", title="London close: corrected")
        yield user
