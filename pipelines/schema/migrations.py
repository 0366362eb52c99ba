"""The tables as numbered migrations. Append-only: one that has shipped never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

from pipelines.schema.tables import ANNOUNCEMENTS, HABITS, LABELS, REFUSED, SEARCH, TABLES, VISITS
from pipelines.search import labels, singles, spaced

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("broadtape")


@migrations()
def m001_the_record(db: Database) -> None:
    """Every table of the first version."""
    _run(db, TABLES)


@migrations()
def m002_pairs_of_characters(db: Database) -> None:
    """Index Chinese as pairs of characters; the texts indexed so far are indexed anew."""
    _index(db, SEARCH)


@migrations()
def m003_looking_again(db: Database) -> None:
    """Which pages are to be looked at again, and when."""
    _run(db, VISITS)


@migrations()
def m004_habits_of_sources(db: Database) -> None:
    """What looks at a source's pages found, and when its feed says that an entry changed."""
    _run(db, HABITS)


@migrations()
def m005_labels(db: Database) -> None:
    """Index whose an article is, its language and its instruments; the texts anew with them."""
    _index(db, LABELS)


@migrations()
def m006_what_is_browsed(db: Database) -> None:
    """The few revisions that are no first one, and the stories told more than once."""
    db.execute("CREATE INDEX revisions_changed ON revisions (article_id) WHERE change <> 'add'")
    db.execute("CREATE INDEX stories_told ON stories (articles) WHERE articles > 1")


@migrations()
def m007_announcements(db: Database) -> None:
    """Which announced edits a page has been read after."""
    _run(db, ANNOUNCEMENTS)


@migrations()
def m008_failures_shared(db: Database) -> None:
    """Find the entries whose page was just not to be had."""
    _run(db, REFUSED)


def _run(db: Database, script: str) -> None:
    """Run statement by statement: `executescript` would commit what the migration began."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _index(db: Database, script: str) -> None:
    """Run a script that indexes the texts anew, with the words that the index holds."""
    db.conn.create_function("spaced", 1, spaced, deterministic=True)
    db.conn.create_function("singles", 2, singles, deterministic=True)
    db.conn.create_function("labels", 5, _labels, deterministic=True)
    _run(db, script)


def _labels(
    source: str,
    publisher: str | None,
    language: str | None,
    first_seen_at: str,
    symbols: str | None,
) -> str:
    return labels(source, publisher, language, first_seen_at, (symbols or "").split())
