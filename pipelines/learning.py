"""What the articles of one source have in common: its furniture, the suffix of its titles.

Learned from the database as a crawl goes, so that it needs no list and no configuration;
`reclean` then does for articles stored earlier what is done for those that come now.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.dedupe import signature
from pipelines.extract.title import learn_suffixes
from pipelines.furniture import Edge, learn, reclean
from pipelines.identity import text_hash
from pipelines.items import Article
from pipelines.words import count_words

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.database import Database

RECENT = 80
# What each reading teaches shrinks as readings cost more: the first articles teach the most.
LOOK_AGAIN = 1 / 16


@dataclass(frozen=True, slots=True)
class Learned:
    """Folded lines that are furniture, and names that titles end in, of so many articles."""

    furniture: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()
    articles: int = 0


@dataclass(slots=True)
class Learner:
    """Keeps what was learned of each source, and looks again as articles come."""

    database: Database
    _learned: dict[str, Learned] = field(default_factory=dict)
    _since: Counter[str] = field(default_factory=Counter)

    def of(self, source: str) -> Learned:
        """What is known of a source's articles by now."""
        before = self._learned.get(source, Learned())
        if source not in self._learned or self._since[source] >= LOOK_AGAIN * before.articles:
            learned = learn_source(self.database, source)
            # Titles are stored without their suffix, and so do not show it a second time.
            self._learned[source] = replace(learned, suffixes=learned.suffixes | before.suffixes)
            self._since[source] = 0
        self._since[source] += 1
        return self._learned[source]


def learn_source(database: Database, source: str) -> Learned:
    """Learn from the latest articles of a source."""
    held = database.articles.recent(source, RECENT)
    edges = [Edge.of(a.story_id or a.id, a.text, a.removed) for a in held if a.text]
    return Learned(learn(edges), learn_suffixes(a.title for a in held if a.title), len(held))


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
        before = Article(url=held.url, title=held.title, text=held.text, status=held.status)
        with database.transaction():
            database.articles.amend(
                article_id,
                now,
                text=text,
                removed="\n".join(removed),
                text_hash=text_hash(text, held.title) or None,
                word_count=count_words(text),
            )
            database.signatures.drop(article_id, signature(before))
            database.signatures.keep(article_id, signature(replace(before, text=text)))
        count += 1
    return count
