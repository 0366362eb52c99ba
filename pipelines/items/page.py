"""A raw response, or why there is none, and how to ask for it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads these annotations


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
class Failure:
    """An expected failure as a value: one attempt at one page went wrong.

    `final` says that trying again cannot help (404, 410, not a page of text). `ours`: nobody was
    asked, by a setting of this installation.
    """

    reason: str
    final: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """How a stored page is asked for again: the validators of its last answer.

    `moved`: it is looked at because the feed moved the entry's date. `whole`: it is asked
    for without its validators.
    """

    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0
    moved: bool = False
    whole: bool = False
