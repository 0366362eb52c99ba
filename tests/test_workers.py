"""The worker pool: one bad page costs itself and nothing else."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from pipelines.items import Failure
from pipelines.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator


def double(number: int) -> int:
    return 2 * number


def worker_id() -> int:
    return os.getpid()


def raise_error() -> None:
    raise ValueError("not a page\nsecond line")


def hang_in_c() -> None:
    ctypes.CDLL(None).sleep(60)


def die(how: int) -> None:
    os.kill(os.getpid(), how)
    time.sleep(10)


def eat_memory() -> int:
    return len(bytearray(4 << 30))


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(2, timeout_s=1, memory_mb=1024, max_tasks=50, preload=())
    yield pool
    pool.stop()


async def test_results_come_back(workers: Workers) -> None:
    assert await asyncio.gather(*(workers.run(double, n) for n in range(20))) == [
        2 * n for n in range(20)
    ]


async def test_every_kind_of_trouble_is_a_value_and_costs_only_itself(workers: Workers) -> None:
    raised, hung, segfault, killed, greedy, *good = await asyncio.gather(
        workers.run(raise_error),
        workers.run(hang_in_c),
        workers.run(die, signal.SIGSEGV),
        workers.run(die, signal.SIGKILL),
        workers.run(eat_memory),
        *(workers.run(double, n) for n in range(10)),
    )
    assert raised == Failure(reason="ValueError: not a page")
    assert hung == Failure(reason="took longer than 1 s")
    assert segfault == Failure(reason="killed its worker (SIGSEGV)")
    assert killed == Failure(reason="killed its worker (SIGKILL)")
    assert greedy == Failure(reason="needed more than 1024 MB of memory")
    assert good == [2 * n for n in range(10)]


async def test_a_pool_whose_workers_are_all_killed_is_rebuilt(workers: Workers) -> None:
    processes = {await workers.run(worker_id) for _ in range(20)}
    for process in processes:
        assert isinstance(process, int)
        os.kill(process, signal.SIGKILL)
    assert await asyncio.gather(*(workers.run(double, n) for n in range(6))) == [
        0, 2, 4, 6, 8, 10,
    ]  # fmt: skip


async def test_workers_are_renewed() -> None:
    pool = Workers(1, timeout_s=5, max_tasks=3, preload=())
    seen = [await pool.run(worker_id) for _ in range(9)]
    pool.close()
    assert len(set(seen)) == 3


PARENT = """
import asyncio, os, sys, time
from pipelines.workers import Workers
from tests.test_workers import double, worker_id

def slow(number):
    time.sleep(1.5)
    return 2 * number

async def main():
    import signal
    pool = Workers(1, timeout_s=20, preload=())
    print(await pool.run(worker_id), flush=True)
    loop = asyncio.get_running_loop()
    for s in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(s, lambda: None)
    task = asyncio.ensure_future(pool.run(slow, 21))
    await asyncio.sleep(0.3)
    print("ready", flush=True)
    print(await task, flush=True)
    pool.close()

if __name__ == "__main__":
    asyncio.run(main())
"""


HASTY = """
import asyncio
from pipelines.workers import Workers
from tests.test_workers import double

async def main():
    for n in range(5):
        pool = Workers(2, preload=())
        task = asyncio.ensure_future(pool.run(double, 21))
        await asyncio.sleep(0.001 + n * 0.003)
        task.cancel()
        pool.stop()

if __name__ == "__main__":
    asyncio.run(main())
"""


def start_parent(path: str, script: str = PARENT, **how: int) -> subprocess.Popen[str]:
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(textwrap.dedent(script))
    return subprocess.Popen(
        [sys.executable, path],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        **how,
    )


def test_workers_that_are_stopped_while_they_start_say_nothing(tmp_path: object) -> None:
    parent = start_parent(f"{tmp_path}/parent.py", HASTY, stderr=subprocess.PIPE)
    assert parent.communicate(timeout=60) == ("", "")
    assert parent.returncode == 0


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_leaves_the_page_in_flight_alone(
    tmp_path: object, stop: signal.Signals
) -> None:
    parent = start_parent(f"{tmp_path}/parent.py")
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert parent.stdout.readline() == "ready\n"
    os.killpg(parent.pid, stop)
    os.kill(worker, signal.SIGTERM)
    assert parent.stdout.readline() == "42\n"
    assert parent.wait(timeout=10) == 0


def test_workers_end_when_the_parent_is_killed(tmp_path: object) -> None:
    parent = start_parent(f"{tmp_path}/parent.py")
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its parent")
