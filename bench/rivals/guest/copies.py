"""Two tellings → whether a rival takes them for one, or how alike it finds them."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Judging = Callable[[dict[str, Any]], dict[str, Any]]


def reader_dedupe() -> Judging:
    """Use reader's own plugin, as if one feed listed both tellings an hour apart."""
    from reader import make_reader

    logging.disable(logging.CRITICAL)
    folder = tempfile.TemporaryDirectory(prefix="rival-")
    reader = make_reader(":memory:", feed_root=folder.name, plugins=["reader.entry_dedupe"])

    def judge(pair: dict[str, Any]) -> dict[str, Any]:
        file = Path(folder.name) / "feed.xml"
        file.write_text(_feed(pair["tellings"]), encoding="utf-8")
        reader.add_feed(file.name)
        reader.update_feed(file.name)
        left = reader.get_entry_counts(feed=file.name).total
        reader.delete_feed(file.name)
        file.unlink()
        return {"same": left == 1}

    return judge


def _feed(tellings: list[dict[str, str]]) -> str:
    items = "".join(
        f"<item><title>{escape(telling['title'])}</title><guid>{number}</guid>"
        f"<link>https://outlet-{number}.example/news</link>"
        f"<pubDate>Mon, 07 Sep 2026 0{number}:00:00 GMT</pubDate>"
        f"<description>{escape(escape(telling['text']))}</description></item>"
        for number, telling in enumerate(tellings, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>x</title>'
        f"{items}</channel></rss>"
    )


def trafilatura_simhash() -> Judging:
    from trafilatura.deduplication import Simhash

    def judge(pair: dict[str, Any]) -> dict[str, Any]:
        a, b = (Simhash(telling["text"]) for telling in pair["tellings"])
        return {"similarity": a.similarity(b)}

    return judge


TASKS: dict[str, Callable[[], Judging]] = {
    "copies:reader-dedupe": reader_dedupe,
    "copies:simhash": trafilatura_simhash,
}
