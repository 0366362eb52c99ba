"""Who publishes, at which addresses, and what polling has learned of them."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads these annotations
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - likewise
from typing import Literal, NamedTuple

FeedKind = Literal["auto", "syndication", "jsonfeed", "sitemap", "sina-roll", "rsshub"]
PollOutcome = Literal[
    "new",
    "no_news",
    "not_modified",
    "unchanged",
    "empty",
    "not_a_feed",
    "blocked",
    "throttled",
    "gone",
    "error",
]


class Reading(NamedTuple):
    """What a source's pages are asked for with, and what of them is read."""

    headers: frozenset[tuple[str, str]]
    proxy: str | None
    prune: tuple[str, ...]
    needs_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher and the manners it asks for.

    `zone_is_wrong` says that the zone its feeds state is not to be believed: the clock
    time is local to `timezone` whatever the string claims (some label Beijing time GMT).
    `prune` are XPaths of page parts that are never the article.
    """

    name: str
    domain: str
    language: str | None = None
    region: str | None = None
    timezone: str | None = None
    zone_is_wrong: bool = False
    delay_s: float | None = None
    min_interval_s: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    prune: tuple[str, ...] = ()
    needs_contact: bool = False

    @property
    def reading(self) -> Reading:
        """What the reading of a page depends on; where it is the same, one will do for both."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Reading(frozenset(headers.items()), self.proxy, self.prune, self.needs_contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address that lists a source's articles."""

    url: str
    name: str
    source: Source
    kind: FeedKind = "auto"
    category: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMemory:
    """What polling remembers of a feed beyond the columns of `feeds`; JSON-able throughout.

    Instants are ISO 8601 text, as in the database. `heard` and `watched` are the feed's
    rhythm: publications heard and hours watched for each hour of a working day (24) and of
    a weekend day (24), UTC, fading with time; `excitement` is what the last hours' news add
    to that (publications per hour). `forced_at`: last fetch without validators;
    `claimed_at`: last "not modified"; `liar`: that claim was once false. `moved_to`,
    `moved_days`: where permanent redirects pointed, and on which days. `gap_at`: when a
    poll last brought nothing but new entries, so that some may have been missed.
    `weak_guids`: a document's guids did not tell its articles apart, and are not trusted again.
    """

    heard: tuple[float, ...] = ()
    watched: tuple[float, ...] = ()
    excitement: float = 0.0
    document_hint_s: int | None = None
    header_hint_s: int | None = None
    entries: int | None = None
    overlap: float | None = None
    gap_at: str | None = None
    gaps: int = 0
    forced_at: str | None = None
    claimed_at: str | None = None
    liar: bool = False
    moved_to: str | None = None
    moved_days: tuple[str, ...] = ()
    paused_until: str | None = None
    blocker: str | None = None
    outcome: PollOutcome | None = None
    weak_guids: bool = False

    def __post_init__(self) -> None:
        """Turn JSON's lists back into tuples, so that `PollMemory(**json)` is equal again."""
        for name in ("heard", "watched", "moved_days"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What earlier polls of a feed taught us; the columns of `feeds` that polling owns."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    hint_s: int | None = None
    interval_s: int | None = None
    next_due_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: float = 0.0
    state: Literal["active", "paused", "gone"] = "active"
    last_error: str | None = None
    memory: PollMemory = field(default_factory=PollMemory)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFeed:
    """A feed of the database, with what earlier polls of it taught."""

    id: int
    feed: Feed
    state: FeedState
