"""What our feed reading is worth on other people's feeds: `python -m bench.feeds`.

Reads the corpora in ../shared where they are present, judges every expectation by what an
Entry says, and lists each miss with its reason. HTML expected somewhere is compared as the
plain text that an Entry holds. Nothing here is tuned: zone-less dates are read as UTC where
the corpus's own readers assumed that, and as the corpus says otherwise.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from crawler import formats
from crawler.formats import repair, syndication
from crawler.formats.links import absolute, unwrap
from crawler.formats.text import plain
from crawler.opml import read_opml, write_opml
from pipelines.dates import from_text, read_date
from pipelines.encoding import decode
from pipelines.errors import CatalogueError
from pipelines.items import Entry, Feed, FeedDocument, NotAFeed, Source

SHARED = Path(__file__).parents[1].parent / "shared"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Table:
    """Counts per corpus and expectation, and the misses."""

    def __init__(self, corpus: str) -> None:
        self.corpus = corpus
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.misses: list[str] = []
        self.started = time.perf_counter()

    def judge(self, what: str, right: bool, miss: str) -> None:
        """Count one expectation."""
        self.counts[what][0] += right
        self.counts[what][1] += 1
        if not right:
            self.misses.append(f"{what}: {miss}")

    def show(self, most: int) -> None:
        """Print the table and the first misses."""
        print(f"\n{self.corpus} ({time.perf_counter() - self.started:.1f} s)")
        for what, (right, all_) in self.counts.items():
            print(f"  {what:<28}{right:>6} of {all_:<6}{100 * right / all_:6.1f} %")
        for miss in self.misses[:most]:
            print(f"    - {miss[:220]}")
        if len(self.misses) > most:
            print(f"    … and {len(self.misses) - most} more")


def feed(zone: str | None = None, *, wrong: bool = False) -> Feed:
    source = Source(name="x", domain="example.com", timezone=zone, zone_is_wrong=wrong)
    return Feed(url="https://example.com/feed", name="x", source=source)


def read(body: bytes, url: str, zone: str | None = None, **how: Any) -> FeedDocument | NotAFeed:
    how = {"content_type": None, "fetched_at": NOW} | how
    return formats.read(body, url=url, feed=feed(zone), **how)


def load_gz(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}  # type: ignore[union-attr]


def instant(text: Any) -> datetime | None:
    if isinstance(text, list):
        return datetime(*text[:6], tzinfo=UTC)
    moment = read_date(str(text), origin="feed", zone="UTC") if text else None
    return moment.at if moment else None


def when(entry: Entry) -> datetime | None:
    moment = entry.published or entry.updated
    return moment.at if moment else None


def feedparser_tests(folder: Path, table: Table) -> None:
    files = members(folder / "tests.tar.xz")
    base = "http://127.0.0.1:8097/"
    for case in load_gz(folder / "index.json.gz"):
        body = files.get(case["path"]) or files.get("tests/" + case["path"])
        if body is None or not case.get("checks") or case["group"] == "json":
            continue
        headers = {k.lower(): v for k, v in (case.get("headers") or {}).items()}
        kind = headers.get("content-type")
        url = headers.get("content-location") or base + case["path"]
        ours = read(body, url, "UTC", content_type=kind)
        try:
            text = repair.without_declaration(decode(body, kind).text)
            raw = syndication.run_feedparser(text, url)
        except repair.TooDeep:
            raw = {"bozo": True, "entries": [], "feed": {}}
        results = [(_judged(check, ours, raw)) for check in case["checks"]]
        entry_like = any(check["path"][0] == "entries" for check in case["checks"])
        right = all(ok for ok, _ in results)
        why = "; ".join(reason for ok, reason in results if not ok)
        what = "of an entry" if entry_like else "of the document"
        table.judge(what, right, f"{case['path']}: {why}")
        table.judge("all files", right, case["path"])


def _judged(check: dict[str, Any], ours: FeedDocument | NotAFeed, raw: Any) -> tuple[bool, str]:
    path, wanted = check["path"], check.get("value")
    value = _ours(path, ours)
    if value is _FOREIGN:
        value = _walk(path, raw)
        if path == ["bozo"] and isinstance(ours, FeedDocument):
            value = bool(ours.defects)
        elif path == ["bozo"]:
            value = True
    elif isinstance(wanted, str):
        wanted = plain(wanted) or None
    if isinstance(value, datetime) and isinstance(wanted, list):
        wanted = datetime(*wanted[:6], tzinfo=UTC)
    right = {
        "eq": value == (tuple(wanted) if isinstance(value, tuple) and wanted else wanted),
        "len": hasattr(value, "__len__") and len(value) == wanted,
        "truthy": bool(value),
        "falsy": not value,
    }[check["op"]]
    return right, f"{'.'.join(map(str, path))} is {value!r}, expected {check['op']} {wanted!r}"


_FOREIGN = object()


def _walk(path: list[Any], raw: Any) -> Any:
    for step in path:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _ours(path: list[Any], ours: FeedDocument | NotAFeed) -> Any:
    """The value of ours that an expectation is about, or _FOREIGN where we have none."""
    if isinstance(ours, NotAFeed) or path[0] not in ("entries", "feed"):
        return _FOREIGN
    if path[0] == "feed":
        return ours.title if path[1:] == ["title"] else _FOREIGN
    if len(path) < 3 or path[1] >= len(ours.entries):
        return len(ours.entries) and _FOREIGN
    entry, rest = ours.entries[path[1]], tuple(path[2:])
    if rest in (("summary",), ("description",)):
        return entry.summary or plain(entry.content or "") or None
    if rest[0] == "content" and rest[-1] == "value":
        return plain(entry.content or "") or entry.summary
    moment = {"published_parsed": entry.published, "updated_parsed": entry.updated}
    if rest[0] in moment and (found := moment[rest[0]]):
        return found.at
    simple = {("title",): entry.title, ("link",): entry.link, ("id",): entry.guid,
              ("guid",): entry.guid}  # fmt: skip
    return simple.get(rest, _FOREIGN)


def reader_feeds(folder: Path, table: Table) -> None:
    files = members(folder / "feeds.tar.xz")
    for case in load_gz(folder / "index.json.gz"):
        if case["kind"] not in ("feed", "jsonfeed", "sitemap"):
            continue
        url = "https://example.com/" + case["path"]
        try:
            result = read(files[case["path"]], url, "UTC")
        except Exception as error:
            table.judge("no crash", False, f"{case['path']}: {error!r}")
            continue
        table.judge("no crash", True, "")
        expected = files.get(case.get("expected") or "")
        if expected is None:
            continue
        wanted = _wanted(json.loads(expected.decode("utf-8", "replace")), case["origin"])
        if wanted is not None:
            _compare(case["path"], result, wanted, files[case["path"]], table)


def _wanted(tree: dict[str, Any], origin: str) -> list[dict[str, Any]] | None:
    """Titles, links and dates of an expected parse, in one shape."""
    if origin.startswith("feed-rs"):
        return [
            {
                "title": (item.get("title") or {}).get("content"),
                "link": [link["href"] for link in item.get("links") or ()],
                "date": item.get("published") or item.get("updated"),
            }
            for item in tree.get("entries") or ()
        ]
    inner = tree.get("feed") if isinstance(tree.get("feed"), dict) else tree
    items = (inner or {}).get("items") or (inner or {}).get("entries")
    return [
        {
            "title": item.get("title") if isinstance(item.get("title"), str) else None,
            "link": [
                *(x.get("href") if isinstance(x, dict) else x for x in item.get("links") or ()),
                item.get("link"),
            ],
            "date": item.get("publishedParsed") or item.get("updatedParsed") or item.get("isoDate"),
        }
        for item in items or ()
    ]


def _compare(
    path: str,
    result: FeedDocument | NotAFeed,
    wanted: list[dict[str, Any]],
    body: bytes,
    table: Table,
) -> None:
    found = result.entries if isinstance(result, FeedDocument) else ()
    why = result.reason if isinstance(result, NotAFeed) else f"{len(found)} for {len(wanted)}"
    table.judge("number of entries", len(found) == len(wanted), f"{path}: {why}")
    if len(found) != len(wanted):
        return
    for entry, item in zip(found, wanted, strict=True):
        if item["title"] and plain(item["title"]) and "\ufffd" not in item["title"]:
            same = entry.title == plain(item["title"])
            table.judge("titles", same, f"{path}: {entry.title!r} for {item['title']!r}")
        links = [link for link in item["link"] if isinstance(link, str) and link.strip()]
        if links:
            right = _same_link(entry.link, links, "https://example.com/" + path, body)
            table.judge("links", right, f"{path}: {entry.link!r} for {links!r}")
        if item["date"]:
            right = when(entry) == (at := instant(item["date"]))
            raw = entry.published_raw or entry.updated_raw
            table.judge("dates", right, f"{path}: {when(entry)} for {at} ({raw!r})")


def _same_link(ours: str | None, expected: list[str], base: str, body: bytes) -> bool:
    """The expected address, or the one behind it where it is an aggregator's wrapper."""
    wanted = {absolute(link, base) for link in expected}
    wanted |= {unwrap(link)[0] for link in wanted if link}
    behind = f"origLink>{escape(ours or '')}<".encode() in body
    return behind or _spelling(ours) in {_spelling(link) for link in wanted}


