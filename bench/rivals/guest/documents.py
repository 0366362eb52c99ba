"""A feed at an address on loopback → its entries, in the document's order."""

from __future__ import annotations

import calendar
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import time

Reading = Callable[[dict[str, Any]], dict[str, Any]]


def feedparser() -> Reading:
    import feedparser as library

    def read(question: dict[str, Any]) -> dict[str, Any]:
        document = library.parse(question["url"])
        if not document.version and not document.entries:
            return {"entries": None}
        return {
            "entries": [
                {
                    "title": entry.get("title"),
                    "link": entry.get("link"),
                    "published": _utc(entry.get("published_parsed") or entry.get("updated_parsed")),
                }
                for entry in document.entries
            ]
        }

    return read


def _utc(moment: time.struct_time | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(calendar.timegm(moment), UTC).isoformat()


def reader() -> Reading:
    from reader import ParseError, make_reader

    logging.disable(logging.CRITICAL)
    # Its parser: what it stores has lost the document's order.
    parser = make_reader(":memory:")._parser

    def read(question: dict[str, Any]) -> dict[str, Any]:
        try:
            document = parser(question["url"])
        except ParseError:
            return {"entries": None}
        return {
            "entries": [
                {
                    "title": entry.title,
                    "link": entry.link,
                    "published": moment.isoformat() if moment else None,
                }
                for entry in document.entries
                for moment in [entry.published or entry.updated]
            ]
        }

    return read


TASKS: dict[str, Callable[[], Reading]] = {"feed:feedparser": feedparser, "feed:reader": reader}
