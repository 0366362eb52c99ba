"""The pictures of `broadtape browse` in docs/images, of an invented record.

    python -m bench.pictures [FOLDER]

Needs Chromium. Two weeks of headlines by four invented houses up to now, more by day than by
night; look at what it made before keeping it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.chromium import Chromium
from pipelines.database import open_database
from pipelines.items import Article, Feed, Mention, Moment, Source
from tests.reading import corpus
from tests.reading.test_browse import Browser

if TYPE_CHECKING:
    from pipelines.database import Database

DAYS = 14
SYMBOLS = ("XSHE:003977", "XNAS:SMCX", "XSHE:003488", "XETR:VLT", "XSHG:688917", "XHKG:09988")
PICTURES = {
    "browse-search": "/news/search?q=%E9%99%8D%E6%81%AF+OR+%22rate+cut%22",
    "browse-articles": "/news/articles",
    "browse-charts": "/-/dashboards/news",
}
HEIGHTS = {"browse-articles": 900, "browse-charts": 1350}


def fill(database: Database, rng: random.Random, now: datetime) -> None:
    """The articles of the tests first, then two weeks of them again and again."""
    sources = sorted({source for _, _, source, _, _ in corpus.ARTICLES})
    for number, source in enumerate(sources):
        feed = Feed(
            url=f"https://feeds.example.com/{number}.xml",
            name=f"{source}: news",
            source=Source(name=source, domain=f"{number}.example.com"),
        )
        outcome = ("new", "not_modified", "new", "no_news")[number % 4]
        database.feeds.log_poll(database.feeds.add(feed), now, outcome)  # type: ignore[arg-type]
    at = now - timedelta(days=DAYS)
    number = 0
    while at < now:
        number += 1
        _store(database, rng, number, at)
        busy = 7 <= at.hour <= 17 and at.weekday() < 5
        at += timedelta(minutes=rng.expovariate(1 / (8 if busy else 40)))


def _store(database: Database, rng: random.Random, number: int, at: datetime) -> None:
    _, language, source, title, text = corpus.ARTICLES[number % len(corpus.ARTICLES)]
    delay = {"Quay Street": 6, "Harbour Post": 18, "临江财经": 3}.get(source, 9)
    url = f"https://news.example.com/{at:%Y/%m/%d}/{number}"
    article = Article(
        url=url,
        title=title,
        publisher=source,
        language=language,
        published=Moment(
            at=at - timedelta(minutes=rng.expovariate(1 / delay)),
            raw="", precision="second", zone="stated", origin="feed",
        ),
        text=text,
        status="full" if rng.random() < 0.95 else "summary",
        mentions=tuple(_mention(symbol) for symbol in SYMBOLS if rng.random() < 0.1),
    )  # fmt: skip
    article_id = database.articles.create(url[8:], source, at, "live")
    database.articles.add_revision(
        article_id, article, "add", seen_at=at, computed_at=at,
        text_hash=f"{number:032x}", word_count=len(text) // 5,
    )  # fmt: skip
    database.stories.begin(article_id)


def _mention(symbol: str) -> Mention:
    mic, _, code = symbol.partition(":")
    return Mention(
        symbol=symbol, mic=mic, code=code, name=None, rule="suffix", certainty="certain",
        place="body", matched=code,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broadtape.db"
        with open_database(path) as database, database.transaction():
            fill(database, random.Random(7), datetime.now(UTC))
        browser = Browser(path, {})
        try:
            browser.wait()
            for name, address in PICTURES.items():
                with Chromium(1000, HEIGHTS.get(name, 640)) as page:
                    page.open(f"http://127.0.0.1:{browser.port}{address}")
                    if "charts" in name:
                        page.wait_for("document.querySelectorAll('.vega-embed svg').length >= 4")
                        time.sleep(1)  # bars grow into place
                    page.picture(arguments.folder / f"{name}.png")
                    print(f"{arguments.folder / name}.png", *page.wrong)
        finally:
            browser.process.terminate()
            browser.process.wait(20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
