"""The real pages with known instruments, where they are at hand."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import lxml.html
import pytest
import trafilatura

from pipelines.items import Source
from pipelines.symbols import find_mentions

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.items import Mention

pytestmark = pytest.mark.shared


def mentions(html: str, title: str | None, host: str) -> tuple[Mention, ...]:
    tree = lxml.html.document_fromstring(html)
    text = trafilatura.extract(html) or ""
    source = Source(name="a", domain=host)
    return find_mentions(tree, title=title, text=text, language="zh", source=source)


def test_the_seed_names_one_instrument(shared: Path) -> None:
    (file,) = (shared / "seed").glob("*.txt")
    html = file.read_text("utf-8").split("---", 2)[2]
    (found,) = mentions(f"<html><body>{html}</body></html>", None, "finance.sina.com.cn")
    assert (found.symbol, found.name, found.place) == ("XSHE:000088", "盐田港", "markup")


def test_feed_posts_name_what_their_gold_says(shared: Path) -> None:
    folder = shared / "corpora" / "chinese" / "rsshub"
    for name, gold in json.loads((folder / "gold.json").read_text("utf-8")).items():
        html = (folder / f"{name}.md").read_text("utf-8").split("---", 2)[2]
        host = "www.stcn.com" if name.startswith("stcn") else "finance.sina.com.cn"
        found = mentions(f"<html><body>{html}</body></html>", gold["title"], host)
        assert {mention.symbol for mention in found} == set(gold["instruments"]), name


def test_pages_name_what_their_gold_says_and_wrong_tags_are_only_tags(shared: Path) -> None:
    """Sina's tags of American shares say no exchange: US: and the right code is right."""
    folder = shared / "corpora" / "chinese"
    for name, gold in json.loads((folder / "gold.json").read_text("utf-8")).items():
        if "instruments" not in gold:
            continue
        raw = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        try:
            html = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            html = raw.decode("gb18030", "replace")
        found = mentions(html, gold["title"], "finance.sina.com.cn")
        wanted = {symbol.partition(":")[2] for symbol in gold["instruments"]}
        wrong = {tag.split()[0].rpartition(":")[2] for tag in gold.get("wrong_publisher_tags", [])}
        assert {mention.code for mention in found} - wrong == wanted, name
        assert all(mention.certainty == "tag" for mention in found if mention.code in wrong)
