"""The pages of ../shared/corpora as cases: bytes in, gold beside them.

Nothing of a page but its bytes and address is handed to the extraction. What a catalogue
would state of the source (its language and time zone) is stated here per country or
language, never per page.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"

ZONES = {
    "at": "Europe/Vienna", "au": "Australia/Sydney", "be": "Europe/Brussels",
    "ca": "America/Toronto", "ch": "Europe/Zurich", "cn": "Asia/Shanghai", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid",
    "fr": "Europe/Paris", "gl": "America/Nuuk", "id": "Asia/Jakarta", "il": "Asia/Jerusalem",
    "ind": "Asia/Kolkata", "isl": "Atlantic/Reykjavik", "it": "Europe/Rome", "jp": "Asia/Tokyo",
    "kr": "Asia/Seoul", "lb": "Asia/Beirut", "li": "Europe/Vaduz", "ls": "Africa/Maseru",
    "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "mx": "America/Mexico_City",
    "my": "Asia/Kuala_Lumpur", "na": "Africa/Windhoek", "no": "Europe/Oslo",
    "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "py": "America/Asuncion",
    "ru": "Europe/Moscow", "se": "Europe/Stockholm", "tr": "Europe/Istanbul",
    "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam", "ua": "Europe/Kyiv", "uk": "Europe/London",
    "us": "America/New_York", "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg",
}  # fmt: skip
LANGUAGE_ZONES = {"zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page of a corpus with what people or the origin's parsers say it holds."""

    corpus: str
    id: str
    url: str
    body: bytes
    gold: dict[str, Any] = field(default_factory=dict)
    timezone: str | None = None

    @property
    def half(self) -> str:
        """Which half the page is in: rules are chosen on "even" and checked on "odd"."""
        return "odd" if hashlib.sha256(self.id.encode()).digest()[-1] % 2 else "even"


def _json(path: Path) -> Any:
    if path.suffix == ".gz":
        return json.loads(gzip.decompress(path.read_bytes()))
    return json.loads(path.read_bytes())


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


def article_extraction_benchmark() -> Iterator[Case]:
    """181 pages, bodies by people."""
    folder = CORPORA / "article-extraction-benchmark"
    for key, gold in _json(folder / "ground-truth.json.gz").items():
        body = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        yield Case(
            corpus="article-extraction-benchmark",
            id=key,
            url=gold["url"],
            body=body,
            gold={"text": gold["articleBody"]},
        )


def fundus() -> Iterator[Case]:
    """258 news pages, every field by a parser written for that publisher."""
    folder = CORPORA / "fundus"
    for gold in _json(folder / "gold.json.gz"):
        parts = list(gold["body"]["summary"])
        for section in gold["body"]["sections"]:
            parts += [*section["headline"], *section["paragraphs"]]
        yield Case(
            corpus="fundus",
            id=gold["id"],
            url=gold["url"],
            body=gzip.decompress((folder / gold["file"]).read_bytes()),
            gold={
                "text": "\n".join(parts),
                "title": gold["title"],
                "published": gold["publishing_date"],
                "authors": gold["authors"],
                "finance": bool(gold["finance"]),
                "country": gold["country"],
                "seen": gold["crawl_date"],
            },
            timezone=ZONES.get(gold["country"]),
        )


def trafilatura_eval() -> Iterator[Case]:
    """990 pages of every kind, wanted and unwanted segments."""
    folder = CORPORA / "trafilatura-eval"
    by_path = {
        gold["path"]: (url, gold) for url, gold in _json(folder / "evaldata.json.gz").items()
    }
    for name, body in _members(folder / "pages.tar.xz"):
        if name in by_path:
            url, gold = by_path[name]
            yield Case(corpus="trafilatura-eval", id=url, url=url, body=body, gold=gold)


def chinese() -> Iterator[Case]:
    """69 Chinese, Japanese and Korean pages, most of them read by eye."""
    folder = CORPORA / "chinese"
    gold = _json(folder / "gold.json")
    for row in _json(folder / "manifest.json"):
        yield Case(
            corpus="chinese",
            id=row["id"],
            url=row["url"] or f"https://{row['id']}.example/",
            body=gzip.decompress((folder / row["file"]).read_bytes()),
            gold={**gold[row["id"]], "lang": row["lang"], "bytes": row["bytes_encoding"]},
            timezone=LANGUAGE_ZONES.get(row["lang"]),
        )


def newspaper4k() -> Iterator[Case]:
    """23 pages in several languages with reviewed text."""
    folder = CORPORA / "newspaper4k-data"
    files = dict(_members(folder / "data.tar.xz"))
    for row in _json(folder / "index.json.gz"):
        if row["txt"]:
            meta = json.loads(files[row["metadata"]]) if row["metadata"] else {}
            yield Case(
                corpus="newspaper4k-data",
                id=row["id"],
                url=meta.get("url") or "https://newspaper.example/",
                body=files[row["html"]],
                gold={"text": files[row["txt"]].decode()},
            )


def readability_pages() -> Iterator[Case]:
    """130 pages with the HTML that Mozilla Readability is expected to give."""
    from lxml import html as lxml_html

    folder = CORPORA / "readability-pages"
    files = dict(_members(folder / "test-pages.tar.xz"))
    for row in _json(folder / "index.json.gz"):
        expected = lxml_html.document_fromstring(files[f"{row['id']}/expected.html"].decode())
        yield Case(
            corpus="readability-pages",
            id=row["id"],
            url=f"https://{row['id']}.example/",
            body=files[f"{row['id']}/source.html"],
            gold={"text": "\n".join(expected.itertext())},
        )


def fundus_evaluation() -> Iterator[Case]:
    """40 pages of 8 publishers, bodies by people."""
    folder = CORPORA / "fundus-evaluation"
    for name, gold in _json(folder / "gold.json").items():
        paragraphs = [line.strip() for line in gold["body"]]
        required = [line for line in paragraphs if not line.startswith("[")]
        yield Case(
            corpus="fundus-evaluation",
            id=name,
            url=gold["url"],
            body=gzip.decompress((folder / "html" / name).read_bytes()),
            gold={"text": "\n".join(required), "seen": gold["crawl_date"]},
        )


def htmldate_eval() -> Iterator[Case]:
    """1,000 pages of every kind with their publication day."""
    folder = CORPORA / "htmldate-eval"
    rows = _json(folder / "gold.json.gz")
    own = {row["path"]: row for row in rows if row["archive"] == "pages.tar.xz"}
    other = {row["path"]: row for row in rows if row["archive"] != "pages.tar.xz"}
    for archive, wanted in (
        (folder / "pages.tar.xz", own),
        (CORPORA / "trafilatura-eval" / "pages.tar.xz", other),
    ):
        for name, body in _members(archive):
            if name in wanted:
                row = wanted[name]
                yield Case(
                    corpus="htmldate-eval",
                    id=row["url"],
                    url=row["url"],
                    body=body,
                    gold={"date": row["date"]},
                )


LOADERS: dict[str, Callable[[], Iterator[Case]]] = {
    "article-extraction-benchmark": article_extraction_benchmark,
    "fundus": fundus,
    "trafilatura-eval": trafilatura_eval,
    "chinese": chinese,
    "newspaper4k-data": newspaper4k,
    "readability-pages": readability_pages,
    "fundus-evaluation": fundus_evaluation,
    "htmldate-eval": htmldate_eval,
}
