"""Two crawls at once on one database: no lock error, no article twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from data.sample.user import User
from tests.journey.helpers import is_sound, query

if TYPE_CHECKING:
    from pathlib import Path

    from data.sample.site import Site


def test_three_crawls_at_once_store_every_article_once(site: Site, tmp_path: Path) -> None:
    users = [User.of(site, tmp_path / name, tmp_path / "news.db") for name in ("a", "b", "c")]
    for number in range(40):
        site.add_article("tidewater", f"brief-{number}", title=f"Brief {number}")
    crawls = [user.start("crawl") for user in users]
    for crawl in crawls:
        _, stderr = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, stderr
        assert "Traceback" not in stderr
        assert "in use" not in stderr
    stored = Counter(url for (url,) in query(users[0], "SELECT url FROM articles"))
    assert stored == Counter(site.fetchable().keys())
    assert query(users[0], "SELECT DISTINCT state FROM entries ORDER BY 1") == [
        ("done",),
        ("failed",),
    ]
    assert query(users[0], "SELECT count(*), count(DISTINCT article_id) FROM revisions") == [
        (len(stored), len(stored))
    ]
    assert is_sound(users[0])
