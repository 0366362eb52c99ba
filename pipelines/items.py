"""What travels between the stages: one frozen type per stage of the journey.

    Source, Feed ──poll──► FeedDocument, Entry ──fetch──► Page ──extract──► Article ──► row

Nothing here does anything. Times are timezone-aware datetimes in UTC; they become text
only in the database and in exports. Tuples, not lists, so that a value can be shared
with worker processes and threads without anyone changing it.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads these annotations
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - likewise
from typing import Literal

Precision = Literal["second", "minute", "day"]
ZoneTrust = Literal["stated", "assumed", "corrected"]
Origin = Literal["feed", "json-ld", "meta", "page", "url"]
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
ArticleStatus = Literal["full", "summary", "paywalled", "blocked", "empty", "gone"]
Arrival = Literal["live", "bootstrap", "backfill"]
Change = Literal["add", "revise", "withdraw", "recompute"]
KeyKind = Literal["guid", "link", "title"]


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
class Moment:
    """An instant that somebody claimed, with what the claim is worth.

    `at` is in UTC; for precision "day" it is midnight of that day in the zone of the claim.
    `zone`: "stated" by the string itself, "assumed" from the source, or "corrected" where
    the source is known to state a wrong one.
    """

    at: datetime
    raw: str
    precision: Precision
    zone: ZoneTrust
    origin: Origin


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
class Page:
    """A raw response to an entry's link.

    `url` is what was asked for, `final_url` what answered after redirects;
    `content_type` is the header, verbatim.
    """

    url: str
    final_url: str
    status: int
    content_type: str | None
    body: bytes
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a page before it is read: its feed entry and its source.

    `furniture` are lines learned to be the source's furniture (folded, see
    `pipelines.furniture`), `suffixes` the site names its titles end in, `names_file` the
    user's own table of names (`pipelines.symbols.names`).
    """

    source: Source
    entry: Entry
    furniture: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()
    names_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A listed instrument that an article names, with the evidence.

    `symbol` is `MIC:code` (ISO 10383; code as the exchange writes it), or `US:code` where
    nothing says where it trades. `place`: title, body, markup or feed. `certainty`:
    certain, tag (the publisher's automatic tag), medium, low.
    """

    symbol: str
    mic: str
    code: str
    name: str | None
    rule: str
    certainty: Literal["certain", "tag", "medium", "low"]
    place: Literal["title", "body", "markup", "feed"]
    matched: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, and nothing but the article.

    `text` is plain text, paragraphs separated by one newline; `html` is its sanitised
    markup. `summary` is the standfirst. `url` is where the article lives (canonical when
    the page's own claim is to be believed), `canonical` the claim itself. `removed` are
    the lines taken out as furniture, in page order. `extractor` names what made the text
    and its version.
    """

    url: str
    canonical: str | None = None
    title: str | None = None
    original_title: str | None = None
    authors: tuple[str, ...] = ()
    editor: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    status: ArticleStatus = "full"
    text: str = ""
    html: str | None = None
    summary: str | None = None
    disclosure: str | None = None
    image: str | None = None
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    removed: tuple[str, ...] = ()
    extractor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An expected failure as a value: one attempt at one page went wrong.

    `final` says that trying again cannot help (404, 410, not a page of text).
    """

    reason: str
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFeed:
    """A feed of the database, with what earlier polls of it taught."""

    id: int
    feed: Feed
    state: FeedState


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
class Visit:
    """How a stored page is asked for again: the validators of its last answer."""

    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEntry:
    """An entry whose page is still to be had; `attempts` have been made before.

    `visit`: its page is stored, and is looked at again.
    """

    id: int
    feed_id: int
    entry: Entry
    key: str
    attempts: int
    arrival: Arrival
    first_seen_at: datetime
    article_id: int | None = None
    visit: Visit | None = None
