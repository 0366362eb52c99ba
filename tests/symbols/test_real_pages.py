"""The real pages with known instruments, where they are at hand, by the journey's own path."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.extract import extract, from_entry
from pipelines.items import Article, Entry, Hints, Page, Source
from pipelines.symbols.alike import alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.items import Mention

pytestmark = pytest.mark.shared
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def source(host: str) -> Source:
    return Source(name=host, domain=host, language="zh", timezone="Asia/Shanghai")


def of_page(body: bytes, url: str) -> tuple[Mention, ...]:
    page = Page(
        url=url, final_url=url, status=200, content_type=None, body=body, fetched_at=NOW
    )  # fmt: skip
    article = extract(page, Hints(source=source(url.split("/")[2]), entry=Entry(link=url)))
    assert isinstance(article, Article)
    return article.mentions


def of_post(file: Path, title: str | None, url: str) -> tuple[Mention, ...]:
    entry = Entry(link=url, title=title, content=file.read_text("utf-8").split("---", 2)[2])
    return from_entry(Hints(source=source(url.split("/")[2]), entry=entry), NOW).mentions


def test_the_seed_names_one_instrument(shared: Path) -> None:
    (file,) = (shared / "seed").glob("*.txt")
    url = "https://finance.sina.com.cn/seed"
    html = file.read_text("utf-8").split("---", 2)[2]
    for found in (of_page(f"<html><body>{html}</body></html>".encode(), url),
                  of_post(file, None, url)):  # fmt: skip
        (mention,) = found
        assert (mention.symbol, mention.name) == ("XSHE:000088", "盐田港")
        assert mention.place == "markup"


def posts(shared: Path) -> Iterator[tuple[str, tuple[Mention, ...], set[str]]]:
    folder = shared / "corpora" / "chinese" / "rsshub"
    for name, gold in json.loads((folder / "gold.json").read_text("utf-8")).items():
        host = "www.stcn.com" if name.startswith("stcn") else "finance.sina.com.cn"
        found = of_post(folder / f"{name}.md", gold["title"], f"https://{host}/{name}")
        yield name, found, set(gold["instruments"])


def test_feed_posts_name_what_their_gold_says(shared: Path) -> None:
    wrong = {
        name: ({mention.symbol for mention in found}, gold)
        for name, found, gold in posts(shared)
        if {mention.symbol for mention in found} != gold
    }
    assert wrong == {}


def pages(shared: Path) -> Iterator[tuple[str, tuple[Mention, ...], dict[str, Any]]]:
    folder = shared / "corpora" / "chinese"
    for name, gold in json.loads((folder / "gold.json").read_text("utf-8")).items():
        if "instruments" in gold:
            body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
            yield name, of_page(body, gold.get("url") or "https://finance.sina.com.cn/a"), gold


def test_pages_name_what_their_gold_says_and_wrong_tags_are_only_tags(shared: Path) -> None:
    """A page that states no exchange gives US:JPM, which is found by asking for XNYS:JPM."""
    for name, found, gold in pages(shared):
        wrong = {tag.split()[0].rpartition(":")[2] for tag in gold.get("wrong_publisher_tags", [])}
        right = [mention for mention in found if mention.code not in wrong]
        for symbol in gold["instruments"]:
            assert any(mention.symbol in alike(symbol) for mention in right), (name, symbol)
        for mention in right:
            assert set(alike(mention.symbol)) & set(gold["instruments"]), (name, mention)
        assert all(mention.certainty == "tag" for mention in found if mention.code in wrong)
