"""Reads the sample's publishers and articles from their files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

PUBLISHERS = Path(__file__).parent / "publishers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its newsroom has it.

    `text` has its paragraphs separated by blank lines, headings after `## `, and listed
    companies as `{name|sz003488}`. `source` is the newsroom it was taken over from.
    `missing` articles are listed in the feed, and their page is not there.
    """

    slug: str
    title: str
    published: datetime
    text: str
    updated: datetime | None = None
    author: str = ""
    summary: str = ""
    editor: str = ""
    source: str = ""
    original_title: str = ""
    missing: bool = False

    @property
    def changed(self) -> datetime:
        """When the newsroom last touched it."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A publisher; `page` is the template of its pages, `article_path` holds `{slug}`."""

    key: str
    name: str
    domain: str
    language: str
    region: str
    timezone: str
    encoding: str
    feed: Literal["rss", "atom"]
    feed_path: str
    feed_name: str
    category: str
    article_path: str
    shown_date: str
    page: str
    articles: tuple[Article, ...]


def load() -> tuple[Publisher, ...]:
    """Every publisher with its articles, in the order of their folders' names."""
    return tuple(_publisher(folder) for folder in sorted(PUBLISHERS.iterdir()) if folder.is_dir())


def _publisher(folder: Path) -> Publisher:
    facts = tomllib.loads((folder / "publisher.toml").read_text("utf-8"))
    articles = tuple(_article(file) for file in sorted((folder / "articles").glob("*.md")))
    page = (folder / "page.html").read_text("utf-8")
    return Publisher(key=folder.name, page=page, articles=articles, **facts)


def _article(file: Path) -> Article:
    _, facts, text = file.read_text("utf-8").split("+++\n", 2)
    return Article(slug=file.stem, text=text.strip(), **tomllib.loads(facts))
