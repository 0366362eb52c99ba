"""When a page says it was published: which of its claims is believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import to_text
from pipelines.extract.declared import read_declared
from pipelines.extract.lines import lines_of
from pipelines.extract.times import VISIBLE, VISIBLE_DAY, _around_years, read_times
from pipelines.extract.tree import parse
from pipelines.items import Entry, Hints, Source

NOW = datetime(2026, 3, 5, tzinfo=UTC)
HINTS = Hints(
    source=Source(name="부두경제", domain="budu.example", timezone="Asia/Seoul"), entry=Entry()
)
DAY = "<p>입력 2026. 3. 4.</p>"
LIST = '<script>var list = [{title: "Older", regdate: "2026-03-01 08:15:00"}]</script>'


def published(markup: str, url: str = "https://budu.example/v/1") -> str | None:
    parsed = parse(f"<html><body>{markup}</body></html>")
    assert parsed is not None
    tree = parsed[0]
    lines = lines_of(tree)
    moment, _ = read_times(tree, read_declared(tree), HINTS, lines=lines, url=url, now=NOW)
    return f"{to_text(moment.at)} {moment.precision} {moment.origin}" if moment else None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"{DAY}{LIST}", "2026-03-03T15:00:00Z day page"),
        (
            f'{DAY}{LIST}<script>page({{regdate:"2026-03-04 12:52:14"}})</script>',
            "2026-03-04T03:52:14Z second page",
        ),
        (
            DAY + r'<script>self.push("{\"reg_dt\":\"2026-03-04 12:52:14\"}")</script>',
            "2026-03-04T03:52:14Z second page",
        ),
        (LIST, "2026-02-28T23:15:00Z second page"),
        (
            f'<meta property="og:regDate" content="20260304125214">{DAY}',
            "2026-03-04T03:52:14Z second meta",
        ),
        (f"{DAY}<p>수정 2026. 3. 4. 오후 1:05</p>", "2026-03-04T04:05:00Z minute page"),
        ("<p>Nothing here</p>", None),
    ],
)
def test_a_bare_day_is_completed_by_a_clock_of_the_same_day(
    markup: str, expected: str | None
) -> None:
    assert published(markup) == expected


def test_the_address_is_the_last_resort() -> None:
    url = "https://budu.example/2026/03/04/rates.html"
    assert published("<p>Rates</p>", url) == "2026-03-03T15:00:00Z day url"
    assert published(DAY, url) == "2026-03-03T15:00:00Z day page"


PIECES = st.sampled_from(
    ["2026", "3", "12", "4", "March", "Mar.", "om", "kl", "20:11", "9:05", "3.3.", "2026-03-04",
     "04/03/2026", "1999", "(Wed)", "at", "um", "à las", "p.m.", "2026年3月4日", "星期三"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60), st.sampled_from([" ", ", ", " - "]))
def test_looking_near_years_finds_what_looking_everywhere_finds(
    pieces: list[str], separator: str
) -> None:
    text = separator.join(pieces)
    for pattern in (VISIBLE, VISIBLE_DAY):
        near = [match.span() for match in _around_years(pattern, text)]
        assert near == [match.span() for match in pattern.finditer(text)]
