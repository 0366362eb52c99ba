"""What an adapter is given: the bytes made text, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.dates import is_future, read_date

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.items import Feed, Moment

MOST_ENTRIES = 2_000
"""Entries read of one document; the rest is counted as a defect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A response body decoded once.

    `url` is where it was fetched (the base of relative links), `defects` what was already
    found wrong while decoding. `root` is the local name of the XML root element in lower
    case, "{" or "[" for JSON, "" for anything else.
    """

    text: str
    root: str
    url: str
    feed: Feed
    fetched_at: datetime
    content_type: str | None = None
    defects: tuple[str, ...] = ()

    def moment(self, raw: str | None) -> Moment | None:
        """Read a date of this feed, in its source's zone and against the time of fetching."""
        if not raw:
            return None
        source = self.feed.source
        return read_date(
            raw,
            origin="feed",
            zone=source.timezone,
            zone_is_wrong=source.zone_is_wrong,
            now=self.fetched_at,
        )

    def date_flags(self, raw: str | None, moment: Moment | None) -> tuple[str, ...]:
        """Name what is wrong with a publication date: unreadable, or in the future."""
        if moment is None:
            return ("date-unreadable",) if raw and raw.strip() else ()
        return ("date-in-future",) if is_future(moment, self.fetched_at) else ()
