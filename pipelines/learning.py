"""What the articles of one source have in common: its furniture, the suffix of its titles.

Learned from the database as a crawl goes, so that it needs no list and no configuration;
`reclean` then does for articles stored earlier what is done for those that come now.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.dedupe import signature
from pipelines.furniture import Edge, learn, reclean
from pipelines.identity import SIGNATURE_VERSION, text_hash
from pipelines.items import Article
from pipelines.words import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.database import Database

RECENT = 80
LOOK_AGAIN = 5
LEAST_TITLES = 4
_SUFFIX = re.compile(r"\s*(?:\s[|–—-]\s|[_|｜]|--)\s*([^|_–—｜]{2,40})$")


@dataclass(frozen=True, slots=True)
class Learned:
    """Folded lines that are furniture, and names that titles end in."""

    furniture: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Learner:
    """Keeps what was learned of each source, and looks again every few articles."""

    database: Database
    _learned: dict[str, Learned] = field(default_factory=dict)
    _since: Counter[str] = field(default_factory=Counter)

    def of(self, source: str) -> Learned:
        """What is known of a source's articles by now."""
        if source not in self._learned or self._since[source] >= LOOK_AGAIN:
            self._learned[source] = learn_source(self.database, source)
            self._since[source] = 0
        self._since[source] += 1
        return self._learned[source]


def learn_source(database: Database, source: str) -> Learned:
    """Learn from the latest articles of a source."""
    held = database.articles.recent(source, RECENT)
    edges = [Edge.of(a.story_id or a.id, a.text, a.removed) for a in held if a.text]
    return Learned(learn(edges), learn_suffixes(a.title for a in held if a.title))


def learn_suffixes(titles: Iterable[str]) -> frozenset[str]:
    """Names that half of at least four different titles end in, after a bar, dash or underscore."""
    different = set(titles)
    ends = Counter(found[1].strip() for title in different if (found := _SUFFIX.search(title)))
    least = max(LEAST_TITLES, len(different) / 2)
    return frozenset(end for end, count in ends.items() if count >= least)


def reclean_source(database: Database, source: str, now: datetime) -> int:
    """Clean a source's stored articles with what has been learned since; returns how many.

    Each becomes a revision of the kind "recompute": what was shown before stays on record.
    """
    learned = learn_source(database, source).furniture
    count = 0
    for article_id in database.articles.ids_of_source(source):
        held = database.articles.get(article_id)
        if held is None or not (cleaned := reclean(held.text, held.removed, learned)):
            continue
        text, removed = cleaned
        article = Article(url=held.url, title=held.title, text=text, status=held.status)
        with database.transaction():
            database.articles.amend(
                article_id,
                now,
                text=text,
                removed="\n".join(removed),
                text_hash=text_hash(text, held.title) or None,
                word_count=count_words(text),
            )
            database.articles.sign(article_id, signature(article), SIGNATURE_VERSION, now)
        count += 1
    return count
