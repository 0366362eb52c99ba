"""What a command does not need it does not load, whatever else is installed."""

from __future__ import annotations

import subprocess
import sys


def test_the_database_loads_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys, pipelines.database;"
        "print([name for name in ('pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "[]\n"
