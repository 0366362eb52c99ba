"""What `search` reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.database.matching import MATCHES, MATCHES_THEN, index_of_then
from pipelines.database.rows import to_cell
from pipelines.database.selection import (
    EXPORT_COLUMNS,
    Selection,
    export_query,
    filters,
    latest_of,
    moment,
)
from pipelines.search import Query, rank
from pipelines.search.labels import NEVER, of_language, of_source, of_symbol, of_time
from pipelines.search.ranking import Candidate
from pipelines.symbols.alike import alike

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pipelines.search import Phrase

# So many of the newest matches are ranked. Reading their texts is most of a search's time.
RANKED = 500


@dataclass(frozen=True, slots=True)
class Found:
    """The articles in order of rank; `more` if older matches were not looked at."""

    articles: list[dict[str, Any]]
    matches: int
    more: bool


class Searching:
    """The table `article_search`, and what it leads to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def search(self, query: Query, selection: Selection, limit: int) -> Found:
        """Find the articles that match, the best first; among the newest RANKED of them."""
        if not query.fts:
            return Found([], 0, more=False)
        rows = self._matches(query, selection)
        candidates = [Candidate(row[0], row[1] or "", row[2] or "") for row in rows]
        more = len(candidates) > RANKED
        del candidates[RANKED:]
        order = rank(candidates, query.phrases, self._shares(query.phrases, selection.as_of))
        found = [self._found(article_id, selection.as_of) for article_id in order[:limit]]
        return Found(found, len(candidates), more)

    def _matches(self, query: Query, selection: Selection) -> Iterable[sqlite3.Row]:
        """The newest that match, now or at a moment, of which an index is made for the while.

        Labels are of the latest revision and say nothing of then, but for the days.
        """
        conditions, values = filters(selection)
        ids, labels = MATCHES, self._days(selection)
        if selection.as_of:
            ids = MATCHES_THEN
            index_of_then(self._connection, values["as_of"])
        else:
            labels += _labels(selection)
        return self._connection.execute(
            f"SELECT i.id, r.title, r.text FROM ({ids}) AS x"  # noqa: S608 - SQL of ours
            " CROSS JOIN identities AS i ON i.id = x.id"
            f" CROSS JOIN revisions AS r ON r.seq = {latest_of(selection)}"
            f" WHERE 1{conditions} ORDER BY x.id DESC LIMIT :limit",
            {
                **values,
                "query": query.fts,
                "labelled": _labelled(query, labels),
                "limit": RANKED + 1,
            },
        )

    def _days(self, selection: Selection) -> list[list[str]]:
        """The labels of the days that a selection spans, as far as the record reaches."""
        if selection.since is None and selection.until is None:
            return []
        first, last = self._connection.execute(
            "SELECT (SELECT min(first_seen_at) FROM identities),"
            " (SELECT max(first_seen_at) FROM identities)"
        ).fetchone()
        if first is None:
            return []
        since = max(first, to_cell(selection.since) or first)
        until = min(last, to_cell(selection.until) or last)
        days = of_time(date.fromisoformat(since[:10]), date.fromisoformat(until[:10]))
        return [days or [NEVER]]

    def _shares(self, phrases: Sequence[Phrase], as_of: datetime | None) -> dict[Phrase, float]:
        """In what share of all articles each phrase stands, judged by the newest that have it."""
        if len(phrases) < 2:  # nothing to weigh against each other
            return dict.fromkeys(phrases, 0.1)
        newest = self._newest(as_of)
        ids = MATCHES_THEN if as_of else MATCHES
        shares = {}
        for phrase in phrases:
            count, oldest = self._connection.execute(
                "SELECT count(*), min(id) FROM"  # noqa: S608 - SQL of ours
                f" (SELECT id FROM ({ids}) WHERE id <= :newest ORDER BY id DESC LIMIT :limit)",
                {
                    "query": phrase.fts,
                    "labelled": phrase.fts,
                    "newest": newest,
                    "limit": RANKED,
                },
            ).fetchone()
            among = newest - oldest + 1 if count == RANKED else newest
            shares[phrase] = min(count / among, 1.0)
        return shares

    def _newest(self, as_of: datetime | None) -> int:
        """The id of the latest article, 1 if there is none."""
        row = self._connection.execute(
            "SELECT id FROM identities AS i WHERE EXISTS (SELECT 1 FROM revisions"
            " WHERE article_id = i.id AND computed_at <= ?) ORDER BY id DESC LIMIT 1",
            (moment(as_of),),
        ).fetchone()
        return int(row[0]) if row else 1

    def _found(self, article_id: int, as_of: datetime | None) -> dict[str, Any]:
        selection = Selection(as_of=as_of, article_id=article_id)
        return dict(self._connection.execute(*export_query(selection, EXPORT_COLUMNS)).fetchone())


def _labels(selection: Selection) -> list[list[str]]:
    """For each bound of the selection the labels of which one is wanted."""
    wanted = [
        [of_source(selection.source)] if selection.source else [],
        [of_language(selection.language)] if selection.language else [],
        [of_symbol(symbol) for symbol in alike(selection.symbol)] if selection.symbol else [],
    ]
    return [labels for labels in wanted if labels]


def _labelled(query: Query, wanted: Sequence[Sequence[str]]) -> str:
    """The query in FTS5's language, within labels."""
    return " AND ".join(
        [f"({query.fts})", *(f"labels : ({' OR '.join(labels)})" for labels in wanted)]
    )
