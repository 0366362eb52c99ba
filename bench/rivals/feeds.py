"""Real feed documents, read by Broadtape and by its rivals over loopback, judged by bench.feeds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bench.feeds import SHARED, Table, judge_real, real_feeds
from bench.rivals.tools import Asked, Rival
from crawler.formats.text import plain
from data.sample.server import Answer, Server
from pipelines.items import Entry, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = "Broadtape"
RIVALS = (
    Rival("reader", "feed:reader", "reader"),
    Rival("feedparser", "feed:feedparser", "feedparser"),
)
FOLDER = SHARED / "corpora" / "feeds-real"
# Neither rival is made for these.
OTHER_KINDS = frozenset(("news-sitemap", "sitemap", "json-feed"))
TYPES = {"json-feed": "application/feed+json", "not-a-feed": "text/html"}


def measure() -> dict[str, dict[str, Table]]:
    """Read every document with everybody.

    Returns the tables by reader and by kind of document: "RSS and Atom", "other".
    """
    cases = json.loads((FOLDER / "index.json").read_text("utf-8"))
    found = {OURS: _by_kind()}
    for case in cases:
        real_feeds(FOLDER, found[OURS][_kind(case)], [case])
    server = Server(("127.0.0.1", 0), lambda path, _: _served(cases, path))
    server.start()
    for rival in RIVALS:
        found[rival.name] = _by_kind()
        with Asked(rival) as asked:
            for number, case in enumerate(cases):
                answer = asked.ask({"url": f"{server.url}/{number}"})
                body = (FOLDER / case["file"]).read_bytes()
                table = found[rival.name][_kind(case)]
                judge_real(case, body, entries_of(answer), table)
    server.stop()
    return found


def _by_kind() -> dict[str, Table]:
    return {kind: Table(kind) for kind in ("RSS and Atom", "other")}


def _kind(case: Mapping[str, Any]) -> str:
    return "other" if case["kind"] in OTHER_KINDS else "RSS and Atom"


def _served(cases: list[dict[str, Any]], path: str) -> Answer:
    case = cases[int(path.strip("/"))]
    link = ((case.get("expected") or {}).get("first") or {}).get("link") or ""
    return Answer(
        body=(FOLDER / case["file"]).read_bytes(),
        content_type=TYPES.get(case["kind"], "application/xml"),
        # Where the document is from, so that relative links lead there. In small letters,
        # as reader hands it on.
        headers={"content-location": link} if link.isascii() else {},
    )


def entries_of(answer: dict[str, Any]) -> tuple[Entry, ...] | None:
    """An answer's entries, titles as plain text; None where it says that this is no feed."""
    if answer.get("entries") is None:
        return None
    return tuple(
        Entry(
            title=plain(row["title"] or "") or None,
            link=row["link"],
            published=_moment(row["published"]) if row["published"] else None,
        )
        for row in answer["entries"]
    )


def _moment(text: str) -> Moment:
    at = datetime.fromisoformat(text)
    return Moment(at=at, raw=text, precision="second", zone="stated", origin="feed")
