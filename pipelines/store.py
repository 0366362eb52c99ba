"""Verdict -> rows: look up what is known, decide, write; all in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.database.rows import from_cell
from pipelines.dedupe import decide, signature
from pipelines.identity import canonical_url, text_hash, url_key
from pipelines.items import (
    Article,
    Candidate,
    Copy,
    Known,
    New,
    Revision,
    Same,
    Stored,
    Twin,
    Visit,
)
from pipelines.visits import plan_visit
from pipelines.words import count_words

if TYPE_CHECKING:
    from pipelines.database import Database
    from pipelines.database.articles import Held
    from pipelines.items import PendingEntry, Verdict

SIGNATURE_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article on its way into the record.

    `final_url` is the address that answered; `note` says why this is less than the page
    (the page was refused, and the feed's own text stands in for it). `visit` has what the
    server said of the page's version.
    """

    pending: PendingEntry
    source: str
    article: Article
    final_url: str
    fetched_at: datetime
    note: str | None = None
    visit: Visit = field(default_factory=Visit)


@dataclass(frozen=True, slots=True)
class _Identity:
    """What an article is recognised by; computed before the database is held."""

    own_keys: tuple[str, ...]
    canonical_key: str | None
    text_hash: str
    bands: tuple[int, ...]
    words: int


def store(database: Database, extracted: Extracted, now: datetime) -> Verdict:
    """Write one article and close its entry; returns what it was found to be.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    identity = _identify(extracted)
    with database.transaction():
        known = _look_up(database, extracted, identity, now)
        verdict = decide(extracted.article, known)
        article_id = _write(database, extracted, identity, known, verdict, now)
        database.articles.add_keys(article_id, identity.own_keys)
        # A page that could not be had is not asked for again, unless it may come back.
        again = (extracted.note is None or extracted.article.status == "gone") and plan_visit(
            database,
            extracted.pending,
            article_id,
            now,
            extracted.visit,
            changed=isinstance(verdict, Revision),
        )
        database.entries.done(extracted.pending.id, article_id, extracted.note, keep=again)
    return verdict


def _identify(extracted: Extracted) -> _Identity:
    article = extracted.article
    own = [url_key(extracted.final_url)]
    if extracted.pending.entry.link:
        own.append(url_key(extracted.pending.entry.link))
    canonical = canonical_url(extracted.final_url, article.canonical)
    canonical_key = url_key(canonical)
    return _Identity(
        own_keys=tuple(dict.fromkeys(own)),
        canonical_key=canonical_key if canonical_key not in own else None,
        text_hash=text_hash(article.text, article.title),
        bands=signature(article),
        words=count_words(article.text),
    )


def _look_up(database: Database, extracted: Extracted, identity: _Identity, now: datetime) -> Known:
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
        stored={i: _stored(held) for i, held in matched.items()},
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


def _write(
    database: Database,
    extracted: Extracted,
    identity: _Identity,
    known: Known,
    verdict: Verdict,
    now: datetime,
) -> int:
    match verdict:
        case Same():
            return verdict.article_id
        case Revision():
            _revise(database, extracted, identity, verdict, now)
            return verdict.article_id
        case New() | Copy():
            return _add(database, extracted, identity, known, verdict, now)


def _revise(
    database: Database,
    extracted: Extracted,
    identity: _Identity,
    verdict: Revision,
    now: datetime,
) -> None:
    article = replace(extracted.article, flags=verdict.flags)
    held = database.articles.get(verdict.article_id)
    if held and verdict.change == "withdraw" and not article.text:
        article = replace(article, title=article.title or held.title, text=held.text)
        identity = replace(identity, text_hash=held.text_hash or "", words=count_words(held.text))
    database.articles.add_revision(
        verdict.article_id,
        article,
        verdict.change,
        seen_at=extracted.fetched_at,
        computed_at=now,
        text_hash=identity.text_hash or None,
        word_count=identity.words,
    )
    if held and verdict.change != "withdraw":
        database.signatures.drop(held.id, signature(_as_article(held)))
        database.signatures.keep(held.id, identity.bands)


def _add(
    database: Database,
    extracted: Extracted,
    identity: _Identity,
    known: Known,
    verdict: New | Copy,
    now: datetime,
) -> int:
    articles = database.articles
    pending = extracted.pending
    article = replace(extracted.article, flags=verdict.flags)
    key = identity.canonical_key
    if key is None or known.by_canonical is not None:
        # The canonical address is another article's: this one lives at its own.
        key = identity.own_keys[0]
        if known.by_canonical is not None:
            article = replace(article, url=extracted.final_url)
    article_id = articles.create(key, extracted.source, pending.first_seen_at, pending.arrival)
    articles.add_revision(
        article_id,
        article,
        "add",
        seen_at=extracted.fetched_at,
        computed_at=now,
        text_hash=identity.text_hash or None,
        word_count=identity.words,
    )
    database.signatures.keep(article_id, identity.bands)
    if isinstance(verdict, Copy):
        database.stories.join(verdict.story_id, article_id, verdict.similarity, now)
        for other in verdict.merges:
            database.stories.merge(verdict.story_id, other, now)
    else:
        database.stories.begin(article_id, pending.first_seen_at, now)
    for marked in verdict.mark:
        articles.add_flag(marked, "same-body", now)
    return article_id


def _as_article(held: Held) -> Article:
    return Article(
        url=held.url,
        title=held.title,
        text=held.text,
        summary=held.summary,
        status=held.status,
        flags=held.flags,
    )


def _stored(held: Held) -> Stored:
    return Stored(
        id=held.id,
        title=held.title,
        text=held.text,
        status=held.status,
        flags=held.flags,
        text_hash=held.text_hash or "",
        removed=held.removed,
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