def _spelling(link: str | None) -> str:
    parts = urlsplit(link or "")
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def real_feeds(folder: Path, table: Table, only: list[dict[str, Any]] | None = None) -> None:
    for case in only or json.loads((folder / "index.json").read_text("utf-8")):
        body = (folder / case["file"]).read_bytes()
        expected = case.get("expected") or {}
        first = expected.get("first") or {}
        day = re.match(r"\d{4}-\d\d-\d\d", case.get("captured") or "")
        captured = datetime.fromisoformat(day[0]) if day else NOW
        now = captured.replace(tzinfo=UTC)
        zone = first.get("zone_assumed") or expected.get("zone_assumed")
        zone = zone if isinstance(zone, str) and "/" in zone else None
        result = formats.read(body, url=first.get("link") or "https://example.com/f",
                              feed=feed(zone), content_type=None, fetched_at=now)  # fmt: skip
        judge_real(case, body, result.entries if isinstance(result, FeedDocument) else None, table)


def judge_real(
    case: dict[str, Any], body: bytes, entries: tuple[Entry, ...] | None, table: Table
) -> None:
    """Compare what a document was read as, whoever read it, with its gold; None: no feed."""
    name, expected = case["file"], case.get("expected") or {}
    if case["kind"] == "not-a-feed":
        table.judge("rejected", entries is None, name)
        return
    entries = entries or ()
    why = f"{name}: {len(entries)} for {expected.get('entries')}"
    table.judge("entries", len(entries) == expected.get("entries"), why)
    first, at = expected.get("first") or {}, expected.get("first_index", 0)
    entry = entries[at] if at < len(entries) else Entry()
    accepted = (first.get("title"), case.get("title_repaired"), first.get("title_repaired"))
    titles = [plain(title) for title in accepted if isinstance(title, str)]
    if titles:
        right = entry.title in titles
        table.judge("first title", right, f"{name}: {entry.title!r}: {titles}")
    if first.get("link"):
        right = _same_link(entry.link, [first["link"]], first["link"], body)
        table.judge("first link", right, f"{name}: {entry.link!r} for {first['link']!r}")
    if first.get("published_utc"):
        wanted = from_text(first["published_utc"])
        reason = f"{name}: {when(entry)} for {wanted} ({first.get('published_raw')!r})"
        table.judge("first date", when(entry) == wanted, reason)


