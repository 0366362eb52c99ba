"""What one poll of a feed brought: the only thing the policy is told about the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.polling.rhythm import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.items import PollOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Between what bounds a feed is polled, in seconds.

    `min_interval_s` is the source's own floor and replaces the general one, either way.
    `patience` is how much waiting, in item-seconds, a poll is worth: more means fewer polls.
    """

    floor_s: float = 300.0
    ceiling_s: float = 86_400.0
    min_interval_s: float | None = None
    patience: float = PATIENCE

    @property
    def floor(self) -> float:
        """The shortest interval this feed may have."""
        return self.floor_s if self.min_interval_s is None else self.min_interval_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the response's headers said, verbatim; None where a header was absent."""

    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    date: str | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll.

    `entries` counts the document's entries, `new` and `changed` those that were so;
    `published` are the entries' own times, of all of them. `oldest_was_new` says that
    not even the document's last entry was known. `conditional`: validators were sent.
    `hint_s` is what the document itself asks for. `redirected_to` is where the answer came
    from if not from the feed's address, `permanent` whether every hop was a 301 or 308.
    `weight` is how much a failure counts (1 hard, 0.5, 0.25, 0: not the feed's fault);
    `retry_at` is when a paused host may be asked again. `blocker` names who refused.
    """

    outcome: PollOutcome
    answer: Answer = Answer()
    http_status: int | None = None
    entries: int = 0
    new: int = 0
    changed: int = 0
    published: tuple[datetime, ...] = ()
    oldest_was_new: bool = False
    conditional: bool = False
    body_hash: str | None = None
    hint_s: int | None = None
    redirected_to: str | None = None
    permanent: bool = False
    retry_at: datetime | None = None
    blocker: str | None = None
    error: str | None = None
    weight: float | None = None

    @property
    def worked(self) -> bool:
        """Whether the feed answered as a feed should."""
        return self.outcome in ("new", "no_news", "not_modified", "unchanged")


def read_answer(status: int, headers: Mapping[bytes, object]) -> Answer:
    """Read the headers of interest from a Scrapy response's `headers` (or any mapping)."""

    def value(name: bytes) -> str | None:
        raw = headers.get(name)
        if isinstance(raw, list | tuple):
            raw = raw[-1] if raw else None
        if isinstance(raw, bytes):
            return raw.decode("latin-1")
        return None if raw is None else str(raw)

    return Answer(
        status=status,
        etag=value(b"ETag"),
        last_modified=value(b"Last-Modified"),
        cache_control=value(b"Cache-Control"),
        expires=value(b"Expires"),
        date=value(b"Date"),
        retry_after=value(b"Retry-After"),
    )


def where_from(url: str, meta: Mapping[str, object]) -> tuple[str | None, bool]:
    """Say where an answer came from, given its address and Scrapy's `request.meta`.

    Returns:
        The address if redirects led there, else None; and whether all of them were
        permanent (301 or 308).
    """
    reasons = meta.get("redirect_reasons")
    if not isinstance(reasons, list) or not reasons:
        return None, False
    return url, all(reason in (301, 308) for reason in reasons)
