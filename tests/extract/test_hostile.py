"""Whatever bytes a site sends: an article or a `Failure`, in bounded time, never a crash.

The same kinds at the size that a crawl fetches at most: `python -m bench.hostile`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bench.hostile import HINTS, KINDS, PROSE, START, page
from pipelines.extract import extract
from pipelines.extract.likeness import MOST_LINES, MOST_TEXT
from pipelines.items import Article, Failure
from pipelines.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 60_000
DAMAGED = {
    "empty": b"",
    "white space alone": b" \n\t ",
    "nulls alone": b"\0" * 10_000,
    "nulls in text": START + b"<p>a\0b</p>" + PROSE,
    "no markup": b"Rates rose again, as everybody at the harbour had expected. " * 20,
    "truncated tag": START + PROSE + b"<p cla",
    "half a character": START + PROSE + "人民".encode()[:-1],
    "pdf": b"%PDF-1.7" + bytes(range(256)),
    "utf-16": (START + PROSE).decode().encode("utf-16"),
    "broken json": b'<script type="application/ld+json">{"@type": [[[{' + b"[" * 90_000
    + b"</script><body>" + PROSE,
    "an early end": START + b"</html><html>" + PROSE,
    "another charset declared": b'<meta charset="shift_jis">' + PROSE + "<p>naïve “€”</p>".encode(),
    "no such charset": b'<meta charset="x-klingon">' + PROSE + "<p>naïve – “€”</p>".encode(),
}  # fmt: skip
PAGES = DAMAGED | {kind: make(SIZE) for kind, make in KINDS.items()}
NO_PAGES = ("empty", "white space alone", "nulls alone", "pdf", "random bytes", "compressed")
WITHOUT_THE_PROSE = ("no markup", *NO_PAGES)
READ_BESIDE = tuple(kind for kind in PAGES if kind not in WITHOUT_THE_PROSE)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(1, timeout_s=15)
    yield pool
    pool.stop()


@pytest.mark.parametrize("kind", PAGES)
async def test_hostile_bytes_are_a_value(kind: str, workers: Workers) -> None:
    result = await workers.run(extract, page(PAGES[kind]), HINTS)
    if kind in NO_PAGES:
        assert isinstance(result, Failure)
        assert result.reason in {"not a page of text", "the page is empty"}
        return
    assert isinstance(result, Article), result
    if kind in READ_BESIDE:
        assert result.text.count("central bank left its key rate") >= 24
    assert "�" not in result.text


@pytest.mark.parametrize(
    ("unit", "times"),
    [(b"Rates rose again. ", MOST_TEXT // 15), (b"<p>Rates rose again.</p>", MOST_LINES + 1)],
)
def test_a_text_beyond_all_measure_is_cut_and_says_so(unit: bytes, times: int) -> None:
    result = extract(page(START + unit * times), HINTS)
    assert isinstance(result, Article)
    assert "cut" in result.flags
    assert len(result.text) <= MOST_TEXT + MOST_LINES
    assert result.text.count("\n") <= MOST_LINES


def test_a_text_of_common_length_is_whole() -> None:
    whole = extract(page(START + PROSE), HINTS)
    assert isinstance(whole, Article)
    assert "cut" not in whole.flags


def test_nothing_that_a_page_says_orders_a_terminal_about() -> None:
    declared = (
        rb'<script type="application/ld+json">{"@type": "NewsArticle",'
        rb' "headline": "Rates \u001b[2Jrise \u009b1magain",'
        rb' "author": {"@type": "Person", "name": "Mara \u0007Quill"}}</script>'
    )
    title = b"<title>Rates &#27;[2Jrise &#155;1magain</title><h1>Rates &#x1b;[2Jrise again</h1>"
    line = b"<p>The harbour&#11;board &#27;]0;said&#7; on &#127;Monday that it will build.</p>"
    article = extract(page(START + declared + title + line + PROSE), HINTS)
    assert isinstance(article, Article)
    assert "harbour board ]0;said on Monday" in article.text
    said = [article.title, *article.authors, article.text, article.html, article.summary]
    for text in said:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text or ""), text
