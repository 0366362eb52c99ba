"""What travels between the stages: one frozen type per stage of the journey.

    Source, Feed ──poll──► FeedDocument, Entry ──fetch──► Page ──extract──► Article
                                                             ──decide──► Verdict ──► row

feed       a source, its feeds, and what earlier polls taught
entry      one line of a feed, and how it waits for its page
page       a raw response, or why there is none
hints      what is known of a page before it is read
article    what the page says
decision   what the record knows, and what the article is to it
moment     an instant that somebody claimed

Nothing here does anything. Times are timezone-aware datetimes in UTC; they become text
only in the database and in exports. Tuples, not lists, so that a value can be shared
with worker processes and threads without anyone changing it.
"""

from pipelines.items.article import Arrival, Article, ArticleStatus, Change, Mention
from pipelines.items.decision import (
    Announcement,
    Candidate,
    Copy,
    Extracted,
    Known,
    New,
    Revision,
    Same,
    Stored,
    Told,
    Twin,
    Verdict,
)
from pipelines.items.entry import (
    SHARED_LINK,
    Entry,
    FeedDocument,
    KeyKind,
    NotAFeed,
    PendingEntry,
    Sighting,
    SymbolHint,
)
from pipelines.items.feed import (
    Feed,
    FeedKind,
    FeedState,
    PollMemory,
    PollOutcome,
    Reading,
    Source,
    WatchedFeed,
)
from pipelines.items.hints import Hints
from pipelines.items.moment import Moment, Origin, Precision, ZoneTrust
from pipelines.items.page import Failure, Page, Visit

__all__ = [
    "SHARED_LINK",
    "Announcement",
    "Arrival",
    "Article",
    "ArticleStatus",
    "Candidate",
    "Change",
    "Copy",
    "Entry",
    "Extracted",
    "Failure",
    "Feed",
    "FeedDocument",
    "FeedKind",
    "FeedState",
    "Hints",
    "KeyKind",
    "Known",
    "Mention",
    "Moment",
    "New",
    "NotAFeed",
    "Origin",
    "Page",
    "PendingEntry",
    "PollMemory",
    "PollOutcome",
    "Precision",
    "Reading",
    "Revision",
    "Same",
    "Sighting",
    "Source",
    "Stored",
    "SymbolHint",
    "Told",
    "Twin",
    "Verdict",
    "Visit",
    "WatchedFeed",
    "ZoneTrust",
]
