"""An article as the database holds it: read from its latest revision, written as a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import joined, split, to_cell

if TYPE_CHECKING:
    import sqlite3

    from pipelines.items import Article, ArticleStatus


@dataclass(frozen=True, slots=True)
class Held:
    """An article as the database holds it now; what a decision compares with."""

    id: int
    source: str
    url: str
    url_key: str
    publisher: str | None
    title: str | None
    text: str
    summary: str | None
    status: ArticleStatus
    text_hash: str | None
    revision: int
    flags: tuple[str, ...]
    removed: tuple[str, ...]
    story_id: int | None
    first_seen_at: str
    published_at: str | None
    language: str | None
    extractor: str | None


HELD = (
    "SELECT i.id, i.source, r.url, i.url_key, r.publisher, r.title, r.text, r.summary,"
    " r.status, r.text_hash, r.revision, r.flags, r.removed, i.story_id, i.first_seen_at,"
    " r.published_at, r.language, r.extractor"
    " FROM identities AS i JOIN revisions AS r ON r.seq = i.latest_seq"
)


def read_held(row: sqlite3.Row) -> Held:
    """Read a row of `HELD`."""
    removed = tuple((row["removed"] or "").splitlines())
    return Held(**{**dict(row), "flags": split(row["flags"]), "removed": removed})


def values_of(article: Article, text_hash: str | None, word_count: int) -> dict[str, Any]:
    """The values of a revision, by column."""
    published = article.published
    return {
        "url": article.url,
        "publisher": article.publisher,
        "title": article.title,
        "original_title": article.original_title,
        "authors": joined(article.authors),
        "editor": article.editor,
        "language": article.language,
        "published_at": to_cell(published.at) if published else None,
        "published_precision": published.precision if published else None,
        "published_from": published.origin if published else None,
        "published_zone": published.zone if published else None,
        "published_raw": published.raw if published else None,
        "modified_at": to_cell(article.modified.at) if article.modified else None,
        "status": article.status,
        "text": article.text,
        "html": article.html,
        "summary": article.summary,
        "disclosure": article.disclosure,
        "image": article.image,
        "tags": joined(article.tags),
        "flags": joined(article.flags),
        "word_count": word_count,
        "text_hash": text_hash,
        "removed": "\n".join(article.removed) or None,
        "extractor": article.extractor,
    }
