from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.export import record as records

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a database of awkward articles, not to be changed."""
    return records.make(tmp_path_factory.mktemp("record") / "news.db")
