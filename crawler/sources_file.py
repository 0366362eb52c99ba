"""The text of a sources.toml → validated feeds, or one line on what is wrong where."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crawler.addresses import RSSHUB, feed_url
from crawler.durations import Duration, Seconds
from crawler.validation import remedy
from pipelines.dates.zones import place
from pipelines.errors import CatalogueError
from pipelines.items import Feed, FeedKind, Source

if TYPE_CHECKING:
    from collections.abc import Sequence


_HOST = re.compile(r"[^\s/:]+(:\d+)?")


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
    domain: str
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

    @field_validator("domain")
    @classmethod
    def _is_a_host(cls, domain: str) -> str:
        if not _HOST.fullmatch(domain):
            raise ValueError("write a host such as example.com")
        return domain

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
    tables, key = _path(first["loc"], data)
    place_of_it = ", ".join([file, *tables, *([f"key {key}"] if key else [])])
    if first["type"] == "missing":
        return CatalogueError(f"{place_of_it}: missing", "add it")
    if first["type"] == "extra_forbidden":
        known = ", ".join(_keys(tables))
        return CatalogueError(f"{place_of_it}: unknown key", f"remove it or write one of {known}")
    if not key:
        name = ".".join(str(step) for step in first["loc"] if isinstance(step, str))
        return CatalogueError(f"{place_of_it}: no list of tables", f"begin each with [[{name}]]")
    return CatalogueError(f"{place_of_it} = {first['input']!r}", remedy(first))


def _path(steps: Sequence[int | str], data: dict[str, Any]) -> tuple[list[str], str]:
    """The tables that lead to a place, each by its name or number, and the key in the last."""
    tables: list[str] = []
    key = ""
    node: Any = data
    for step in steps:
        if isinstance(step, int) and not key:
            node = node[step] if isinstance(node, list) and step < len(node) else {}
            named = node.get("name") if isinstance(node, dict) else None
            tables[-1] += f' "{named}"' if named else f" number {step + 1}"
        elif step in ("source", "feed") and not key:
            node = node.get(step, {}) if isinstance(node, dict) else {}
            tables.append(str(step))
        else:
            key = key or str(step)
    return tables, key


def _keys(tables: Sequence[str]) -> list[str]:
    last = tables[-1] if tables else ""
    model: type[_Table] = SourcesFile
    if last.startswith("feed"):
        model = FeedTable
    elif last.startswith("source"):
        model = SourceTable
    return list(model.model_fields)
