"""The instruments of every real page and feed of ../shared, read and timed.

    python -m bench.symbols [--every N] [--rules]

Pages go through `extract`, feeds through the formats and `from_entry`: the journey's own
path, with a clock around the search for instruments. Prints every mention, to be read by
a person (docs/symbols.md has the verdict), and CPU time a page. `--every N` takes one page
in N; `--rules` instead feeds 1 MB of hostile text to each rule. Target: under 1 ms a page
on average; exit code 1 if missed.

CPU time grows when others use the same processor, so a fixed loop is timed after each page:
how much slower it was on average than at its best is printed, and taken out for the verdict.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pipelines.extract
from bench.quality.corpora import CORPORA, LOADERS
from bench.quality.run import article_of
from crawler import formats
from pipelines.extract import from_entry
from pipelines.items import Feed, FeedDocument, Hints, Source
from tests.symbols import hostile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.quality.corpora import Case
    from pipelines.items import Article

TARGET_MS = 1.0
NOW = datetime(2026, 11, 25, tzinfo=UTC)
FEED = Feed(
    url="https://feed.example/f", name="f", source=Source(name="a", domain="feed.example")
)  # fmt: skip


class Clock:
    """Stands in for a function of the extraction and measures it: CPU seconds, in `spent`."""

    spent = 0.0

    def __init__(self, name: str) -> None:
        self._function = getattr(pipelines.extract, name)
        setattr(pipelines.extract, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        began = time.process_time()
        try:
            return self._function(*args, **kwargs)
        finally:
            Clock.spent += time.process_time() - began


def _loop() -> float:
    began = time.process_time()
    sum(number * number for number in range(3000))
    return time.process_time() - began


def pages(every: int) -> Iterator[Case]:
    """Every page of the corpora, each once, though some stand in two."""
    seen = set()
    cases = (case for load in LOADERS.values() for case in load())
    for case in islice(cases, 0, None, every):
        digest = hashlib.sha256(case.body).digest()
        if digest not in seen:
            seen.add(digest)
            yield case


def entries() -> Iterator[tuple[str, Article]]:
    """Every entry of the real feeds, as its feed alone tells it."""
    files = {
        path.name: path.read_bytes()
        for path in sorted((CORPORA / "feeds-real").iterdir())
        if path.suffix in {".xml", ".json"} and path.name != "index.json"
    }
    for group in json.loads(gzip.decompress(_finance_items().read_bytes())):
        files[group["feed"]] = _as_rss(group["feed"], group["items"])
    for name, body in files.items():
        document = formats.parse(
            body, url=FEED.url, feed=FEED, content_type=None, fetched_at=NOW
        )  # fmt: skip
        for entry in document.entries if isinstance(document, FeedDocument) else ():
            yield name, from_entry(Hints(source=FEED.source, entry=entry), NOW)


def _finance_items() -> Any:
    return CORPORA / "finance-feed-items" / "feeds.json.gz"


def _as_rss(feed: str, items: Iterable[dict[str, Any]]) -> bytes:
    """The items as their feed wrote them, but for what their origin lost.

    It kept the last category of an item and not its type, which is an author elsewhere and
    a symbol in Seeking Alpha's news.
    """
    kind = ' type="symbol"' if feed == "seeking_alpha_all_news" else ""
    tags = {"title": "", "link": "", "guid": "", "description": "", "category": kind, "tickers": ""}
    written = "".join(
        "<item>"
        + "".join(
            f"<{tag}{attributes}>{escape(str(item[tag]))}</{tag}>"
            for tag, attributes in tags.items()
            if item.get(tag)
        )
        + (f"<stock><symbol>{item['symbol']}</symbol></stock>" if item.get("symbol") else "")
        + "</item>"
        for item in items
    )
    return f'<rss version="2.0"><channel><title>x</title>{written}</channel></rss>'.encode()


def main() -> int:
    """Read everything, print every mention, and the time it took."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--every", type=int, default=1, metavar="N")
    arguments.add_argument("--rules", action="store_true")
    options = arguments.parse_args()
    if options.rules:
        hostile.main()
        return 0
    for name in ("read_markup", "find_mentions"):
        Clock(name)
    kinds: Counter[str] = Counter()
    loops = []
    for case in pages(options.every):
        article, _ = article_of(case)
        loops.append(_loop())
        _show(case.url, article, kinds)
    milliseconds = 1000 * Clock.spent / len(loops)
    slower = sum(loops) / len(loops) / min(loops)
    in_pages, kinds = kinds, Counter()
    listed = list(entries())
    for name, article in listed:
        _show(name, article, kinds)
    print(f"{len(loops)} pages: {dict(in_pages)}")
    print(f"{len(listed)} entries of feeds: {dict(kinds)}")
    print(
        f"{milliseconds:.2f} ms of CPU a page on a machine {slower:.2f} times slower than at its"
        f" best: {milliseconds / slower:.2f} ms (target {TARGET_MS})"
    )
    return int(milliseconds / slower > TARGET_MS)


def _show(where: str, article: Article, kinds: Counter[str]) -> None:
    for found in article.mentions:
        kinds[f"{found.place} {found.certainty}"] += 1
        words = (found.symbol, found.certainty, found.rule, found.place, found.matched)
        print(" | ".join((*words, found.name or "", where, (article.title or "")[:60])))


if __name__ == "__main__":
    sys.exit(main())
