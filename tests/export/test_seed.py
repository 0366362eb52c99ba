"""A Chinese publisher's page becomes a post as static-site generators keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.export.record import broadtape

if TYPE_CHECKING:
    from pathlib import Path

    from data.sample.user import User


def test_the_sample_publisher_as_posts(crawled: User, tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    folder = tmp_path / "posts"
    broadtape(crawled.db, "export", "-f", "markdown", "--language", "zh", "-o", folder)
    posts = {}
    for file in folder.iterdir():
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.safe_load(front)
        posts[values["title"]] = (values, body)
    assert len(posts) == 10
    for values, body in posts.values():
        assert list(values) == [
            "title",
            "categories",
            "headimg",
            "author",
            "comments",
            "date",
            "thumbnail",
        ]
        assert values["categories"] == ["economy", "港城财讯", "港城财讯：财经要闻"]
        lines = body.strip().splitlines()
        assert (lines[0], lines[-1]) == ("<div>", "</div>")
        assert all(line.startswith(("<p>", "<h", "<ul", "<li", "</")) for line in lines[1:-1])
        for furniture in ("责任编辑", "APP", "扫描二维码", "免责声明", "<script", "<style", "<!--"):
            assert furniture not in body
    values, body = posts["债市周报：资金面先紧后松，十年期国债收益率微降"]
    assert values["date"] == "Sat, 21 Nov 2026 01:30:00 GMT"
    assert body.count("<p>") == 5
    assert "<p>可转债市场小幅回暖，中证转债指数上涨0.7%，日均成交额628亿元。</p>" in body
