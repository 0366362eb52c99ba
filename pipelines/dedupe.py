"""Article + what is known -> verdict: new, revision, the same, or another copy of a story.

Pure: the store looks up what is `Known` within its transaction and writes what is decided.

    known by entry, URL key, canonical ──► which article is this, if any
        matched    ──► Revision | Same          (what changed: `pipelines.changes`)
        unmatched  ──► Copy of a story | New    (which story: `pipelines.stories`)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.changes import compare
from pipelines.identity import bands, text_hash
from pipelines.stories import Telling, same_story, similarity, titles_agree
from pipelines.wire import wire_flags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.items import Article, ArticleStatus

# A canonical address that this many other addresses claim already is a template's mistake.
CANONICAL_CLAIMS = 3
# The same body under so many addresses of one source is a wall, not a story.
SAME_BODY_WALL = 3
# Below this, what came under a known guid or canonical address is another article.
RELATED = 0.3

# What the record itself has found out about an article stays with its later revisions.
STICKY_FLAGS = frozenset({"same-body"})
# Statuses that say nothing about the article itself: a worse reading is no revision.
UNREAD: frozenset[ArticleStatus] = frozenset({"paywalled", "blocked", "empty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The latest revision of an article that the one at hand may be."""

    id: int
    title: str | None
    text: str
    status: ArticleStatus
    flags: tuple[str, ...] = ()
    text_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An article with the very same text hash."""

    id: int
    source: str
    title: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article of the window that shares a band with the one at hand."""

    id: int
    story_id: int
    source: str
    title: str | None
    text: str
    publisher: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows that bears on one article.

    `source` is whose feed listed it, `now` when it was first seen. `by_entry`, `by_url`,
    `by_canonical` are article ids; `stored` has the latest revision of each of them.
    `canonical_claims` counts the URL keys that lead to `by_canonical` besides its own.
    `twins` share the text hash (any four suffice), `candidates` a band within the window:
    per band the latest 32 articles, then the ten that share most bands. More bands than
    that would only repeat what the best candidates say, and a stock phrase that a thousand
    articles share must not cost a thousand comparisons.
    """

    source: str
    now: datetime | None = None
    by_entry: int | None = None
    by_url: int | None = None
    by_canonical: int | None = None
    canonical_claims: int = 0
    stored: Mapping[int, Stored] = field(default_factory=dict)
    twins: tuple[Twin, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Not met before, and of no known story.

    `flags` are to be added to the article's own; `mark` are stored articles that are to be
    given the flag `same-body` as well (the alarm rings for all of them).
    """

    flags: tuple[str, ...] = ()
    mark: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Not met before; tells a known story.

    `merges` are further stories that this copy shows to be the same one.
    """

    story_id: int
    of_article_id: int
    similarity: float
    merges: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    mark: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A known article whose title, text or standing really changed.

    `material` tells figures, names, negations and whole sentences from typos and captions;
    `reasons` say which. For `change` "withdraw" the store keeps title and text of the last
    revision where the page has none left.
    """

    article_id: int
    change: Literal["revise", "withdraw"] = "revise"
    flags: tuple[str, ...] = ()
    material: bool = True
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """A known article in which nothing changed that counts."""

    article_id: int


Verdict = New | Copy | Revision | Same


def decide(article: Article, known: Known) -> Verdict:
    """Say what an article is to the record; the same for the same arguments."""
    matched = match(article, known)
    if matched is not None:
        return revise(article, matched)
    return place(article, known)


def match(article: Article, known: Known) -> Stored | None:
    """Find which stored article this is.

    Its own address decides. A guid or a canonical address decides only where the text is
    related: "latest release" is one guid with a new article each day, and a template may
    give every page one canonical address.
    """
    if known.by_url is not None:
        return known.stored[known.by_url]
    if known.by_entry is not None and _related(article, known.stored[known.by_entry]):
        return known.stored[known.by_entry]
    if known.by_canonical is None or known.canonical_claims >= CANONICAL_CLAIMS:
        return None
    stored = known.stored[known.by_canonical]
    return stored if _related(article, stored) else None


