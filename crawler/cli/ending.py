"""How a command ends that goes on until it is told to: Ctrl-C, SIGTERM, or its terminal closed."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

TOLD_TO_END = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def dying_at_once() -> Iterator[None]:
    """Inside, a signal to end kills: for a start that has nothing to clean up.

    Python would raise KeyboardInterrupt in whatever module is being imported by then, and
    some of them take that for a failure they can do without.
    """
    with answering(signal.SIG_DFL):
        yield


@contextmanager
def interrupted() -> Iterator[None]:
    """Inside, every signal to end raises KeyboardInterrupt, so that what was made is removed."""
    with answering(_raise):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, signals to end change nothing: for the little that a command does at its end."""
    with answering(signal.SIG_IGN):
        yield


def _raise(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def answering(answer: Any) -> Iterator[None]:
    """Inside, a signal to end is answered so: by a handler, SIG_DFL or SIG_IGN.

    Also where SIGINT was to be ignored, as a shell has it for what a script starts with `&`:
    a server hears it there too. Not so SIGHUP: that is what `nohup` is for.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in TOLD_TO_END}
    try:
        for number, present in before.items():
            if number == signal.SIGINT or present is not signal.SIG_IGN:
                signal.signal(number, answer)
        yield
    finally:
        for number, present in before.items():
            signal.signal(number, present)
