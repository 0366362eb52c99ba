"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.sample.site import Site
from data.sample.user import User

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and feeds beside the checkout; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """A user who crawled the sample site, which is still on the air; not to be changed."""
    with Site() as site:
        user = User.of(site, tmp_path_factory.mktemp("crawled"))
        for _ in range(2):  # the second time finds one live article, and one edit
            done = user.run("crawl")
            assert done.returncode == 0, done.stderr
            site.add_article("tidewater", "oats-at-the-quay")
            site.edit_article("tidewater", "market-report-monday", title="London close: corrected")
        yield user
