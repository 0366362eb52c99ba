"""An Atom feed (RFC 4287) with the full texts, so that any reader can follow the record.

What a publisher took back is a tombstone (RFC 6721).
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, TextIO
from xml.sax.saxutils import escape, quoteattr

from pipelines.database.rows import split
from pipelines.export.fields import is_withdrawn
from pipelines.export.markdown import body_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ATOM_COLUMNS = (
    "id",
    "url",
    "url_key",
    "title",
    "source",
    "publisher",
    "authors",
    "language",
    "published_at",
    "updated_at",
    "symbols",
    "tags",
    "summary",
    "text",
    "html",
    "status",
    "flags",
    "change",
)
_FEED_ID = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'broadtape')}"
# What XML 1.0 has no way to write at all.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEFORE_ANYTHING = "1970-01-01T00:00:00Z"


def write_atom(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> int:
    """Write entries as they come. Returns how many."""
    out.write(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:at="http://purl.org/atompub/tombstones/1.0">\n'
        f"<id>{_FEED_ID}</id>\n<title>Broadtape</title>\n<generator>Broadtape</generator>\n"
    )
    count, updated = 0, _BEFORE_ANYTHING
    for row in rows:
        article = dict(zip(columns, row, strict=True))
        lost = is_withdrawn(article) or article["change"] == "leave"
        out.write(_tombstone(article) if lost else _entry(article))
        updated = max(updated, article["updated_at"])
        count += 1
    # The order of a feed's elements means nothing (RFC 4287, 4.1.1), and only now is it known.
    out.write(f"<updated>{updated}</updated>\n</feed>\n")
    return count


def _id(article: dict[str, Any]) -> str:
    # The same article has the same id in every database, whatever becomes of its address.
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, article['url_key'])}"


def _tombstone(article: dict[str, Any]) -> str:
    """Tell readers that know the word to drop an entry (RFC 6721); others pass over it."""
    why = "Withdrawn by its publisher" if is_withdrawn(article) else "No longer in the selection"
    return (
        f'<at:deleted-entry ref="{_id(article)}" when="{article["updated_at"]}">'
        f"<at:comment>{why}: {_text(article['title'] or article['url'])}</at:comment>"
        f"<link href={_attribute(article['url'])}/></at:deleted-entry>\n"
    )


def _entry(article: dict[str, Any]) -> str:
    url = _attribute(article["url"])
    language = f" xml:lang={_attribute(article['language'])}" if article["language"] else ""
    lines = [
        f"<entry{language}>",
        f"<id>{_id(article)}</id>",
        f"<title>{_text(article['title'] or article['url'])}</title>",
        f'<link rel="alternate" href={url}/>',
        f"<updated>{article['updated_at']}</updated>",
    ]
    if article["published_at"]:
        lines.append(f"<published>{article['published_at']}</published>")
    names = split(article["authors"]) or (article["publisher"] or article["source"],)
    lines += [f"<author><name>{_text(name)}</name></author>" for name in names]
    lines += [f"<category term={_attribute(tag)}/>" for tag in split(article["tags"])]
    lines += [
        f'<category scheme="urn:iso:std:iso:10383" term={_attribute(symbol)}/>'
        for symbol in split(article["symbols"])
    ]
    if article["summary"]:
        lines.append(f"<summary>{_text(article['summary'])}</summary>")
    body = _text(body_html(article))
    lines += [f'<content type="html" xml:base={url}>{body}</content>', "</entry>", ""]
    return "\n".join(lines)


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("", text))
