"""Imported first by the fork server, before anything heavy: leaves the process group.

Control-C in a terminal reaches every process of the foreground group, and a service
manager stops every process it can find. The crawl must then still be able to finish the
pages in flight, so the fork server (and with it every worker it forks) goes into a
session of its own and ignores SIGTERM. It ends by itself when the last process that
talks to it has gone. A worker that is still starting when its pool is stopped finds the
pool's locks or pipes gone, and ends without a word. Importing this module anywhere else has
no effect.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What the fork server does with an error outside any task: of a worker not yet started."""
    if not issubclass(kind, (FileNotFoundError, EOFError, ConnectionError)):
        sys.__excepthook__(kind, error, trace)


if sys.argv[:1] == ["-c"] and os.getpid() != os.getsid(0):
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.excepthook = _tell
