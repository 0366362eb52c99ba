"""Everything that can go wrong in a way the user can mend.

    BroadtapeError
    ├── ConfigError            broadtape.toml, an option or the environment
    ├── CatalogueError         sources.toml or an OPML file
    ├── DatabaseError
    │   ├── DatabaseMissing    nothing there to read yet
    │   ├── NotADatabase       a file, but no SQLite database of ours
    │   ├── DatabaseTooNew     made by a newer version
    │   ├── DatabaseTooOld     made by an earlier version, and only to be read
    │   ├── DatabaseLocked     somebody else kept it busy for too long
    │   └── DatabaseUnwritable no permission, no folder, or no room left
    ├── ExportError            the export could not be written
    ├── NotFound               an article or feed that is not in the database
    ├── AddressTaken           `browse` or `run --http` cannot listen where it should
    ├── ExtraMissing           a command whose optional packages are not installed
    └── NothingPolled          a crawl in which not one feed could be read

Each reaches the user as one line: what happened, then what to do. An expected failure
of one feed or one page is not an error but a value (`items.NotAFeed`, `items.Failure`).
"""

from __future__ import annotations


class BroadtapeError(Exception):
    """A problem with a remedy; `str()` gives both in one line."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}: {self.remedy}" if self.remedy else self.problem


class ConfigError(BroadtapeError):
    """An option, a key of broadtape.toml, or a BROADTAPE_ variable that cannot be used."""


class CatalogueError(BroadtapeError):
    """A file of sources that cannot be used; names the file, the table and the key."""


class DatabaseError(BroadtapeError):
    """The database cannot be used."""


class DatabaseMissing(DatabaseError):
    """Reading was asked for, and there is no database yet."""


class NotADatabase(DatabaseError):
    """The file is not a SQLite database, is damaged, or is another program's."""


class DatabaseTooNew(DatabaseError):
    """The database was made by a newer version of Broadtape."""


class DatabaseTooOld(DatabaseError):
    """The database was made by an earlier version of Broadtape, and may not be changed here."""


class DatabaseLocked(DatabaseError):
    """Another process held the database longer than the busy timeout."""


class DatabaseUnwritable(DatabaseError):
    """No permission, no folder, or no room on the disk."""


class ExportError(BroadtapeError):
    """The export's target cannot be written."""


class NotFound(BroadtapeError):
    """No such article, feed or story in the database."""


class AddressTaken(BroadtapeError):
    """The address to serve on is in use, or is not this machine's."""


class ExtraMissing(BroadtapeError):
    """The command needs packages that were not installed with Broadtape."""


class NothingPolled(BroadtapeError):
    """Not one feed of a crawl could be read."""
