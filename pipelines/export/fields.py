"""What each exported column is: its kind and its meaning, said once for all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pipelines.database.rows import split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["integer", "text", "instant", "list"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `instant` is UTC ISO 8601 text in the database, `list` is joined by `; `."""

    kind: Kind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


FIELDS: dict[str, Field] = {
    "change": Field(
        "text",
        "What happened to the article; leave: by this change it is no longer what was asked for.",
        required=True,
        allowed=("add", "revise", "withdraw", "recompute", "leave"),
    ),
    "id": Field("integer", "The article, for good.", required=True),
    "url": Field("text", "Where the article lives.", required=True),
    "source": Field("text", "Whose feed listed it.", required=True),
    "publisher": Field("text", "Who published it first, where the page says so."),
    "title": Field("text", "Its headline."),
    "authors": Field("list", "Its authors."),
    "language": Field("text", "Its language, as a BCP 47 tag."),
    "published_at": Field("instant", "When the publisher says it was published."),
    "published_precision": Field(
        "text", "How finely the publisher says so.", allowed=("second", "minute", "day")
    ),
    "published_zone": Field(
        "text",
        "Whether the claim states its time zone, or it was assumed from the source, or corrected.",
        allowed=("stated", "assumed", "corrected"),
    ),
    "first_seen_at": Field(
        "instant", "When a feed was first seen to list it: what could be known.", required=True
    ),
    "arrival": Field(
        "text",
        "live: seen as it appeared; bootstrap: listed already when the feed was first polled, or"
        " after a gap; backfill: added later from an archive.",
        required=True,
        allowed=("live", "bootstrap", "backfill"),
    ),
    "updated_at": Field("instant", "When this revision was fetched.", required=True),
    "revision": Field("integer", "Number of this revision of the article, from 1.", required=True),
    "seq": Field("integer", "Number of this change in the whole record.", required=True),
    "status": Field(
        "text",
        "What there is of the text; summary is the feed's own.",
        required=True,
        allowed=("full", "summary", "paywalled", "blocked", "empty", "gone"),
    ),
    "symbols": Field("list", "Listed instruments it mentions, as MIC:code (ISO 10383)."),
    "story_id": Field("integer", "The story it belongs to, with its near-duplicates."),
    "story_size": Field("integer", "How many articles the story has."),
    "publishers": Field("integer", "How many publishers told the story."),
    "first_published_at": Field("instant", "The earliest time that any of them claims."),
    "copies": Field("list", "The story's other articles, by id, in order of first sight."),
    "lags": Field("list", "How many seconds after the first each of them was first seen."),
    "tags": Field("list", "The publisher's own tags."),
    "flags": Field("list", "What is odd about the article or its extraction."),
    "word_count": Field("integer", "Words of the text; Chinese characters count singly."),
    "summary": Field("text", "The standfirst, or the feed's summary."),
    "text": Field("text", "The body as plain text, paragraphs separated by a newline."),
}


def native(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Give a row as JSON has it: lists for lists, an empty one for none."""
    return {
        name: list(split(value)) if FIELDS[name].kind == "list" else value
        for name, value in zip(columns, row, strict=True)
    }


def is_withdrawn(article: Mapping[str, Any]) -> bool:
    """Whether the publisher took the article back."""
    return article["status"] == "gone" or "withdrawn" in split(article["flags"])
