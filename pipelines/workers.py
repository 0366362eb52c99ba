"""Worker processes: a page that hangs, dies or eats all memory costs only itself.

Parsing somebody else's bytes happens here and never in the crawl's own process. Each
task has a time limit and each worker a memory limit; workers are renewed after a number
of tasks, which also empties every cache that the parsers keep. Whatever goes wrong comes
back as a `Failure`; only cancelling is an exception.

The time limit is the kernel's alarm inside the worker, because a parser that hangs in C
code answers to no Python signal handler, and because it also ends a worker whose parent
is gone. Pebble's own limit stands behind it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from pipelines.items import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

P = ParamSpec("P")
T = TypeVar("T")

MEGABYTE = 1 << 20
BACKSTOP_S = 5
"""Seconds after which pebble ends a task that outlived its alarm."""
# Workers are deaf to SIGTERM: that pebble waits three seconds for its effect, before it kills
# one that is busy or still starting, would only let whoever stops a crawl wait.
CONSTS.term_timeout = 0.1


class Workers:
    """A pool of `size` processes (default: the cores) to run parsing functions in.

    `timeout_s` is the wall-clock limit of one task, `memory_mb` the address space of one
    worker, `max_tasks` the number of tasks after which a worker is replaced. `preload`
    names modules that the fork server imports once, so that new workers start in
    milliseconds. Use from one event loop; `close` waits for running tasks, `stop` does not.
    """

    def __init__(
        self,
        size: int | None = None,
        *,
        timeout_s: float = 30,
        memory_mb: int = 2048,
        max_tasks: int = 500,
        preload: Sequence[str] = ("pipelines.extract",),
    ) -> None:
        self.size = size or os.cpu_count() or 1
        self.timeout_s = timeout_s
        self.memory_mb = memory_mb
        self.max_tasks = max_tasks
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pipelines.detached", *preload])
        # Two tasks a worker keep it busy; more would only pile page bodies up in a pipe.
        self.turn = asyncio.Semaphore(2 * self.size)
        self._pool = self._build()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Failure:
        """Run an importable function in a worker; arguments and result must be picklable.

        Returns its result, or a `Failure` that says in words what became of it. When the
        whole pool breaks, it is rebuilt and the task tried once more.
        """
        async with self.turn:
            return await self.run_in_turn(function, *args, **kwargs)

    async def run_in_turn(
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | Failure:
        """The same for who holds `turn` already, and so could wait to make the arguments."""
        for _ in range(2):
            pool = self._pool
            try:
                return await self._attempt(pool, function, args, kwargs)
            except (BrokenProcessPool, _LostTask):
                self._replace(pool)
        return Failure(reason="the worker pool broke twice under this task")

    async def _attempt(
        self, pool: ProcessPool, function: Callable[..., T], args: Any, kwargs: Any
    ) -> T | Failure:
        try:
            future = pool.schedule(
                _within_limit,
                args=(self.timeout_s, function, args, kwargs),
                timeout=self.timeout_s + BACKSTOP_S,
            )
        except RuntimeError as error:  # pebble: the pool is in error or was stopped
            raise BrokenProcessPool(str(error)) from error
        try:
            # A scheduled task waits for one other at most, so three limits mean it was lost.
            return await asyncio.wait_for(
                asyncio.wrap_future(future), 3 * (self.timeout_s + BACKSTOP_S)
            )
        except ProcessExpired as death:
            return Failure(reason=self._cause_of_death(death.exitcode))
        except (BrokenProcessPool, asyncio.CancelledError):
            raise
        except MemoryError:
            return Failure(reason=f"needed more than {self.memory_mb} MB of memory")
        except TimeoutError as error:
            if not future.done() or future.cancelled():
                raise _LostTask from error
            return Failure(reason=self._too_long())
        except Exception as error:  # whatever a task raises is its result
            return Failure(reason=_in_one_line(error))

    def close(self) -> None:
        """Finish what is running, then end the workers."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """End the workers now; what is running is lost."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _build(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.size,
            max_tasks=self.max_tasks,
            initializer=_settle,
            initargs=(self.memory_mb,),
            context=self._context,
        )

    def _replace(self, broken: ProcessPool) -> None:
        """Put a new pool in the place of a broken one, unless another task already has."""
        if self._pool is broken:
            self._pool = self._build()
            threading.Thread(target=_discard, args=(broken,), daemon=True).start()

    def _cause_of_death(self, exitcode: int) -> str:
        if exitcode == -signal.SIGALRM:
            return self._too_long()
        return f"killed its worker ({_exit_in_words(exitcode)})"

    def _too_long(self) -> str:
        return f"took longer than {self.timeout_s:g} s"


class _LostTask(Exception):
    """A task that neither finished nor failed: its worker died at the worst moment."""


def _settle(memory_mb: int) -> None:
    """Make a worker: deaf to signals meant for the crawl, and bounded in memory."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with suppress(ValueError, OSError):  # a system without such a limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MEGABYTE, memory_mb * MEGABYTE))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _within_limit(
    limit_s: float, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    """Run a task with the alarm set; it is off again before the result is sent."""
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _discard(pool: ProcessPool) -> None:
    with suppress(Exception):
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _exit_in_words(exitcode: int) -> str:
    if exitcode < 0:
        with suppress(ValueError):
            return signal.Signals(-exitcode).name
    return f"exit code {exitcode}"


def _in_one_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
