"""A copy of the record, brought back to a moment of the past.

What was first known later is deleted, and what it took the place of is put back: then every
query of now answers as it would have answered then. What keeps no history (where a feed stood,
how the fetching of a page went, what an entry said before its feed listed it again) is taken
from the log of polls, or left empty; the tables that are Broadtape's own are emptied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.database.articles import Articles
from pipelines.database.indexing import SearchIndex
from pipelines.database.selection import REVISION_THEN, STORY_SIZE_THEN, STORY_THEN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# Nobody else reads the copy, and one that was not finished is of no use.
_HASTE = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536")
_BUFFER = 64 << 20
# Articles of which something else was known then, or nothing; and those that were in another story.
_TOUCHED = """
CREATE TEMP TABLE touched AS
SELECT article_id AS id FROM revisions WHERE computed_at > :as_of
 UNION SELECT article_id FROM mentions WHERE computed_at > :as_of;
CREATE TEMP TABLE moved AS
SELECT DISTINCT article_id AS id FROM story_members WHERE computed_at > :as_of
"""
_RECORD = f"""
DELETE FROM revisions WHERE computed_at > :as_of;
DELETE FROM mentions WHERE computed_at > :as_of;
DELETE FROM story_members WHERE computed_at > :as_of;
DELETE FROM identities WHERE id IN (SELECT id FROM touched)
   AND NOT EXISTS (SELECT 1 FROM revisions WHERE article_id = identities.id);
UPDATE identities AS i SET latest_seq = {REVISION_THEN} WHERE id IN (SELECT id FROM touched);
UPDATE identities AS i SET story_id = {STORY_THEN.format(article="i.id", then=":as_of")}
 WHERE id IN (SELECT id FROM moved);
DELETE FROM stories WHERE NOT EXISTS (SELECT 1 FROM story_members WHERE story_id = stories.id);
UPDATE stories SET articles = {STORY_SIZE_THEN.format(story="stories.id")}
"""  # noqa: S608 - SQL of ours
# A last sight or a text of later is not known of then. Whether a page had been given up is
# not either: an entry has its article, or waits for it.
_SIGHTINGS = """
DELETE FROM entries WHERE first_seen_at > :as_of;
UPDATE entries SET last_seen_at = '', link = NULL, title = NULL, author = NULL, summary = NULL,
       published_raw = NULL, published_at = NULL, updated_at = NULL WHERE last_seen_at > :as_of;
UPDATE entries SET article_id = NULL
 WHERE NOT EXISTS (SELECT 1 FROM identities WHERE id = article_id);
UPDATE entries SET state = iif(article_id IS NULL, 'pending', 'done'), attempts = 0,
       next_try_at = NULL, last_error = NULL
"""
_WATCHING = """
DELETE FROM polls WHERE polled_at > :as_of;
DELETE FROM runs WHERE started_at > :as_of;
UPDATE runs SET ended_at = NULL WHERE ended_at > :as_of;
UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL, hint_s = NULL,
       interval_s = NULL, next_due_at = NULL, memory = NULL, failures = 0, last_error = NULL,
       (last_polled_at, last_ok_at, last_new_at) = (
         SELECT max(polled_at),
                max(iif(outcome IN ('new', 'no_news', 'not_modified', 'unchanged'),
                        polled_at, NULL)),
                max(iif(new > 0, polled_at, NULL))
           FROM polls WHERE feed_id = feeds.id)
 WHERE last_polled_at > :as_of
"""
# What is not of the record is Broadtape's own, and says nothing of then.
_OWN = """
SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%'
   AND name NOT LIKE 'article_search%' AND name NOT IN ('feeds', 'polls', 'runs', 'entries',
       'identities', 'revisions', 'mentions', 'stories', 'story_members')
"""


def rewind(connection: sqlite3.Connection, as_of: str) -> None:
    """Bring the database back to `as_of`, for good; foreign keys must not be enforced.

    It must be a copy: a rewinding that is interrupted leaves neither now nor then. Takes about
    a millisecond for each article that has come or changed since, or for each that there was,
    where those are fewer; most of it for the index of words.
    """
    for statement in _HASTE:
        connection.execute(statement)
    connection.execute("BEGIN")
    for table in [row[0] for row in connection.execute(_OWN)]:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    _run(connection, _TOUCHED, as_of)
    indexed_anew = _take_from_index(connection)
    for script in (_RECORD, _SIGHTINGS, _WATCHING):
        _run(connection, script, as_of)
    _put_into_index(connection, indexed_anew)
    connection.execute("COMMIT")


def _run(connection: sqlite3.Connection, script: str, as_of: str) -> None:
    for statement in script.split(";\n"):
        connection.execute(statement, {"as_of": as_of})


def _take_from_index(connection: sqlite3.Connection) -> str:
    """Take out what was not said then; returns of which articles the words are to be put in."""
    articles, index = Articles(connection), SearchIndex(connection)
    index.hurry(_BUFFER)
    there, touched = connection.execute(
        "SELECT (SELECT count(*) FROM identities), (SELECT count(*) FROM touched)"
    ).fetchone()
    if 2 * touched > there:  # to take each out and put it in again would be more
        index.clear()
        return "SELECT id FROM identities ORDER BY id"
    for article_id in _ids(connection, "SELECT id FROM touched ORDER BY id"):
        index.replace(articles.get(article_id), None)
    return "SELECT id FROM touched ORDER BY id"


def _put_into_index(connection: sqlite3.Connection, whose: str) -> None:
    articles, index = Articles(connection), SearchIndex(connection)
    for article_id in _ids(connection, whose):
        index.replace(None, articles.get(article_id))


def _ids(connection: sqlite3.Connection, query: str) -> Iterable[int]:
    return [row[0] for row in connection.execute(query)]
