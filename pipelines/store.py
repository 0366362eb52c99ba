"""Verdict -> rows: look up what is known, decide, write; all in one short transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.dedupe import OTHER_EXTRACTOR, decide, signature
from pipelines.items import Article, Copy, New, Revision, Same
from pipelines.known import identify, look_up
from pipelines.visits import plan_visit
from pipelines.words import count_words

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.database import Database
    from pipelines.database.held import Held
    from pipelines.items import Extracted, Known, Verdict
    from pipelines.known import Identity
    from pipelines.visits import Found


def store(database: Database, extracted: Extracted, now: datetime) -> Verdict:
    """Write one article and close its entry; returns what it was found to be.

    Raises:
        DatabaseError: nothing was written, and the entry is still pending.
    """
    identity = identify(extracted)
    with database.transaction():
        known = look_up(database, extracted, identity, now)
        verdict = decide(extracted.article, known)
        article_id = _write(database, extracted, identity, known, verdict, now)
        database.articles.add_keys(article_id, identity.own_keys)
        _note_reading(database, extracted, article_id)
        # A page that could not be had is not asked for again, unless it may come back.
        again = (extracted.note is None or extracted.article.status == "gone") and plan_visit(
            database,
            extracted.pending,
            article_id,
            now,
            extracted.visit,
            found=_found(verdict),
        )
        database.outcomes.done(
            extracted.pending,
            article_id,
            extracted.note,
            until=extracted.refused_until,
            keep=again,
        )
    return verdict


def _note_reading(database: Database, extracted: Extracted, article_id: int) -> None:
    """What the feeds had said of a known article its page was read after; of a wall it was not."""
    pending, status = extracted.pending, extracted.article.status
    if pending.article_id is None or status not in ("full", "paywalled"):
        return
    held = database.articles.get(article_id)
    if held is not None and held.status == status:
        database.announcements.note_reading(article_id, pending, extracted.fetched_at)


def _found(verdict: Verdict) -> Found:
    if not isinstance(verdict, Revision) or OTHER_EXTRACTOR in verdict.flags:
        return "same"
    return "material" if verdict.material else "cosmetic"


def _write(
    database: Database,
    extracted: Extracted,
    identity: Identity,
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
    identity: Identity,
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
    identity: Identity,
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
        database.stories.begin(article_id)
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
