"""Pages of the tests, read as the journey reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.extract import extract
from pipelines.items import Article, Page

if TYPE_CHECKING:
    from pipelines.items import Hints


def article_of(text: str, url: str, hints: Hints) -> Article:
    """The article of a page; fails where the page is none."""
    page = Page(
        url=url, final_url=url, status=200, content_type="text/html", body=text.encode(),
        fetched_at=datetime(2026, 3, 5, tzinfo=UTC),
    )  # fmt: skip
    found = extract(page, hints)
    assert isinstance(found, Article)
    return found
