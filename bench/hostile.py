"""Pages made to hurt a parser, of any size, and what each costs a worker.

`python -m bench.hostile [MEGABYTES] [KIND...]` sends them through the real worker pool with
the limits of a crawl, 15 MB each (what the crawl fetches at most) unless told otherwise.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.extract import extract
from pipelines.items import Article, Entry, Failure, Hints, Page, Source
from pipelines.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "The central bank left its key rate unchanged on Thursday, as economists had expected. "
PROSE = "".join(f"<p>{n}. {TEXT * 3}</p>" for n in range(8)).encode()
HAN = "<p>央行周四宣布维持基准利率不变，符合经济学家的普遍预期，市场反应平淡。</p>"
HINTS = Hints(
    source=Source(name="Example Wire", domain="wire.example", timezone="Asia/Shanghai"),
    entry=Entry(title="Rates"),
)
START = b"<html><head><title>Rates</title></head><body>"


def page(body: bytes) -> Page:
    """The page that a crawl would hand over."""
    url = "https://wire.example/a"
    return Page(
        url=url, final_url=url, status=200, content_type="text/html", body=body,
        fetched_at=datetime(2026, 3, 4, tzinfo=UTC),
    )  # fmt: skip


def repeated(unit: str | bytes, *, prose_first: bool = True) -> Callable[[int], bytes]:
    """A page that is prose and one piece of markup, again and again; a number in it counts."""
    piece = unit.encode() if isinstance(unit, str) else unit

    def make(size: int) -> bytes:
        body = piece * (size // len(piece))
        return START + (PROSE + body if prose_first else body + PROSE)

    return make


def counted(before: str, unit: str, after: str) -> Callable[[int], bytes]:
    """The same with a number of its own in every piece."""

    def make(size: int) -> bytes:
        count = size // (len(unit) + 4)
        inside = "".join(unit.format(n) for n in range(count))
        return START + f"{before}{inside}{after}".encode() + PROSE

    return make


KINDS: dict[str, Callable[[int], bytes]] = {
    "prose": repeated(PROSE),
    "chinese prose": repeated(HAN),
    "emoji": repeated("<p>📈📉 Rates rose by three percent, as the bank had said. 📈</p>"),
    "one paragraph": repeated("Rates rose again. "),
    "one word": repeated("a"),
    "white space": repeated(" "),
    "lines": repeated("\n"),
    "null bytes": repeated("\0"),
    "nested": repeated("<div>", prose_first=False),
    "nested inline": repeated("<b><i>", prose_first=False),
    "nested lists": repeated("<ul><li>", prose_first=False),
    "nested tables": repeated("<table><tr><td>", prose_first=False),
    "end tags": repeated("</div></p>"),
    "unknown tags": repeated("<x:y z>"),
    "opening brackets": repeated("<"),
    "entities": repeated("&amp;&#x4e00;&bogus;"),
    "links": repeated("<a href=/>x</a>"),
    "headings": repeated("<h1>Rates</h1>"),
    "times": repeated('<time datetime="2026-03-04">4 March 2026</time>'),
    "authors": repeated('<div class="author byline">'),
    "dates": repeated("2026-03-04 "),
    "years": repeated("2026 "),
    "bylines": repeated("<p>By </p>"),
    "editors": repeated("责任编辑："),
    "quotes": repeated('"\\'),
    "attributes": counted("<p ", 'a{}="1" ', ">"),
    "attributes everywhere": repeated("<p " + " ".join(f"a{n}" for n in range(300)) + ">"),
    "one attribute": counted('<p class="', "a{} ", '">'),
    "metas": counted("", '<meta name="a{}" content="b">', ""),
    "author meta": counted('<meta name="author" content="', "Ann {}, ", '">'),
    "title": counted("<title>", "Rates {} | ", "</title>"),
    "comment": repeated(b"<!--" + b"x" * 1000 + b"-->"),
    "open comment": lambda size: START + PROSE + b"<!--" + b"x" * size,
    "script": counted("<script>", '"k{}": "Rates rose again, the bank said.", ', "</script>"),
    "open script": lambda size: START + PROSE + b"<script>" + b'"a' * (size // 2),
    "json-ld list": counted(
        '<script type="application/ld+json">[', '{{"@type": "Article", "n": {}}},', "{}]</script>"
    ),
    "json-ld nested": lambda size: START
    + b'<script type="application/ld+json">'
    + b'{"@graph":[' * (size // 11)
    + b"</script>"
    + PROSE,
    "json-ld scripts": repeated('<script type="application/ld+json">{"@type":"Article"}</script>'),
    "random bytes": lambda size: bytes(range(256)) * (size // 256),
    "compressed": lambda size: b"\x1f\x8b" + bytes(range(256)) * (size // 256),
}  # fmt: skip


def costed(page: Page) -> tuple[Article | Failure, float, float]:
    """What `extract` gives, the processor's seconds it took, and the worker's peak in MB."""
    started = time.process_time()
    result = extract(page, HINTS)
    seconds = time.process_time() - started
    return result, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(kind: str, size: int) -> str:
    """One page of a kind through a pool of its own: what became of it, and what it cost."""
    body = KINDS[kind](size)
    pool = Workers(1, timeout_s=20)
    try:
        await pool.run(costed, page(START + PROSE))  # the worker has started
        started = time.monotonic()
        answer = await pool.run(costed, page(body))
        wall = time.monotonic() - started
    finally:
        pool.stop()
    line = f"{kind:22} {len(body) / 1e6:5.1f} MB {wall:5.1f} s"
    if isinstance(answer, Failure):
        return f"{line}  {answer.reason}"
    result, cpu, peak = answer
    became = result.reason if isinstance(result, Failure) else _in_words(result)
    return f"{line} {cpu:5.1f} s CPU {peak:5.0f} MB  {became}"


def _in_words(article: Article) -> str:
    return f"{article.status}, {len(article.text)} characters"


def main(megabytes: str = "15", *kinds: str) -> None:
    """Print a line per kind."""
    for kind in kinds or KINDS:
        print(asyncio.run(measure(kind, int(float(megabytes) * 1e6))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
