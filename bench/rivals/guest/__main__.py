"""python bench/rivals/guest TASK: in a rival's environment, answers JSON lines with JSON lines."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

import copies
import documents
import pages
import watching

TASKS = {**pages.TASKS, **documents.TASKS, **copies.TASKS, **watching.TASKS}
PATIENCE_S = 60


class TooLongError(BaseException):
    """A question took longer than anyone would wait; no `except Exception` may swallow it."""


def main(task: str) -> None:
    answer = TASKS[task]()
    # What a library prints must not get among the answers.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGALRM, _give_up)
    for line in sys.stdin:
        start = time.process_time()
        found: dict[str, Any]
        try:
            signal.alarm(PATIENCE_S)
            found = answer(json.loads(line))
        except (Exception, TooLongError) as error:
            found = {"error": f"{type(error).__name__}: {error}"[:300]}
        signal.alarm(0)
        found.setdefault("seconds", time.process_time() - start)
        out.write(json.dumps(found) + "\n")
        out.flush()


def _give_up(*_: object) -> None:
    raise TooLongError


if __name__ == "__main__":
    main(sys.argv[1])
