"""What is written in each format comes back the same through the programs people use."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from pipelines.database import open_database
from pipelines.database.selection import EXPORT_COLUMNS
from pipelines.export.excel import CELL_LIMIT
from tests.export.record import START, TITLES, awkward, broadtape, held, refused

INSTANTS = ("published_at", "first_seen_at", "updated_at")


def as_cells(row: dict[str, Any]) -> dict[str, str]:
    """A row as CSV has it."""
    return {
        name: "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
        for name, value in row.items()
    }


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row as Parquet has it."""
    return row | {
        name: datetime.fromisoformat(row[name]) for name in INSTANTS if row[name] is not None
    }


def test_csv_through_python(record: Path, tmp_path: Path) -> None:
    broadtape(record, "export", "-o", tmp_path / "x.csv")
    written = (tmp_path / "x.csv").read_bytes()
    assert written.startswith((",".join(EXPORT_COLUMNS) + "\n").encode())
    csv.field_size_limit(2**31 - 1)
    rows = list(csv.DictReader(io.StringIO(written.decode(), newline="")))
    assert rows == [as_cells(row) for row in held(record)]
    assert broadtape(record, "export", "-f", "csv").stdout == written


def test_csv_through_pandas(record: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    broadtape(record, "export", "-o", tmp_path / "x.csv")
    frame = pandas.read_csv(tmp_path / "x.csv", dtype=str, keep_default_na=False)
    assert frame.to_dict("records") == [as_cells(row) for row in held(record)]


def test_csv_through_duckdb(record: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    broadtape(record, "export", "-o", tmp_path / "x.csv")
    table = duckdb.sql(f"SELECT * FROM read_csv('{tmp_path / 'x.csv'}', all_varchar = true)")
    rows = [
        {name: cell or "" for name, cell in zip(table.columns, row, strict=True)}
        for row in table.fetchall()
    ]
    assert rows == [as_cells(row) for row in held(record)]
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{tmp_path / 'x.csv'}'").fetchall()
    assert {name: kind for name, kind, *_ in described}["id"] == "BIGINT"


def test_jsonl(record: Path) -> None:
    lines = broadtape(record, "export", "-f", "jsonl").stdout.decode().splitlines()
    assert [json.loads(line) for line in lines] == held(record)


def test_parquet_through_pyarrow_and_duckdb(record: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "x.parquet"
    broadtape(record, "export", "-f", "parquet", "-o", file)
    table = parquet.read_table(file)
    assert table.to_pylist() == [typed(row) for row in held(record)]
    assert str(table.schema.field("first_seen_at").type) == "timestamp[us, tz=UTC]"
    types = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE '{file}')").fetchall())
    assert types["symbols"] == "VARCHAR[]"
    assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["id"] == "BIGINT"
    mentioned = duckdb.sql(f"SELECT id FROM '{file}' WHERE list_contains(symbols, 'XSHE:000088')")
    assert len(mentioned.fetchall()) == len(TITLES) - len(TITLES) // 3


def test_parquet_goes_to_a_pipe(record: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    written = broadtape(record, "export", "-f", "parquet").stdout
    assert parquet.read_table(io.BytesIO(written)).num_rows == len(TITLES)


def test_excel_through_libreoffice(record: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no soffice: LibreOffice is not installed")
    broadtape(record, "export", "-f", "excel", "-o", tmp_path / "x.csv")
    # What the import dialogue proposes: comma, double quote, UTF-8 by the BOM, from line 1.
    options = ["--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    subprocess.run(
        [soffice, "--headless", profile, *options, str(tmp_path / "x.csv")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    cells = opened(tmp_path / "x.fods")
    assert not [formula for _, formula in cells.values() if formula]
    for number, row in enumerate(held(record), start=1):
        for column in ("title", "symbols", "source", "summary", "text", "url", "first_seen_at"):
            wanted = as_cells(row)[column].replace("\r", "\n")
            if len(wanted) > CELL_LIMIT:
                wanted = wanted[: CELL_LIMIT - 1] + "…"
            shown, _ = cells.get((number, EXPORT_COLUMNS.index(column)), ("", None))
            assert plain(shown) == plain(wanted), column


def plain(text: str) -> str:
    """Without our apostrophe, and without what XML cannot hold."""
    text = "".join(c for c in text if c >= " " or c in "\n\t")
    return re.sub(r"\s+", " ", text.removeprefix("'")).strip()


def opened(file: Path) -> dict[tuple[int, int], tuple[str, str | None]]:
    """The cells of a flat ODS: what they show, and their formula."""
    names = {
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    table, text = (f"{{{names[name]}}}" for name in ("table", "text"))
    cells = {}
    for y, line in enumerate(ET.parse(file).iter(f"{table}table-row")):
        x = 0
        for cell in line:
            shown = "\n".join(_shown(part, text) for part in cell.findall(f"{text}p"))
            cells[y, x] = (shown, cell.get(f"{table}formula"))
            x += int(cell.get(f"{table}number-columns-repeated", "1"))
    return cells


def _shown(element: ET.Element, text: str) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{text}s":
            parts.append(" " * int(child.get(f"{text}c", "1")))
        parts += [_shown(child, text), child.tail or ""]
    return "".join(parts)


def test_no_cell_of_excel_begins_like_a_formula(record: Path) -> None:
    written = broadtape(record, "export", "-f", "excel").stdout
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(TITLES)
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
            assert len(cell) <= CELL_LIMIT
    assert [rows[1]["title"], rows[11]["title"]] == ["'000088", "'3-4"]
    assert rows[4]["summary"] == "'000123"


def test_atom_through_feedparser(record: Path, tmp_path: Path) -> None:
    broadtape(record, "export", "-f", "atom", "-o", tmp_path / "x.atom")
    feed = feedparser.parse((tmp_path / "x.atom").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) == len(TITLES)
    for entry, row in zip(feed.entries, held(record), strict=True):
        assert entry.updated == row["updated_at"]
        assert entry.get("published") == row["published_at"]
        assert entry.link == row["url"]
        terms = {(tag.scheme, tag.term) for tag in entry.get("tags", [])}
        symbols = {("urn:iso:std:iso:10383", symbol) for symbol in row["symbols"]}
        assert terms == symbols | {(None, tag) for tag in row["tags"]}
    assert "第二段" in feed.entries[1].content[0].value


ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def test_atom_keeps_the_rules(record: Path) -> None:
    """RFC 4287: what must be there, how often, and what it may hold."""
    feed = ET.fromstring(broadtape(record, "export", "-f", "atom").stdout)
    assert feed.tag == f"{ATOM}feed"  # 2: the root, in Atom's namespace
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):  # 4.1.1, 4.1.2: exactly one of each
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
        for name in ("published", "rights", "source", "content", "summary"):
            assert len(element.findall(ATOM + name)) <= 1
        for name in ("updated", "published"):  # 3.3: dates as RFC 3339 has them
            for date in element.findall(ATOM + name):
                assert RFC_3339.fullmatch(date.text or "")
        for category in element.findall(f"{ATOM}category"):  # 4.2.2.1
            assert category.get("term")
        links = element.findall(f"{ATOM}link")
        alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternate}) == len(
            alternate
        )
        assert all(urlsplit(link.get("href", "")).scheme for link in links)  # 4.2.7.1
    for entry in entries:
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None  # 4.1.2: there, or on the feed
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert (content.get("type"), len(content)) == ("html", 0)  # 4.1.3.3: no child elements
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(TITLES)
    assert all(urlsplit(id_).scheme == "urn" for id_ in ids)  # 4.2.6: an absolute IRI
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert feed.findtext(f"{ATOM}updated") == max(updated)


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles: one whose page is gone, and one whose page says that it was taken back."""
    path = tmp_path_factory.mktemp("withdrawn") / "news.db"
    with open_database(path) as database, database.transaction():
        for number, values in enumerate(
            ({"status": "gone", "text": ""}, {"flags": ("withdrawn",)})
        ):
            article_id = database.articles.create(f"n.example/{number}", "Wire", START, "live")
            for change, article in (
                ("add", awkward(3, "盐田港 & Co")),
                ("withdraw", replace(awkward(3, "盐田港 & Co"), html=None, **values)),
            ):
                database.articles.add_revision(
                    article_id, article, change, seen_at=START, computed_at=START,
                    text_hash=None, word_count=0,
                )  # fmt: skip
    return path


def test_what_was_withdrawn_is_a_tombstone_in_atom(withdrawn: Path) -> None:
    written = broadtape(withdrawn, "export", "-f", "atom").stdout
    feed = feedparser.parse(written)
    assert not feed.bozo
    assert feed.entries == []
    tombs = ET.fromstring(written).findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    before = broadtape(withdrawn, "export", "-f", "atom", "--after", "0").stdout
    listed = [entry.id for entry in feedparser.parse(before).entries]
    assert [tomb.get("ref") for tomb in tombs] == listed
    assert {tomb.get("when") for tomb in tombs} == {"2026-11-20T22:00:00Z"}


def test_what_was_withdrawn_is_a_post_that_is_not_published(withdrawn: Path) -> None:
    yaml = pytest.importorskip("yaml")
    posts = broadtape(withdrawn, "export", "-f", "markdown").stdout.decode().split("---\n")[1:]
    for front, body in zip(posts[::2], posts[1::2], strict=True):
        values = yaml.safe_load(front)
        assert list(values) == [*KEYS, "published"]
        assert values["published"] is False
        assert body.startswith("\n<div>\n<p>Withdrawn by its publisher.</p>\n")
    items = broadtape(withdrawn, "export", "--profile", "ninjs").stdout.splitlines()
    assert [json.loads(item)["pubStatus"] for item in items] == ["canceled", "canceled"]


KEYS = ["title", "categories", "headimg", "author", "comments", "date", "thumbnail"]


def test_markdown_through_a_yaml_reader(record: Path, tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "about.md").write_text("Mine")
    for _ in range(2):
        broadtape(record, "export", "-f", "markdown", "-o", folder)
    posts = sorted(file for file in folder.iterdir() if file.name != "about.md")
    assert (folder / "about.md").read_text() == "Mine"
    assert len(posts) == len(TITLES)
    for file, row in zip(posts, held(record), strict=True):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.safe_load(front)
        assert list(values) == KEYS
        assert values["title"] == (row["title"] or row["url"])
        assert row["source"] in values["categories"]
        assert values["comments"] is False
        moment = datetime.strptime(values["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert moment == datetime.fromisoformat(row["published_at"] or row["first_seen_at"])
        assert body.startswith("\n<div>\n<p>")
        assert "\n\n" not in body.strip()


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_openbb(record: Path, kind: str) -> None:
    written = broadtape(record, "export", "--profile", "openbb", "-f", kind).stdout.decode()
    rows: list[dict[str, Any]] = (
        list(csv.DictReader(io.StringIO(written, newline="")))
        if kind == "csv"
        else [json.loads(line) for line in written.splitlines()]
    )
    names = ["date", "title", "author", "excerpt", "body", "images", "url", "symbols"]
    assert list(rows[0]) == names
    assert [row["title"] for row in rows] == [row["title"] or row["url"] for row in held(record)]
    assert rows[2]["symbols"] == "XSHE:000088,XNYS:BRK.B"
    assert all(datetime.fromisoformat(row["date"]).tzinfo for row in rows)


def test_ninjs(record: Path) -> None:
    written = broadtape(record, "export", "--profile", "ninjs").stdout.decode()
    items = [json.loads(line) for line in written.splitlines()]
    assert len(items) == len(TITLES)
    for item, row in zip(items, held(record), strict=True):
        assert item["uri"].isascii()
        assert item["versionCreated"] == row["updated_at"]
        assert [part["literal"] for part in item.get("organisations", [])] == row["symbols"]
        assert item["bodies"][0]["value"] == row["text"]


def test_ninjs_against_iptcs_schema(record: Path) -> None:
    """With the schema of ninjs 3.1 as IPTC publishes it, in BROADTAPE_TEST_NINJS."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = os.environ.get("BROADTAPE_TEST_NINJS")
    if not schema:
        pytest.skip("BROADTAPE_TEST_NINJS names no ninjs-schema_3.1.json")
    validator = jsonschema.Draft202012Validator(
        json.loads(Path(schema).read_text()), format_checker=jsonschema.FormatChecker()
    )
    written = broadtape(record, "export", "--profile", "ninjs").stdout.decode()
    for line in written.splitlines():
        assert not list(validator.iter_errors(json.loads(line)))
    assert list(validator.iter_errors({"headlines": "none"}))


def test_every_format_is_offered_and_every_offer_is_a_format() -> None:
    from crawler.cli import export as command
    from pipelines.export import FORMATS
    from pipelines.export.profiles import PROFILES

    assert tuple(FORMATS) == command.FORMATS
    assert tuple(PROFILES) == command.PROFILES


def test_an_export_that_fails_leaves_what_was_there(record: Path, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "x.csv"
    target.mkdir(parents=True)
    assert "cannot write" in refused(record, "export", "-o", target)
    assert list(target.parent.iterdir()) == [target]
