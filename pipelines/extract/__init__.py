"""Page → Article: the whole article and nothing but the article."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import trafilatura
from lxml import html as lxml_html

from pipelines.extract.decode import decode
from pipelines.items import Article, Failure

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.items import Hints, Page

EXTRACTOR = f"broadtape/{version('broadtape')}"


def extract(page: Page, hints: Hints) -> Article | Failure:
    """Return what the page says, or why it is no article."""
    text = decode(page.body, page.content_type).replace("\0", "")
    if not text.strip():
        return Failure(reason="the page is empty")
    document = trafilatura.bare_extraction(text, url=page.final_url, include_comments=False)
    entry = hints.entry
    if document is None:
        return Article(url=page.final_url, title=entry.title, status="empty", extractor=EXTRACTOR)
    return Article(
        url=page.final_url,
        title=document.title or entry.title,
        authors=entry.authors,
        publisher=entry.publisher or hints.source.name,
        language=hints.source.language,
        published=entry.published,
        text=document.text or "",
        summary=entry.summary,
        extractor=EXTRACTOR,
    )


def from_entry(hints: Hints, now: datetime) -> Article:
    """Return the article as the feed alone tells it, with status "summary"."""
    entry = hints.entry
    text = entry.summary or ""
    if entry.content:
        text = "\n".join(
            line
            for raw in lxml_html.fromstring(f"<div>{entry.content}</div>").itertext()
            if (line := " ".join(raw.split()))
        )
    return Article(
        url=entry.link or "",
        title=entry.title,
        authors=entry.authors,
        publisher=entry.publisher or hints.source.name,
        language=entry.language or hints.source.language,
        published=entry.published,
        modified=entry.updated,
        status="summary",
        text=text,
        summary=entry.summary,
        image=entry.image,
        tags=entry.categories,
        extractor=EXTRACTOR,
    )