def revise(article: Article, stored: Stored) -> Revision | Same:
    """Compare an article with its latest revision."""
    kept = tuple(flag for flag in stored.flags if flag in STICKY_FLAGS)
    if article.status == "gone" or "withdrawn" in _merged(article):
        if stored.status == "gone" or "withdrawn" in stored.flags:
            return Same(article_id=stored.id)
        return Revision(
            article_id=stored.id,
            change="withdraw",
            flags=_merged(article, "withdrawn", *kept),
            reasons=("withdrawn",),
        )
    if article.status in UNREAD or not _fuller(article, stored):
        return Same(article_id=stored.id)
    if stored.status in (*UNREAD, "gone", "summary") and article.status != stored.status:
        reason = "returned" if stored.status == "gone" else "fuller"
        return Revision(
            article_id=stored.id,
            flags=_merged(article, *kept),
            material=stored.status == "gone",
            reasons=(reason,),
        )
    difference = compare(stored.title, stored.text, article.title, article.text)
    if difference.kind == "none":
        return Same(article_id=stored.id)
    return Revision(
        article_id=stored.id,
        flags=_merged(article, *kept),
        material=difference.kind == "material",
        reasons=difference.reasons,
    )


def told_text(article: Article) -> str:
    """Return the text by which an article is compared with others; "" where it is no article.

    What a wall, an error page or a withdrawal notice says is the same everywhere.
    """
    return "" if article.status in ("blocked", "empty", "gone") else article.text


def signature(article: Article) -> tuple[int, ...]:
    """Return the bands under which an article is stored and looked up."""
    return bands(told_text(article), article.title)


def place(article: Article, known: Known) -> New | Copy:
    """Find the story an unknown article tells, or none."""
    flags = _merged(article)
    twins = [twin for twin in known.twins if twin.source == known.source]
    mark: tuple[int, ...] = ()
    walled = False
    if twins and article.text and article.status != "empty":
        flags = _merged(article, "same-body")
        mark = tuple(twin.id for twin in twins if "same-body" not in twin.flags)
        walled = len(twins) >= SAME_BODY_WALL or not all(
            titles_agree(article.title, twin.title) for twin in twins
        )
    if walled:
        return New(flags=flags, mark=mark)
    telling = Telling.of(article.title, told_text(article), seen=known.now)
    found: dict[int, tuple[float, int]] = {}
    for candidate in known.candidates:
        other = Telling.of(candidate.title, candidate.text, seen=candidate.first_seen_at)
        if (score := same_story(telling, other)) is not None:
            best = found.get(candidate.story_id)
            if best is None or (score, -candidate.id) > (best[0], -best[1]):
                found[candidate.story_id] = (score, candidate.id)
    if not found:
        return New(flags=flags, mark=mark)
    story_id = min(found)
    score, article_id = found[story_id]
    return Copy(
        story_id=story_id,
        of_article_id=article_id,
        similarity=score,
        merges=tuple(sorted(set(found) - {story_id})),
        flags=flags,
        mark=mark,
    )


def _related(article: Article, stored: Stored) -> bool:
    """Whether two readings can be one article: a shared title, or much shared text."""
    if titles_agree(article.title, stored.title) or not (article.text and stored.text):
        return True
    if text_hash(article.text) == stored.text_hash:
        return True
    return similarity(article.text, stored.text) >= RELATED


def _fuller(article: Article, stored: Stored) -> bool:
    """Whether a reading may replace the stored one: not a summary in place of the page."""
    return not (article.status == "summary" and stored.status == "full")


def _merged(article: Article, *more: str) -> tuple[str, ...]:
    """Join the article's flags with what its title and first lines say of its version."""
    found = (*article.flags, *wire_flags(article.title, article.text), *more)
    return tuple(dict.fromkeys(found))
