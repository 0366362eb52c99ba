"""What the record knows that bears on an article: looked up before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.database.rows import from_cell
from pipelines.dedupe import signature
from pipelines.identity import canonical_url, text_hash, url_key
from pipelines.items import Candidate, Known, Stored, Twin
from pipelines.words import count_words

if TYPE_CHECKING:
    from pipelines.database import Database
    from pipelines.database.held import Held
    from pipelines.items import Extracted

SIGNATURE_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an article is recognised by; computed before the database is held."""

    own_keys: tuple[str, ...]
    canonical_key: str | None
    text_hash: str
    bands: tuple[int, ...]
    words: int


def identify(extracted: Extracted) -> Identity:
    """Work out what an article is recognised by."""
    article = extracted.article
    own = [url_key(extracted.final_url)]
    if extracted.pending.entry.link and not extracted.pending.shares_link:
        own.append(url_key(extracted.pending.entry.link))
    canonical = canonical_url(extracted.final_url, article.canonical)
    canonical_key = url_key(canonical)
    return Identity(
        own_keys=tuple(dict.fromkeys(own)),
        canonical_key=canonical_key if canonical_key not in own else None,
        text_hash=text_hash(article.text, article.title),
        bands=signature(article),
        words=count_words(article.text),
    )


def look_up(database: Database, extracted: Extracted, identity: Identity, now: datetime) -> Known:
    """Find what bears on the article; within the transaction that will write it."""
    articles = database.articles
    by_url = next(filter(None, map(articles.id_of_key, identity.own_keys)), None)
    by_entry = extracted.pending.article_id
    by_canonical = articles.id_of_key(identity.canonical_key) if identity.canonical_key else None
    matched = {i: held for i in (by_url, by_entry, by_canonical) if i and (held := articles.get(i))}
    known = Known(
        source=extracted.source,
        now=extracted.pending.first_seen_at,
        by_entry=by_entry,
        by_url=by_url,
        by_canonical=by_canonical,
        canonical_claims=articles.count_keys(by_canonical) - 1 if by_canonical else 0,
        stored={i: _stored(held, articles.html(i)) for i, held in matched.items()},
    )
    if by_url is not None:
        return known
    twins = articles.ids_of_text(identity.text_hash) if identity.text_hash else []
    similar = database.signatures.alike(identity.bands, now - SIGNATURE_WINDOW)
    return replace(
        known,
        twins=tuple(_twin(held) for i in twins if (held := articles.get(i))),
        candidates=tuple(
            _candidate(held) for i in similar if (held := articles.get(i)) and held.story_id
        ),
    )


def _stored(held: Held, html: str | None) -> Stored:
    return Stored(
        id=held.id,
        title=held.title,
        text=held.text,
        status=held.status,
        flags=held.flags,
        text_hash=held.text_hash or "",
        removed=held.removed,
        extractor=held.extractor or "",
        html=html,
    )


def _twin(held: Held) -> Twin:
    return Twin(id=held.id, source=held.source, title=held.title, flags=held.flags)


def _candidate(held: Held) -> Candidate:
    return Candidate(
        id=held.id,
        story_id=held.story_id or 0,
        source=held.source,
        title=held.title,
        text=held.text,
        publisher=held.publisher,
        published_at=from_cell(held.published_at),
        first_seen_at=from_cell(held.first_seen_at),
    )
