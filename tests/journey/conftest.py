"""A running sample site, and a user who crawls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.sample.site import Site
from data.sample.user import User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def user(site: Site, tmp_path: Path) -> User:
    return User.of(site, tmp_path)
