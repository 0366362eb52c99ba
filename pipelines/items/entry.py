"""One line of a feed: as the feed states it, as it is recognised, as it waits for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads these annotations
from typing import Literal

from pipelines.items.article import Arrival  # noqa: TC001 - likewise
from pipelines.items.moment import Moment  # noqa: TC001 - likewise
from pipelines.items.page import Visit  # noqa: TC001 - likewise

# The flag of an entry that neither its guid nor its link tells from others of the document.
SHARED_LINK = "shared-link"
KeyKind = Literal["guid", "link", "title"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolHint:
    """An instrument as a feed or a page's declaration names it, not yet understood.

    `rule` names the notation ("category-symbol", "stock_tickers", "ndaq", ...).
    """

    rule: str
    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed document, as the feed states it.

    `title` and `summary` are plain text (entities decoded once, no markup); `content` is
    the HTML of the full text where the feed carries one. A value the feed does not give,
    or gives unreadably, is None; the raw date strings are kept whatever became of them.
    `publisher` is the true publisher where the feed names one (RSS <source>, Sina
    media_name, a news sitemap's publication).
    """

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    summary: str | None = None
    content: str | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    language: str | None = None
    symbols: tuple[SymbolHint, ...] = ()
    published_raw: str | None = None
    published: Moment | None = None
    updated_raw: str | None = None
    updated: Moment | None = None
    flags: tuple[str, ...] = ()

    @property
    def dated_at(self) -> datetime | None:
        """When the entry last changed, as the feed tells it."""
        return max((m.at for m in (self.published, self.updated) if m), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A feed as read from its bytes.

    `defects` are sentences about what was wrong and was read all the same.
    `hint_s` is the least number of seconds between polls that the document itself asks for
    (<ttl>, sy:updatePeriod). `more` are addresses of further documents (a sitemap index).
    """

    format: str
    entries: tuple[Entry, ...]
    title: str | None = None
    site: str | None = None
    language: str | None = None
    hint_s: int | None = None
    defects: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAFeed:
    """Bytes that are no feed, and what they are instead."""

    outcome: Literal["not_a_feed", "empty", "blocked", "error"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry as one feed listed it, under the key that identifies it there.

    `entry_hash` changes when the title, link or summary does.
    """

    entry: Entry
    key: str
    key_kind: KeyKind
    entry_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEntry:
    """An entry whose page is still to be had; `attempts` have been made before.

    It says what it said at `last_seen_at`. `visit`: its page is stored, and is looked at again.
    `claimed_at`: the latest date that it and other sightings of its article claimed by then.
    """

    id: int
    feed_id: int
    entry: Entry
    key: str
    attempts: int
    arrival: Arrival
    first_seen_at: datetime
    last_seen_at: datetime
    article_id: int | None = None
    visit: Visit | None = None
    entry_hash: str = ""
    claimed_at: datetime | None = None

    @property
    def shares_link(self) -> bool:
        """Whether its link is that of other entries too (a status page), and not its own page."""
        return SHARED_LINK in self.entry.flags

    @property
    def may_have_changed(self) -> bool:
        """Whether the feed may have changed the entry since it first listed it."""
        return self.article_id is not None or self.last_seen_at > self.first_seen_at
