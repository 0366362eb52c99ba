"""A release opens in other programs as it is, says what it holds, and is the same each time."""

from __future__ import annotations

import hashlib
import json
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.export.record import TITLES, broadtape, held, refused

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def release(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "news"
    broadtape(record, "release", folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_twice_the_same_bytes(record: Path, release: Path, tmp_path: Path) -> None:
    first = contents(release)
    assert {"articles.csv", "datapackage.json", "README.md"} < set(first)
    assert sum(name.endswith(".parquet") for name in first) == 3  # days
    broadtape(record, "release", tmp_path / "again")
    assert contents(tmp_path / "again") == first
    broadtape(record, "release", release)
    assert contents(release) == first


def test_as_of_is_inside_and_binds(record: Path, release: Path, tmp_path: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    assert package["asOf"] == "2026-11-22T08:00:06Z"
    assert f"{len(TITLES)} articles" in (release / "README.md").read_text(encoding="utf-8")
    broadtape(record, "release", tmp_path / "early", "--as-of", "2026-11-21")
    early = json.loads((tmp_path / "early" / "datapackage.json").read_text(encoding="utf-8"))
    assert early["asOf"] == "2026-11-21T00:00:00Z"
    assert [part["path"] for part in early["resources"]] == [
        "articles.csv",
        "parquet/first_seen_date=2026-11-20/articles.parquet",
    ]


def test_hashes_and_sizes(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        written = (release / resource["path"]).read_bytes()
        assert resource["bytes"] == len(written)
        assert resource["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}"


def test_through_frictionless(release: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frictionless = pytest.importorskip("frictionless")
        report = frictionless.Package(str(release / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert report.tasks[0].stats["rows"] == len(TITLES)


def test_through_pandas_polars_and_duckdb(record: Path, release: Path) -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    wanted = [(row["id"], row["title"], row["symbols"]) for row in held(record)]
    frame = pandas.read_parquet(release / "parquet").sort_values("id")
    assert [
        (row.id, None if pandas.isna(row.title) else row.title, list(row.symbols))
        for row in frame.itertuples()
    ] == wanted
    table = polars.read_parquet(release / "parquet").sort("id")
    assert table.select("id", "title", "symbols").rows() == wanted
    assert str(table.schema["first_seen_at"]).startswith("Datetime")
    rows = duckdb.sql(
        f"SELECT id, title, symbols FROM '{release}/parquet/*/*.parquet' ORDER BY id"
    ).fetchall()
    assert rows == wanted


def test_what_is_no_release_is_left_alone(record: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "no release" in refused(record, "release", tmp_path)
    assert contents(tmp_path) == {"mine.txt": b"mine"}
