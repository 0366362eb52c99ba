"""An article before the record: what is known of it, and what it is found to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.items.page import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.items.article import Article, ArticleStatus
    from pipelines.items.entry import PendingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article on its way into the record.

    `final_url` is the address that answered; `note` says why this is less than the page
    (the page was refused, and the feed's own text stands in for it), `refused_until` until when
    others that list the page share that. `visit` has what the server said of the page's version.
    """

    pending: PendingEntry
    source: str
    article: Article
    final_url: str
    fetched_at: datetime
    note: str | None = None
    refused_until: datetime | None = None
    visit: Visit = field(default_factory=Visit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What had been said of an article before its page was read, at `read_at`.

    `entry_hash` is that of the changed entry it was read for, "" if it was for none; `claimed_at`
    the latest date that a sighting of it claimed.
    """

    entry_hash: str
    claimed_at: datetime | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article that an entry's link leads to, and what its sightings said so far.

    Its page was last read at `read_at`, and not asked for before `asked_at`; it is looked at
    again at `due_at`, through the entry `looked_through`. Of its sightings: their `feeds`, the
    latest date that one claimed, the titles (the article's own among them) and the summaries.
    `announced`: which edits that its feeds announced it was read after.
    """

    article_id: int
    source: str
    status: ArticleStatus
    text: str
    read_at: datetime
    asked_at: datetime
    withdrawn: bool = False
    due_at: datetime | None = None
    looked_through: int | None = None
    feeds: frozenset[int] = frozenset()
    titles: frozenset[str] = frozenset()
    summaries: frozenset[str] = frozenset()
    claimed_at: datetime | None = None
    announced: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The latest revision of an article that the one at hand may be."""

    id: int
    title: str | None
    text: str
    status: ArticleStatus
    flags: tuple[str, ...] = ()
    text_hash: str = ""
    removed: tuple[str, ...] = ()
    extractor: str = ""
    html: str | None = None


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
