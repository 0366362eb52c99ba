"""The only SQL: one SQLite file behind a few small typed rooms.

    database.feeds          what is watched, what earlier polls taught, the log of polls
    database.entries        sightings: what feeds list, and whose page is to be fetched
    database.outcomes       how that ended: done, to be tried again, failed
    database.told           what the entries that lead to one page say together
    database.announcements  which announced edits a page has been read after
    database.articles       identities, revisions, mentions
    database.stories        which articles tell one story
    database.signatures     what the latest articles are found by when another resembles them
    database.visits         pages to be looked at again
    database.reading        what exports, `show` and `status` read
    database.searching      what search reads
    database.mentions       what `symbols` and `status --symbol` read

Every write happens in `database.transaction()`, which begins immediately, so that what
was looked up inside it still holds when it is written. A second engine may one day stand
behind the same rooms.
"""

from __future__ import annotations

from pipelines.database import sparing  # noqa: F401 - before anything imports sqlite-utils
from pipelines.database.connection import Database
from pipelines.database.opening import open_database

__all__ = ["Database", "open_database"]
