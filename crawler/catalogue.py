"""sources.toml and OPML files → validated feeds.

`load` is all that others need. A file that cannot be used is refused as a whole with a
CatalogueError that names the file, the table and the key.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crawler.addresses import RSSHUB, feed_url
from crawler.durations import Duration, Seconds
from pipelines.dates.zones import place
from pipelines.errors import CatalogueError
from pipelines.items import Feed, FeedKind, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FeedTable(_Table):
    """`[[source.feed]]`."""

    name: str = Field(min_length=1)
    url: str
    kind: FeedKind = "auto"
    category: str | None = None
    enabled: bool = True

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        try:
            return feed_url(url)
        except CatalogueError as error:
            raise ValueError(str(error)) from None


class SourceTable(_Table):
    """`[[source]]`."""

    name: str = Field(min_length=1)
    domain: str = Field(pattern=r"^[^\s/:]+(\.[^\s/:]+)*(:\d+)?$")
    language: str | None = None
    region: str | None = None
    timezone: str | None = None
    zone_is_wrong: bool = False
    delay: Seconds | None = None
    min_interval: Duration | None = None
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    proxy: str | None = None
    prune: list[str] = []
    enabled: bool = True
    needs_contact: bool = False
    feed: list[FeedTable] = []

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str | None) -> str | None:
        if name is not None and place(name) is None:
            raise ValueError(f"no zone {name!r}; write an IANA name such as Asia/Shanghai")
        return name

    @field_validator("prune")
    @classmethod
    def _are_xpaths(cls, paths: list[str]) -> list[str]:
        for path in paths:
            try:
                etree.XPath(path)
            except etree.XPathSyntaxError:
                raise ValueError(f"{path!r} is no XPath") from None
        return paths

    def source(self) -> Source:
        """Make the value that the stages share; cookies become the header they are."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        return Source(
            name=self.name,
            domain=self.domain,
            language=self.language,
            region=self.region,
            timezone=self.timezone,
            zone_is_wrong=self.zone_is_wrong,
            delay_s=self.delay,
            min_interval_s=None if self.min_interval is None else int(self.min_interval),
            headers=headers,
            proxy=self.proxy,
            prune=tuple(self.prune),
            needs_contact=self.needs_contact,
        )


class SourcesFile(_Table):
    """A whole sources.toml."""

    source: list[SourceTable] = []


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


def read_sources(text: str, file: str) -> tuple[Feed, ...]:
    """Validate the text of a sources.toml; `file` is how errors name it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: not TOML: {error}", "correct that line") from error
    try:
        tables = SourcesFile.model_validate(data).source
    except ValidationError as error:
        raise _explained(error, data, file) from error
    for table in tables:
        if table.zone_is_wrong and table.timezone is None:
            raise CatalogueError(
                f'{file}, source "{table.name}", key timezone: missing',
                "zone_is_wrong needs the zone that is right",
            )
    return tuple(
        Feed(
            url=feed.url,
            name=feed.name,
            source=source,
            kind="rsshub" if feed.url.startswith(RSSHUB) else feed.kind,
            category=feed.category,
            enabled=table.enabled and feed.enabled,
        )
        for table in tables
        for source in [table.source()]
        for feed in table.feed
    )


def _explained(error: ValidationError, data: dict[str, Any], file: str) -> CatalogueError:
    """One line for the first thing wrong: file, table, key, remedy."""
    first = error.errors()[0]
    where, key = [file], ""
    node: Any = data
    for step in first["loc"]:
        if isinstance(step, int):
            node = node[step] if isinstance(node, list) and step < len(node) else {}
            named = node.get("name") if isinstance(node, dict) else None
            where[-1] += f' "{named}"' if named else f" number {step + 1}"
        elif step in ("source", "feed"):
            node = node.get(step, {}) if isinstance(node, dict) else {}
            where.append(str(step))
        else:
            key = key or str(step)
    what = {
        "extra_forbidden": "unknown key",
        "missing": "missing",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    remedy = {
        "extra_forbidden": f"remove it or write one of {', '.join(_keys(where[-1]))}",
        "missing": "add it",
    }.get(first["type"], "")
    place_of_it = ", ".join([*where, f"key {key}"] if key else where)
    return CatalogueError(f"{place_of_it}: {what}", remedy)


def _keys(table: str) -> list[str]:
    model: type[_Table] = SourcesFile
    if table.startswith("feed"):
        model = FeedTable
    elif table.startswith("source "):
        model = SourceTable
    return list(model.model_fields)
