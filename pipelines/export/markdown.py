"""Posts for static-site generators: YAML front matter, then the cleaned HTML of the body."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import split
from pipelines.export.fields import is_withdrawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MARKDOWN_COLUMNS = (
    "id",
    "title",
    "url",
    "source",
    "publisher",
    "authors",
    "published_at",
    "first_seen_at",
    "text",
    "html",
    "image",
    "feeds",
    "feed_categories",
    "status",
    "flags",
    "change",
)
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write_markdown(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], put: Callable[[str, str], None]
) -> int:
    """Put a post an article, under a name that stays with the article. Returns how many."""
    count = 0
    for row in rows:
        article = dict(zip(columns, row, strict=True))
        put(f"{article['first_seen_at'][:10]}-{article['id']:07d}.md", post(article))
        count += 1
    return count


def post(article: dict[str, Any]) -> str:
    """Give the post of an article; the date is when it was first seen if no other is known."""
    image = _quoted(article["image"] or "")
    date = datetime.fromisoformat(article["published_at"] or article["first_seen_at"])
    lines = [
        "---",
        f"title: {_quoted(article['title'] or article['url'])}",
        "categories:",
        *(f" - {_quoted(name)}" for name in _categories(article)),
        f"headimg: {image}",
        f"author: {_quoted(_author(article))}",
        "comments: false",
        f"date: {format_datetime(date, usegmt=True)}",
        f"thumbnail: {image}",
        *_hidden(article),
        "---",
        "",
        "<div>",
        *_notice(article),
        _paragraph_a_line(article),
        "</div>",
        "",
    ]
    return "\n".join(lines)


def _hidden(article: dict[str, Any]) -> list[str]:
    """Jekyll and Hexo leave such a post out; it stays in the folder to be looked at."""
    return ["published: false"] if is_withdrawn(article) or article["change"] == "leave" else []


def _notice(article: dict[str, Any]) -> list[str]:
    return ["<p>Withdrawn by its publisher.</p>"] if is_withdrawn(article) else []


def body_html(article: dict[str, Any]) -> str:
    """Give the sanitised HTML of the body, made from the text where there is none."""
    if article["html"]:
        return str(article["html"])
    return "\n".join(
        f"<p>{escape(line, quote=False)}</p>"
        for line in (article["text"] or "").splitlines()
        if line
    )


def _paragraph_a_line(article: dict[str, Any]) -> str:
    # A blank line would end the HTML block, and what follows be read as Markdown.
    return "\n".join(line for line in body_html(article).splitlines() if line.strip())


def _categories(article: dict[str, Any]) -> list[str]:
    names = (*split(article["feed_categories"]), article["source"], *split(article["feeds"]))
    return list(dict.fromkeys(names))


def _author(article: dict[str, Any]) -> str:
    return str(article["authors"] or article["publisher"] or article["source"])


def _quoted(text: str) -> str:
    """Write a YAML scalar on one line, whatever is in it."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    # JSON's strings are YAML's double-quoted ones, but for what YAML calls unprintable.
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )
