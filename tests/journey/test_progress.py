"""What a crawl shows on a terminal while it runs: the screen, at every moment."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.sample.site import Site
    from data.sample.user import User

STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[lh]")
FRAME = b"\r\x1b[2K"
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"


class Screen:
    """Lines as a terminal of so many columns shows them; as much of its language as is used."""

    def __init__(self, columns: int) -> None:
        self.columns, self.lines, self.row, self.at = columns, [""], 0, 0

    def write(self, written: str) -> None:
        for part in re.findall(r"\x1b\[\d*[A-Z]|\x1b|[^\x1b]", STYLE.sub("", written)):
            if part == "\r":
                self.at = 0
            elif part == "\n":
                self._down()
            elif part == "\x1b[2K":
                self.lines[self.row] = ""
            elif part == "\x1b[1A":
                self.row -= 1
            elif part.startswith("\x1b"):
                raise AssertionError(repr(part))
            else:
                self._put(part)

    def _put(self, character: str) -> None:
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if self.at + wide > self.columns:
            self._down()
            self.at = 0
        line = self.lines[self.row].ljust(self.at)
        assert len(line) <= self.columns
        # A wide character stands for two: the second is marked by a null.
        self.lines[self.row] = line[: self.at] + character + "\0" * (wide - 1)
        self.at += wide

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def shown(self) -> list[str]:
        return [line.replace("\0", "").rstrip() for line in self.lines]


class Terminal:
    """A crawl on a terminal: what it wrote, and the screen after each piece of it."""

    def __init__(self, user: User, columns: int, *words: str, **environment: str) -> None:
        self.screen, self.moments = Screen(columns), list[list[str]]()
        self.written, self._read = "", b""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        inherited = {k: v for k, v in user.full_environment().items() if k != "NO_COLOR"}
        self.process = user.start(
            *words, stdin=theirs, stdout=theirs, stderr=theirs,
            env={**inherited, "TERM": "xterm-256color", **environment},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Look on until something is so, or to the end."""
        deadline = time.monotonic() + 60
        while not until():
            assert time.monotonic() < deadline, self.screen.shown()
            if not select.select([self._ours], [], [], 0.05)[0]:
                continue
            try:
                self._read += os.read(self._ours, 65536)
            except OSError:  # how Linux says that nobody writes any more
                self._show(self._read)
                self.process.wait(30)
                return
            # What a frame begins with says that the one before is whole.
            whole, begins, rest = self._read.rpartition(FRAME)
            self._show(whole)
            self._read = begins + rest

    def _show(self, read: bytes) -> None:
        for frame in re.split(b"(?=%s)" % re.escape(FRAME), read):
            written = frame.decode()
            self.written += written
            self.screen.write(written)
            self.moments.append(self.screen.shown())

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        os.close(self._ours)

    def bars(self) -> list[str]:
        return [line for moment in self.moments for line in moment if line.startswith("pages")]


@pytest.fixture
def crawl(user: User) -> Iterator[Callable[..., Terminal]]:
    opened = []

    def open_one(columns: int, *words: str, **environment: str) -> Terminal:
        opened.append(Terminal(user, columns, *(words or ("crawl",)), **environment))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize("columns", [80, 50, 34])
def test_the_bar_is_one_line_that_counts(crawl: Callable[..., Terminal], columns: int) -> None:
    terminal = crawl(columns)
    terminal.watch()
    bars = terminal.bars()
    assert all(len([line for line in moment if line.startswith("pages")]) <= 1
               for moment in terminal.moments)  # fmt: skip
    whole = re.compile(r"pages ([╸╺━]{12} )?[ \d]\d*/(\?|\d+)( \d:\d\d:\d\d)? .*")
    assert [bar for bar in bars if not whole.fullmatch(bar)] == []
    assert any("/31" in bar and " 0/" not in bar for bar in bars)
    assert any("new: " in bar for bar in bars)
    left = terminal.screen.shown()
    assert not [line for line in left if line.startswith("pages") and "fetched" not in line]
    assert terminal.written.rindex(SHOWN) > terminal.written.rindex(HIDDEN)


def test_what_is_logged_stands_above_the_bar(crawl: Callable[..., Terminal], user: User) -> None:
    terminal = crawl(80, "crawl", BROADTAPE_VERBOSE="1")
    terminal.watch()
    left = terminal.screen.shown()
    table = left.index("")
    assert sum(line.startswith(("new: ", "copy: ")) for line in left[:table]) == 30
    assert not [line for line in left[:table] if "pages " in line]
    assert not [bar for bar in terminal.bars() if "new: " in bar]


