"""Files of sources, in the user's order → feeds; and whose an address is.

`load` is all that most others need. A file that cannot be used is refused as a whole with a
CatalogueError that names the file, the table and the key.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crawler.sources_file import read_sources
from pipelines.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.items import Feed, Source


def load(paths: Sequence[Path | Literal["shipped"]]) -> tuple[Feed, ...]:
    """Read the files in order; a feed listed again (same address) replaces the earlier one.

    `"shipped"` stands for the catalogue of the package. Raises CatalogueError.
    """
    feeds: dict[str, Feed] = {}
    for path in paths:
        for feed in _read(path):
            feeds[feed.url] = feed
    return tuple(feeds.values())


def sources_of(feeds: Iterable[Feed]) -> dict[str, Source]:
    """The sources of feeds, by name."""
    return {feed.source.name: feed.source for feed in feeds}


def source_at(url: str, feeds: Iterable[Feed]) -> Source | None:
    """Whose domain an address lies in; None where that is nobody's among `feeds`, or several's.

    The nearest domain counts: asia.example.com before example.com.
    """
    parts = urlsplit(url)
    places = (parts.netloc.rpartition("@")[2].lower(), parts.hostname or "")
    at = [
        source
        for source in sources_of(feeds).values()
        if (domain := source.domain.lower())
        and any(place == domain or place.endswith(f".{domain}") for place in places)
    ]
    nearest = max((len(source.domain) for source in at), default=0)
    found = [source for source in at if len(source.domain) == nearest]
    return found[0] if len(found) == 1 else None


def with_known_sources(feeds: Iterable[Feed], catalogue: Sequence[Feed]) -> tuple[Feed, ...]:
    """Feeds of a list that names no sources, each of the source whose domain it lies in, if any."""
    return tuple(
        replace(feed, source=_known(feed, catalogue) or feed.source)
        if feed.source.name == feed.name
        else feed
        for feed in feeds
    )


def _known(feed: Feed, catalogue: Sequence[Feed]) -> Source | None:
    return source_at(f"https://{feed.source.domain}/", catalogue) or source_at(feed.url, catalogue)


def _read(path: Path | Literal["shipped"]) -> Iterable[Feed]:
    if path == "shipped":
        shipped = resources.files("crawler").joinpath("sources.toml")
        return read_sources(shipped.read_text("utf-8"), "sources.toml (shipped)")
    file = Path(path)
    try:
        body = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogueError(
            f"{file}: {reason.lower()}", "correct `sources` in broadtape.toml, or create the file"
        ) from error
    if file.suffix.lower() in (".opml", ".xml"):
        from crawler.opml import read_opml

        return read_opml(body, str(file))
    try:
        return read_sources(body.decode("utf-8-sig"), str(file))
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file}: not UTF-8 text", "save it as UTF-8") from error
