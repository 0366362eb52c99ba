"""What watches feeds over a fortnight: asked at each poll, says what it found.

A question has `feeds`, their addresses, and `now`, the served world's time. An answer has
`events`, pairs of an article's address and "new", "changed" or "gone".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

Watching = Callable[[dict[str, Any]], dict[str, Any]]
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def reader() -> Watching:
    """Use reader as a program would: it keeps what the feed says now."""
    from reader import make_reader

    logging.disable(logging.CRITICAL)
    library = make_reader(":memory:")
    events: list[tuple[str | None, str]] = []

    def note(_: object, entry: Any, status: Any) -> None:
        kind = {"new": "new", "modified": "changed"}[status.value]
        events.append((entry.link, kind))

    library.after_entry_update_hooks.append(note)

    def poll(question: dict[str, Any]) -> dict[str, Any]:
        events.clear()
        for url in question["feeds"]:
            library.add_feed(url, exist_ok=True)
        library.update_feeds(scheduled=False)  # its own schedule is by the real clock
        return {"events": events}

    return poll


@dataclass
class Kept:
    """What a script keeps of an article: the feed's words, the page's text, and when."""

    told: tuple[Any, ...]
    first: datetime
    fetched: datetime
    text: str | None = None


def script(again: str) -> Watching:
    """Use feedparser and trafilatura as one's own cron script would.

    again: "never", "told" (the feed's entry changed), or "daily" (for a week).
    """
    import feedparser
    import requests
    import trafilatura

    tags: dict[str, str] = {}
    kept: dict[str, Kept] = {}

    def fetch(link: str, now: datetime) -> list[tuple[str, str]]:
        article = kept[link]
        article.fetched = now
        page = requests.get(link, timeout=30)  # trafilatura's own fetching refuses loopback
        if not page.ok:
            return [(link, "gone")]
        text, before = trafilatura.extract(page.content, url=link), article.text
        article.text = text
        kind = "new" if before is None else "changed"
        return [(link, kind)] if text != before else []

    def poll(question: dict[str, Any]) -> dict[str, Any]:
        now, due = datetime.fromisoformat(question["now"]), []
        for url in question["feeds"]:
            document = feedparser.parse(url, etag=tags.get(url))
            tags[url] = document.get("etag") or tags.get(url, "")
            for entry in document.entries:
                told = (entry.title, entry.summary, entry.published)
                article = kept.setdefault(entry.link, Kept(told, now, now))
                if article.text is None or (again == "told" and article.told != told):
                    due.append(entry.link)
                article.told = told
        if again == "daily":
            old = [at for at, seen in kept.items() if now - seen.fetched >= DAY]
            due += [at for at in old if now - kept[at].first <= WEEK]
        return {"events": [event for link in dict.fromkeys(due) for event in fetch(link, now)]}

    return poll


TASKS: dict[str, Callable[[], Watching]] = {
    "watch:reader": reader,
    "watch:script": partial(script, "never"),
    "watch:script-told": partial(script, "told"),
    "watch:script-daily": partial(script, "daily"),
}
