"""What a page says: the article, and the instruments it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.items.moment import Moment  # noqa: TC001 - pydantic reads these annotations

ArticleStatus = Literal["full", "summary", "paywalled", "blocked", "empty", "gone"]
Arrival = Literal["live", "bootstrap", "backfill"]
Change = Literal["add", "revise", "withdraw", "recompute"]


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
