"""What docs/exports.md says can be typed as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)


def test_every_command_and_recipe_runs(record: Path, tmp_path: Path) -> None:
    for name in ("pyarrow", "pandas", "polars", "duckdb"):
        pytest.importorskip(name)
    binaries = Path(sys.executable).parent
    environment = {
        **os.environ,
        "BROADTAPE_DB": str(record),
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
    }
    commands = ["bash", "-e", "-c", "\n".join(blocks("sh"))]
    recipes = [sys.executable, "-c", "\n".join(blocks("python"))]
    for block in (commands, recipes):
        done = subprocess.run(
            block, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
    assert {"news.csv", "posts", "mirror.cursor", "changes-0.jsonl", "news"} <= {
        file.name for file in tmp_path.iterdir()
    }