def cases(folder: Path, table: Table) -> None:
    for case in json.loads((folder / "index.json").read_text("utf-8")):
        given, expected = case["input"], case["expected"]
        documents = [f for f in given["files"] if f.endswith(".xml")]
        if len(documents) != 1 or not {"entries", "first", "titles"} & set(expected):
            continue
        zone = given.get("config", {}).get("default_zone")
        headers = given.get("http", {}).get("headers", {})
        at = from_text(given["fetched_at"]) if "fetched_at" in given else NOW
        result = formats.parse((folder / documents[0]).read_bytes(), feed=feed(zone), fetched_at=at,
                               url=given.get("feed_url", "https://example.com/feed"),
                               content_type=headers.get("Content-Type"))  # fmt: skip
        entries = result.entries if isinstance(result, FeedDocument) else ()
        wrong = _case_faults(expected, entries)
        if "with_override" in expected:
            wrong += _override_faults(folder / documents[0], expected["with_override"], at)
        table.judge("cases", not wrong, f"{case['id']}: {', '.join(wrong)}")


def _override_faults(path: Path, expected: dict[str, Any], at: datetime) -> list[str]:
    told = feed(expected["config"]["default_zone"], wrong=True)
    result = formats.parse(path.read_bytes(), url="https://example.com/feed", feed=told,
                           content_type=None, fetched_at=at)  # fmt: skip
    found = result.entries if isinstance(result, FeedDocument) else ()
    return _case_faults(expected, found)


def _case_faults(expected: dict[str, Any], entries: tuple[Entry, ...]) -> list[str]:
    wrong = []
    if expected.get("entries", len(entries)) != len(entries):
        return [f"{len(entries)} entries"]
    if "titles" in expected and [e.title for e in entries] != expected["titles"]:
        wrong.append("titles")
    times = expected.get("published_utc")
    if times and [e.published.at if e.published else None for e in entries] != [
        from_text(t) if t else None for t in times
    ]:
        wrong.append("published")
    for place, entry in zip(("first", "second"), entries, strict=False):
        for key, value in expected.get(place, {}).items():
            if _field(entry, key) != value:
                wrong.append(f"{place}.{key} is {_field(entry, key)!r}")
    return wrong


def _field(entry: Entry, key: str) -> Any:
    from pipelines.dates import to_text

    return {
        "title": entry.title,
        "link": entry.link,
        "key": entry.guid,
        "author": next(iter(entry.authors), None),
        "published_raw": entry.published_raw,
        "published_utc": to_text(entry.published.at) if entry.published else None,
        "updated_utc": to_text(entry.updated.at) if entry.updated else None,
        "summary_text": entry.summary,
        "body_text": plain(entry.content or ""),
        "summary_contains_tags": "<" in (entry.summary or ""),
    }[key]


def finance_items(folder: Path, table: Table) -> None:
    for group in load_gz(folder / "feeds.json.gz"):
        keys = ("title", "link", "guid", "pubDate", "description")
        items = "".join(
            "<item>"
            + "".join(f"<{key}>{escape(str(item[key]))}</{key}>" for key in keys if item.get(key))
            + "</item>"
            for item in group["items"]
        )
        body = f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
        result = formats.parse(body, url="https://example.com/f", feed=feed(), content_type=None,
                               fetched_at=NOW)  # fmt: skip
        entries = result.entries if isinstance(result, FeedDocument) else ()
        for number, item in enumerate(group["items"]):
            entry = entries[number] if number < len(entries) else None
            table.judge("items that are entries", entry is not None, f"{group['feed']}: {item}")
            if entry is None or not item.get("pubDate"):
                continue
            wanted = instant(item["pubDate"])
            right = wanted is not None and when(entry) == wanted
            table.judge("dates", right, f"{group['feed']}: {item['pubDate']!r}")


def feed_lists(folder: Path, table: Table) -> None:
    for name, body in members(folder / "opml.tar.xz").items():
        real = "listparser" not in name
        try:
            feeds = read_opml(body, name)
        except CatalogueError as error:
            is_opml = b"<opml" in body.lower()
            kind = "imports" if is_opml else "refused: RDF and no OPML"
            table.judge(kind, not is_opml, str(error))
            continue
        again = read_opml(write_opml(feeds).encode(), name)
        table.judge("imports", True, "")
        table.judge("round trip", set(map(repr, feeds)) == set(map(repr, again)), name)
        if real:
            table.counts["real outlines as feeds"][0] += len(feeds)
            table.counts["real outlines as feeds"][1] += body.lower().count(b"xmlurl")


CORPORA = {
    "corpora/feedparser-tests": feedparser_tests,
    "corpora/feeds": reader_feeds,
    "corpora/feeds-real": real_feeds,
    "cases": cases,
    "corpora/finance-feed-items": finance_items,
    "corpora/feed-lists": feed_lists,
}


def main(wanted: list[str], most: int = 25) -> None:
    for name, run in CORPORA.items():
        if wanted and not any(word == name.rsplit("/", 1)[-1] for word in wanted):
            continue
        folder = SHARED / name
        if not folder.is_dir():
            print(f"\n{name}: not here, skipped")
            continue
        table = Table(name)
        run(folder, table)
        table.show(most)
        reasons = Counter(miss.split(":")[0] for miss in table.misses)
        if reasons:
            print(f"    misses by expectation: {dict(reasons)}")


if __name__ == "__main__":
    main(sys.argv[1:])
