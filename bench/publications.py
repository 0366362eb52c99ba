"""Real publication times, read from the real feeds of ../shared: what polling is measured on."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"
LEAST_ITEMS = 8
WINDOW = timedelta(days=7)
_ITEM = re.compile(r"<(item|entry|url)[\s>].*?</\1>", re.DOTALL)
_DATE = re.compile(
    r"<(?:pubDate|published|dc:date|(?:\w+:)?publication_date|updated)[^>]*>"
    r"\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*<"
)


@dataclass(frozen=True)
class Stream:
    """When a feed published, oldest first, and how many entries its document holds."""

    name: str
    times: tuple[datetime, ...]
    capacity: int


def streams() -> list[Stream]:
    """Every feed with at least eight times of day that differ, times of day being stated."""
    found = {}
    for name, dates, capacity in [*_finance(), *_captured(), *_sequences(), *_collected()]:
        parsed = sorted(time for time in map(_read, dates) if time)
        times = tuple(dict.fromkeys(parsed))
        midnights = sum(time.minute == time.second == time.hour % 12 == 0 for time in times)
        if len(times) >= LEAST_ITEMS and midnights < len(times) / 3:
            found[times] = Stream(name, times, capacity)
    return sorted(found.values(), key=lambda stream: stream.name)


def _finance() -> list[tuple[str, list[str], int]]:
    with gzip.open(SHARED / "finance-feed-items/feeds.json.gz", "rt", encoding="utf-8") as file:
        feeds = json.load(file)
    return [
        (
            f"finance/{feed['feed']}",
            [str(i.get("pubDate")) for i in feed["items"]],
            len(feed["items"]),
        )
        for feed in feeds
    ]


def _dates(text: str) -> list[str]:
    return [
        found[1] for item in _ITEM.finditer(text) if (found := _DATE.search(item[0])) is not None
    ]


def _captured() -> list[tuple[str, list[str], int]]:
    texts = [
        (path.name, path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted((SHARED / "feeds-real").glob("*.xml"))
    ]
    return [(f"real/{name}", dates, len(dates)) for name, text in texts if (dates := _dates(text))]


def _sequences() -> list[tuple[str, list[str], int]]:
    """Successive captures of one feed: all entries that were ever in it."""
    found = []
    for folder in sorted((SHARED / "feeds-real/polls").iterdir()):
        documents = [
            _dates(path.read_text(encoding="utf-8", errors="replace"))
            for path in sorted(folder.glob("*.xml"))
        ]
        if documents:
            dates = [date for document in documents for date in document]
            found.append((f"polls/{folder.name}", dates, max(map(len, documents))))
    return found


def _collected() -> list[tuple[str, list[str], int]]:
    found = []
    with tarfile.open(SHARED / "feeds/feeds.tar.xz") as tar:
        for member in tar:
            file = (
                tar.extractfile(member) if member.name.endswith((".xml", ".rss", ".atom")) else None
            )
            if file is None:
                continue
            dates = _dates(file.read().decode("utf-8", errors="replace"))
            if len(dates) >= LEAST_ITEMS:
                found.append((f"feeds/{member.name}", dates, len(dates)))
    return found


def _read(date: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            time = read(date)
        except (TypeError, ValueError):
            continue
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        return time if time.year > 1990 else None
    return None
