"""Which articles an export wants, and the query for them: of now, as of a moment, or of changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import to_cell
from pipelines.symbols.alike import alike

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

EXPORT_COLUMNS = (
    "id",
    "url",
    "source",
    "publisher",
    "title",
    "authors",
    "language",
    "published_at",
    "published_precision",
    "published_zone",
    "first_seen_at",
    "arrival",
    "updated_at",
    "revision",
    "seq",
    "status",
    "symbols",
    "story_id",
    "story_size",
    "tags",
    "flags",
    "word_count",
    "summary",
    "text",
)
STORY_COLUMNS = (*EXPORT_COLUMNS, "publishers", "first_published_at", "copies", "lags")
CHANGE_COLUMNS = ("change", *(name for name in EXPORT_COLUMNS if name != "story_size"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles; a bound that is None does not bind. `since` and `until` are first-seen.

    `after` asks for changes instead of articles: every revision with a greater `seq`;
    `stories` for the first of each story's selected articles, the others as its `copies`.
    """

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    source: str | None = None
    language: str | None = None
    symbol: str | None = None
    article_id: int | None = None
    after: int | None = None
    stories: bool = False


# Where an article was listed: what a post's categories are made of. {listed} limits it to the
# sightings of then; what the feeds are called is no part of the history.
_FEEDS = """
       (SELECT group_concat(name, '; ') FROM (SELECT DISTINCT replace(f.name, ';', ',') AS name
          FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id WHERE e.article_id = i.id
               {listed} ORDER BY f.id)) AS feeds,
       (SELECT group_concat(name, '; ') FROM (SELECT DISTINCT replace(f.category, ';', ',') AS name
          FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id WHERE e.article_id = i.id
               {listed} AND f.category IS NOT NULL ORDER BY f.id)) AS feed_categories
"""

# The revision of the article i, and the story of an article, as they stood at :as_of.
REVISION_THEN = "(SELECT max(seq) FROM revisions WHERE article_id = i.id AND computed_at <= :as_of)"
STORY_THEN = (
    "coalesce((SELECT story_id FROM story_members WHERE article_id = {article}"
    " AND computed_at <= {then} ORDER BY id DESC LIMIT 1), {article})"
)
# Of how many articles a story was: those that joined it last, and the first unless it has moved.
STORY_SIZE_THEN = """
       (SELECT count(*) FROM story_members AS o WHERE o.story_id = {story}
           AND o.id = (SELECT max(id) FROM story_members AS l
                        WHERE l.article_id = o.article_id AND l.computed_at <= :as_of)
       ) + NOT EXISTS (SELECT 1 FROM story_members AS f
                        WHERE f.article_id = {story} AND f.computed_at <= :as_of)
"""

