"""The record in the terms of others: OpenBB's CompanyNews, IPTC's ninjs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipelines.database.rows import split
from pipelines.export.csv import write_csv
from pipelines.export.excel import write_excel
from pipelines.export.fields import is_withdrawn
from pipelines.export.jsonl import write_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_COLUMNS = (
    "id",
    "url",
    "source",
    "publisher",
    "title",
    "authors",
    "language",
    "published_at",
    "first_seen_at",
    "updated_at",
    "revision",
    "status",
    "symbols",
    "tags",
    "flags",
    "word_count",
    "summary",
    "text",
    "html",
    "image",
)
_NINJS = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}


def openbb(article: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of OpenBB's standard model CompanyNews (openbb-core, company_news.py).

    `date` and `title` must be there: when first seen stands in for a missing date, the
    address for a missing title.
    """
    return {
        "date": article["published_at"] or article["first_seen_at"],
        "title": article["title"] or article["url"],
        "author": ", ".join(split(article["authors"])) or None,
        "excerpt": article["summary"],
        "body": article["text"] or None,
        "images": [{"url": article["image"]}] if article["image"] else None,
        "url": article["url"],
        "symbols": ",".join(split(article["symbols"])) or None,
    }


def ninjs(article: dict[str, Any]) -> dict[str, Any]:
    """Give an IPTC ninjs 3.1 object; what the article lacks is left out."""
    authors = split(article["authors"])
    value = {
        "uri": _uri(article["url"]),
        "standard": _NINJS,
        "type": "text",
        "version": str(article["revision"]),
        "firstCreated": article["first_seen_at"],
        "versionCreated": article["updated_at"],
        "contentCreated": article["published_at"],
        "pubStatus": "canceled" if is_withdrawn(article) else "usable",
        "language": article["language"],
        "headlines": _texts("main", article["title"]),
        "descriptions": _texts("summary", article["summary"]),
        "bodies": _bodies(article),
        "by": ", ".join(authors),
        "people": [{"name": name, "rel": "author"} for name in authors],
        "organisations": [_organisation(symbol) for symbol in split(article["symbols"])],
        "subjects": [{"name": tag} for tag in split(article["tags"])],
        "infoSources": _sources(article),
        "renditions": _renditions(article["image"]),
        "altIds": [{"role": "broadtape", "value": str(article["id"])}],
    }
    return {name: part for name, part in value.items() if part}


def _texts(role: str, text: str | None) -> list[dict[str, Any]]:
    return [{"role": role, "contentType": "text/plain", "value": text}] if text else []


def _bodies(article: dict[str, Any]) -> list[dict[str, Any]]:
    bodies = _texts("main", article["text"])
    for body in bodies:
        body |= {"wordCount": article["word_count"], "charCount": len(article["text"])}
    if article["html"]:
        bodies.append({"role": "main", "contentType": "text/html", "value": article["html"]})
    return bodies


def _organisation(symbol: str) -> dict[str, Any]:
    mic, _, code = symbol.partition(":")
    return {"rel": "mentioned", "literal": symbol, "symbols": [{"exchange": mic, "symbol": code}]}


def _sources(article: dict[str, Any]) -> list[dict[str, str]]:
    sources = [{"name": article["source"], "role": "distributor"}]
    if article["publisher"]:
        sources.insert(0, {"name": article["publisher"], "role": "publisher"})
    return sources


def _renditions(image: str | None) -> list[dict[str, str]]:
    return [{"name": "main", "href": _uri(image)}] if image else []


def _uri(iri: str) -> str:
    """Percent-encode what an IRI may have and a URI may not (RFC 3987, 3.1)."""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")


@dataclass(frozen=True, slots=True)
class Profile:
    """`convert` turns an article of `columns` into its object; `formats` can hold that."""

    convert: Callable[[dict[str, Any]], dict[str, Any]]
    formats: tuple[str, ...]
    columns: tuple[str, ...] = _COLUMNS


PROFILES = {
    "openbb": Profile(openbb, ("jsonl", "csv", "excel")),
    "ninjs": Profile(ninjs, ("jsonl",)),
}


def write_profile(profile: Profile, kind: str, rows: Iterable[Sequence[Any]], out: Any) -> int:
    """Write rows of the profile's columns as its objects. Returns how many."""
    objects = (profile.convert(dict(zip(profile.columns, row, strict=True))) for row in rows)
    if kind == "jsonl":
        return write_objects(objects, out)
    names = tuple(profile.convert(dict.fromkeys(profile.columns, "")))
    write = write_excel if kind == "excel" else write_csv
    return write(names, (tuple(map(_cell, value.values())) for value in objects), out)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
