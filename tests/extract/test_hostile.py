"""Whatever bytes a site sends: an article or a `Failure`, in bounded time, never a crash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.items import Article, Entry, Failure, Hints, Page, Source
from pipelines.workers import Workers

TEXT = "The central bank left its key rate unchanged on Thursday, as economists had expected. "
PROSE = "".join(f"<p>{n}. {TEXT * 3}</p>" for n in range(8))
HINTS = Hints(source=Source(name="Example Wire", domain="wire.example"), entry=Entry(title="Rates"))

HOSTILE = {
    "empty": b"",
    "white space": b" \n\t ",
    "null bytes": b"\0" * 10_000,
    "nulls in text": f"<html><body><p>a\0b</p>{PROSE}".encode(),
    "no markup": TEXT.encode() * 20,
    "truncated tag": f"<html><body>{PROSE}<p cla".encode(),
    "half a character": f"<html><body>{PROSE}<p>人民".encode()[:-1],
    "random": bytes(range(256)) * 400,
    "pdf": b"%PDF-1.7" + bytes(range(256)),
    "utf-16": f"<html><body>{PROSE}".encode("utf-16"),
    "comment never closed": f"<html><body>{PROSE}<!-- ".encode() + b"x" * 100_000,
    "deep": b"<html><body>" + b"<div>" * 200_000 + PROSE.encode(),
    "unclosed inline": b"<html><body>" + b"<font><b>" * 500 + PROSE.encode(),
    "a million attributes": b"<html><body><p "
    + b" ".join(b'a%d="%d"' % (n, n) for n in range(1_000_000))
    + b">"
    + PROSE.encode(),
    "a million links": b"<html><body>" + PROSE.encode() + b"<a href=/>x</a>" * 100_000,
    "broken json": f'<script type="application/ld+json">{{"@type": [[[{"[" * 90_000}'
    f"</script><body>{PROSE}".encode(),
    "twenty megabytes": b"<html><body>" + PROSE.encode() * (20_000_000 // len(PROSE)),
    "brackets": b"<" * 500_000 + PROSE.encode(),
    "one line": b"<html><body><p>" + b"a " * 1_000_000,
}


def page(body: bytes) -> Page:
    url = "https://wire.example/a"
    return Page(
        url=url, final_url=url, status=200, content_type="text/html", body=body,
        fetched_at=datetime(2026, 3, 4, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_bytes_are_a_value(kind: str) -> None:
    pool = Workers(1, timeout_s=8)
    try:
        result = await pool.run(extract, page(HOSTILE[kind]), HINTS)
    finally:
        pool.stop()
    assert isinstance(result, Article | Failure)
    if isinstance(result, Failure):
        assert "killed its worker" not in result.reason, result


READ_ALL_THE_SAME = (
    "nulls in text", "truncated tag", "half a character", "utf-16", "unclosed inline",
    "a million attributes", "broken json", "comment never closed",
)  # fmt: skip


@pytest.mark.parametrize("kind", READ_ALL_THE_SAME)
def test_a_damaged_page_is_still_read(kind: str) -> None:
    result = extract(page(HOSTILE[kind]), HINTS)
    assert isinstance(result, Article), result
    assert result.text.count("central bank") == 24
    assert "�" not in result.text