# Of an article i and one of its revisions r. {known} limits the mentions to those of then,
# {listed} the sightings.
_VALUES = f"""
SELECT i.id, r.url, i.source, r.publisher, r.title, r.authors, r.language, r.published_at,
       r.published_precision, r.published_zone, i.first_seen_at, i.arrival,
       r.seen_at AS updated_at, r.revision, r.seq, r.status,
       (SELECT group_concat(symbol, '; ') FROM
         (SELECT DISTINCT symbol FROM mentions WHERE article_id = i.id
             AND revision = r.revision {{known}} ORDER BY rowid)) AS symbols,
       r.tags, r.flags, r.word_count, r.summary, r.text, r.html, r.image, i.url_key, {_FEEDS},
"""  # noqa: S608 - SQL of ours
# What a reader of the database knows now, or could have known at :as_of.
_NOW = f"""{_VALUES.format(known="", listed="")}
       i.story_id, coalesce(s.articles, 1) AS story_size, r.change
  FROM identities AS i
  JOIN revisions AS r ON r.seq = i.latest_seq
  LEFT JOIN stories AS s ON s.id = i.story_id
 WHERE 1
"""
_THEN = {"known": "AND computed_at <= :as_of", "listed": "AND e.first_seen_at <= :as_of"}
_AS_OF = f"""{_VALUES.format(**_THEN)}
       coalesce(m.story_id, i.id) AS story_id,
       {STORY_SIZE_THEN.format(story="coalesce(m.story_id, i.id)")} AS story_size, r.change
  FROM identities AS i
  JOIN revisions AS r ON r.seq = {REVISION_THEN}
  LEFT JOIN story_members AS m ON m.id =
       (SELECT max(id) FROM story_members WHERE article_id = i.id AND computed_at <= :as_of)
 WHERE 1
"""  # noqa: S608 - SQL of ours
# Every change after :after, as the record held it then. A change has no story_size: that is
# a sum over other articles. One that takes an article out of the selection is told too, as
# `leave`, or else whoever follows a selection would keep it for ever.
_CHANGES = f"""{_VALUES.format(known="", listed="")}
       {STORY_THEN.format(article="i.id", then="r.computed_at")} AS story_id,
       iif(({{now}}) OR r.change = 'withdraw', r.change, 'leave') AS change
  FROM revisions AS r
  JOIN identities AS i ON i.id = r.article_id
  LEFT JOIN revisions AS p ON p.article_id = r.article_id AND p.revision = r.revision - 1
 WHERE r.seq > :after AND (({{now}}) OR (p.seq IS NOT NULL AND {{before}}))
"""
# Stories are made of the few values that tell them apart, and only the first article of each
# is then read whole. A claim that names only a day says nothing of who was first, unless
# there is no other.
_BY_STORY = """
WITH told AS MATERIALIZED (
  SELECT id, coalesce(story_id, -id) AS tale, first_seen_at, published_at, published_precision,
         coalesce(publisher, source) AS house FROM ({articles})),
counted AS (
  SELECT *, dense_rank() OVER (PARTITION BY tale ORDER BY house) AS houses,
         strftime('%s', first_seen_at) - strftime('%s', min(first_seen_at) OVER (PARTITION BY tale))
         AS lag FROM told),
firsts AS MATERIALIZED (
  SELECT * FROM (
    SELECT id AS first_id, row_number() OVER told AS place, max(houses) OVER story AS publishers,
           coalesce(min(iif(published_precision <> 'day', published_at, NULL)) OVER story,
                    min(published_at) OVER story) AS first_published_at,
           group_concat(id, '; ') OVER others AS copies,
           group_concat(lag, '; ') OVER others AS lags
      FROM counted
    WINDOW story AS (PARTITION BY tale),
           told AS (PARTITION BY tale ORDER BY first_seen_at, id),
           others AS (PARTITION BY tale ORDER BY first_seen_at, id
                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW))
   WHERE place = 1)
SELECT * FROM firsts CROSS JOIN ({articles}) AS a ON a.id = firsts.first_id ORDER BY a.id
"""
# {r} is a revision: the latest of each article, or each change and the one before.
_FILTERS = {
    "article_id": "i.id = :article_id",
    "since": "i.first_seen_at >= :since",
    "until": "i.first_seen_at < :until",
    "source": "(i.source = :source OR {r}.publisher = :source)",
    "language": "({r}.language = :language OR {r}.language LIKE :language || '-%')",
    "symbol": "EXISTS (SELECT 1 FROM mentions AS f WHERE f.symbol IN"
    " (SELECT value FROM json_each(:symbol))"
    " AND f.article_id = i.id AND f.revision = {r}.revision"
    " AND (:as_of IS NULL OR f.computed_at <= :as_of))",
}


def moment(as_of: datetime | None) -> str:
    """The cell of a moment; without one, of the end of time, as of which all is as it is now."""
    return to_cell(as_of) or "9999-12-31T23:59:59Z"


def latest_of(selection: Selection) -> str:
    """The `seq` of the latest revision of the article i, in SQL: of now, or as of a moment."""
    return REVISION_THEN if selection.as_of else "i.latest_seq"


def filters(selection: Selection) -> tuple[str, dict[str, Any]]:
    """What to add to a query of `identities` as i and `revisions` as r, and its values."""
    condition, values = _condition(selection)
    return f" AND {condition.format(r='r')}", values


def _condition(selection: Selection) -> tuple[str, dict[str, Any]]:
    values = {
        "article_id": selection.article_id,
        "since": to_cell(selection.since),
        "until": to_cell(selection.until),
        "as_of": to_cell(selection.as_of),
        "source": selection.source,
        "language": selection.language,
        "symbol": json.dumps(alike(selection.symbol)) if selection.symbol else None,
        "after": selection.after,
    }
    bound = [condition for name, condition in _FILTERS.items() if values[name] is not None]
    return " AND ".join(bound) or "1", values


def export_query(
    selection: Selection,
    columns: Sequence[str],
    *,
    with_text: bool = True,
    by_first_seen: bool = False,
    encoded: bool = False,
) -> tuple[str, dict[str, Any]]:
    """Write the query for the selected articles, or changes, and its values."""
    condition, values = _condition(selection)
    now, before = condition.format(r="r"), condition.format(r="p")
    if selection.after is not None:
        query, order = _CHANGES, "r.seq"
    else:
        query = f"{_AS_OF if selection.as_of else _NOW} AND {now}"
        order = "i.first_seen_at, i.id" if by_first_seen else "i.id"
    if not with_text:
        query = query.replace("r.text,", "NULL AS text,").replace("r.html,", "NULL AS html,")
    inner = query.format(now=now, before=before)
    if selection.stories:
        inner = _BY_STORY.format(articles=inner)
    else:
        inner += f" ORDER BY {order}"
    if encoded:
        columns = [f"CAST({name} AS BLOB)" for name in columns]
    # SQLite computes only the columns that are asked for.
    return f"SELECT {', '.join(columns)} FROM ({inner})", values  # noqa: S608 - names of ours
