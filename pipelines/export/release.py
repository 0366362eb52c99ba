"""A release: a folder of Parquet and CSV that describes itself (Data Package v2).

    articles.csv
    parquet/first_seen_date=2026-11-25/articles.parquet
    datapackage.json      fields, types, meanings, sizes, hashes, as-of
    README.md             the card

Nothing in it depends on the clock or the machine: the same record as of the same moment
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipelines.database.rows import to_cell
from pipelines.database.selection import EXPORT_COLUMNS
from pipelines.errors import ExportError
from pipelines.export.card import Contents, card
from pipelines.export.csv import write_csv
from pipelines.export.fields import FIELDS
from pipelines.export.parquet import write_parquet
from pipelines.export.target import new_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipelines.database import Database
    from pipelines.database.selection import Selection

PACKAGE = "datapackage.json"
_FIRST_SEEN = EXPORT_COLUMNS.index("first_seen_at")
# Lists too are strings: version 2's type `list` stops the readers there are.
_TYPES = {"integer": "integer", "text": "string", "instant": "datetime", "list": "string"}


def write_release(database: Database, selection: Selection, folder: Path, version: str) -> Contents:
    """Write the selected articles as of `selection.as_of` into `folder`, whole or not at all.

    An earlier release there is replaced. To be called within one snapshot of the database.

    Raises:
        ExportError: `folder` holds something else, or cannot be written; pyarrow is missing.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PACKAGE).is_file():
        raise ExportError(f"{folder} holds something that is no release", "name an empty folder")
    contents = Contents(as_of=to_cell(selection.as_of) or "", version=version)
    with new_folder(folder) as place:
        with (
            closing(database.reading.export(selection, by_first_seen=True)) as rows,
            (place / "articles.csv").open("wb") as out,
        ):
            contents.articles = write_csv(EXPORT_COLUMNS, _counted(rows, contents), out)
        with closing(database.reading.export(selection, by_first_seen=True)) as rows:
            contents.parts = _write_parts(rows, place)
        _write(place / PACKAGE, json.dumps(_package(place, contents), ensure_ascii=False, indent=2))
        _write(place / "README.md", card(contents))
    return contents


def _counted(rows: Iterable[Sequence[Any]], contents: Contents) -> Iterator[Sequence[Any]]:
    source, language = EXPORT_COLUMNS.index("source"), EXPORT_COLUMNS.index("language")
    for row in rows:
        contents.sources[row[source]] += 1
        contents.languages[row[language] or ""] += 1
        if not contents.first_seen:
            contents.first_seen = [row[_FIRST_SEEN]] * 2
        contents.first_seen[1] = row[_FIRST_SEEN]
        yield row


def _write_parts(rows: Iterable[Sequence[Any]], place: Path) -> list[str]:
    """Write a part a day of first sight; readers of Hive partitions find the day in its name."""
    parts = []
    for day, articles in groupby(rows, key=lambda row: row[_FIRST_SEEN][:10]):
        name = f"parquet/first_seen_date={day}/articles.parquet"
        (place / name).parent.mkdir(parents=True)
        with (place / name).open("wb") as out:
            write_parquet(EXPORT_COLUMNS, articles, out)
        parts.append(name)
    return parts


def _package(place: Path, contents: Contents) -> dict[str, Any]:
    """Give the descriptor (https://datapackage.org/standard/data-package/)."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "broadtape-news",
        "title": "Finance news, point in time",
        "description": f"What Broadtape's record held as of {contents.as_of}.",
        "version": contents.as_of,
        "created": contents.as_of,
        "asOf": contents.as_of,
        "sources": [{"title": name} for name in sorted(contents.sources)],
        "resources": [
            {
                **_file(place, "articles", "articles.csv", "csv", "text/csv"),
                "type": "table",
                "encoding": "utf-8",
                "dialect": {"lineTerminator": "\n"},
                "schema": _schema(),
            },
            *(
                {"type": "file"}
                | _file(
                    place,
                    f"articles-{name.partition('=')[2][:10]}",
                    name,
                    "parquet",
                    "application/vnd.apache.parquet",
                )
                for name in contents.parts
            ),
        ],
    }


def _file(place: Path, name: str, path: str, form: str, mediatype: str) -> dict[str, Any]:
    with (place / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": name,
        "path": path,
        "format": form,
        "mediatype": mediatype,
        "bytes": (place / path).stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _schema() -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_described(name) for name in EXPORT_COLUMNS],
        "primaryKey": ["id"],
        "missingValues": [""],
    }


def _described(name: str) -> dict[str, Any]:
    known = FIELDS[name]
    several = " Several are joined by `; `." if known.kind == "list" else ""
    described: dict[str, Any] = {
        "name": name,
        "type": _TYPES[known.kind],
        "description": known.meaning + several,
    }
    constraints: dict[str, Any] = {"required": True} if known.required else {}
    if known.allowed:
        constraints["enum"] = list(known.allowed)
    if constraints:
        described["constraints"] = constraints
    return described


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="")