ORDERS = "&#27;[2J&#27;]0;owned&#7;"  # clear the screen, name the window
PAGE = f"""<title>Rates{ORDERS} rise</title><article><h1>Rates{ORDERS} rise</h1>
{f"<p>Dealers bought{ORDERS} more bonds than the day before, said the exchange.</p>" * 9}
</article>"""


@pytest.mark.parametrize("verbose", ["", "1"])
def test_a_publisher_gives_no_orders_to_a_terminal(
    crawl: Callable[..., Terminal], site: Site, verbose: str
) -> None:
    slug = site.articles("meridian")[0].slug
    path = "/" + site.article_url("meridian", slug).split("/", 3)[3]
    site.add_page("meridian", path, PAGE.encode())
    words = ["crawl"], ["search", "dealers", "bonds", "exchange"], ["search", "rates"]
    for command in words:
        terminal = crawl(80, *command, BROADTAPE_VERBOSE=verbose)
        terminal.watch()
        assert terminal.process.returncode == 0
        assert "owned" in terminal.written or command == ["crawl"]
        assert "\x1b[2J" not in terminal.written
        assert "\x1b]" not in terminal.written


def test_ctrl_c_says_what_it_does(crawl: Callable[..., Terminal], site: Site) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, 1)
    terminal = crawl(80)
    terminal.watch(lambda: len(site.pages_fetched()) > 2)
    terminal.type(b"\x03")
    terminal.watch(lambda: any("a second Ctrl-C stops" in line for line in terminal.screen.shown()))
    terminal.watch()
    assert terminal.process.returncode == 0
    left = terminal.screen.shown()
    assert left[0].startswith("stopping: ")
    assert left[1] == ""  # and the table
    assert any(line.startswith("stopped early") for line in left)
    assert terminal.written.rindex(SHOWN) > terminal.written.rindex(HIDDEN)


def test_a_second_ctrl_c_leaves_the_terminal_in_order(
    crawl: Callable[..., Terminal], site: Site
) -> None:
    for publisher in site.publishers:
        site.set_delay(publisher, 20)
    terminal = crawl(80)
    terminal.watch(lambda: bool(site.pages_fetched()))
    terminal.type(b"\x03")
    terminal.watch(lambda: any("a second Ctrl-C stops" in line for line in terminal.screen.shown()))
    terminal.type(b"\x03")
    terminal.watch()
    assert any(line.startswith("stopped early") for line in terminal.screen.shown())
    assert terminal.written.rindex(SHOWN) > terminal.written.rindex(HIDDEN)


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(
    crawl: Callable[..., Terminal],
) -> None:
    terminal = crawl(80, TERM="dumb")
    terminal.watch()
    assert "\x1b" not in terminal.written
    left = terminal.screen.shown()
    assert any(line.startswith("polled Meridian Wire: Business: new") for line in left)
    assert sum(line.startswith(("new: ", "copy: ")) for line in left) == 30


def test_without_colour_there_is_a_bar_still(crawl: Callable[..., Terminal]) -> None:
    terminal = crawl(80, NO_COLOR="1")
    terminal.watch()
    assert not re.search(r"\x1b\[[0-9;]*[0-9]m", re.sub(r"\x1b\[[01]m", "", terminal.written))
    assert any("/31" in bar for bar in terminal.bars())


def test_logs_for_programs_are_not_mixed_with_a_bar(crawl: Callable[..., Terminal]) -> None:
    terminal = crawl(80, BROADTAPE_JSON="1")
    terminal.watch()
    assert "pages ━" not in terminal.written
    assert '"message": "polled Meridian Wire: Business: new' in terminal.written


def test_in_a_pipe_there_are_lines(user: User) -> None:
    done = user.run("crawl")
    assert "\x1b" not in done.stdout + done.stderr
    assert sum(line.startswith(("new: ", "copy: ")) for line in done.stderr.splitlines()) == 30
    assert done.stdout.startswith("feed\toutcome\t")


def test_a_service_that_is_stopped_says_so(user: User, site: Site) -> None:
    daemon = user.start("run", "--tick", "1s")
    assert daemon.stderr is not None
    while site.pages_fetched() == []:
        time.sleep(0.05)
    daemon.send_signal(signal.SIGTERM)
    _, said = daemon.communicate(timeout=30)
    lines = said.splitlines()
    assert sum(line.startswith("stopping: ") for line in lines) == 1
    assert lines[-1] == "stopped; everything fetched is stored"
