"""Imported first by the fork server, before anything heavy: leaves the process group.

Control-C in a terminal reaches every process of the foreground group, and a service
manager stops every process it can find. The crawl must then still be able to finish the
pages in flight, so the fork server (and with it every worker it forks) goes into a
session of its own and ignores SIGTERM. It ends by itself when the last process that
talks to it has gone. Importing this module anywhere else has no effect.
"""

from __future__ import annotations

import os
import signal
import sys

if sys.argv[:1] == ["-c"] and os.getpid() != os.getsid(0):
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
