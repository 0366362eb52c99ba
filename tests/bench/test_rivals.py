"""How rivals are asked and judged, with the one rival that is installed here anyway."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bench.quality.corpora import Case
from bench.quality.run import judged
from bench.rivals import edits, pages, tools
from bench.rivals.tools import Asked, Rival
from bench.served_site import Edit, Story
from bench.story_set import Body

if TYPE_CHECKING:
    from pathlib import Path

TRAFILATURA = Rival("trafilatura", "page:trafilatura", "trafilatura", "own")
TEXT = "\n".join(f"The harbour board met on day {day} and raised its fee." for day in range(9))
PAGE = (
    "<html><head><title>Fees rise</title>"
    '<meta property="article:published_time" content="2026-03-04T20:11:00"></head><body><article>'
    f"<h1>Fees rise</h1>{''.join(f'<p>{line}</p>' for line in TEXT.split(chr(10)))}"
    "</article></body></html>"
)
NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)


@pytest.fixture
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment named "own" that is this one."""
    wanted = tmp_path / "requirements" / "own.txt"
    python = tmp_path / "own" / "bin" / "python"
    for file, text in (
        (wanted, ""),
        (tmp_path / "own" / "requirements.txt", ""),
        (python, f'#!/bin/sh\nexec {sys.executable} "$@"\n'),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    python.chmod(0o755)
    (tmp_path / "guest").symlink_to(tools.HERE / "guest")
    monkeypatch.setattr(tools, "HERE", tmp_path)
    monkeypatch.setattr(tools, "ENVIRONMENTS", tmp_path)


@pytest.mark.usefixtures("own_environment")
def test_a_rivals_reading_is_judged_as_ours_is() -> None:
    case = Case(
        corpus="chinese",
        id="x",
        url="https://harbour.example/fees",
        body=PAGE.encode(),
        gold={
            "body": TEXT.split("\n"), "title": "Fees rise", "published": "2026-03-04T20:11+08:00",
        },
        timezone="Asia/Shanghai",
    )  # fmt: skip
    with Asked(TRAFILATURA) as asked:
        failed = asked.ask({"url": case.url})
        answer = asked.ask({"url": case.url, "html": PAGE})
    assert "error" in failed
    assert pages.article_of(case, failed).text == ""
    row = judged(case, pages.article_of(case, answer), answer["seconds"])
    assert (row["title"], row["day"], row["minute"]) == (True, True, True)
    common, extra, lost = row["body"]
    assert common > 0
    assert extra < 9, "no more than the headline"
    assert lost == 0


def test_a_midnight_is_a_day_and_no_minute() -> None:
    case = Case(corpus="x", id="x", url="https://a.example/", body=b"", timezone="Asia/Tokyo")
    published = pages.article_of(case, {"published": "2026-03-04T00:00:00+0000"}).published
    assert published
    assert published.precision == "day"
    assert pages.article_of(case, {"published": "yesterday"}).published is None


def test_only_the_first_change_after_an_edit_is_no_false_one() -> None:
    body = Body("x", "en", "Fees rise", TEXT)

    def story(at: datetime | None, kind: str = "figure") -> Story:
        return Story(1, body, body, NINE, Edit(at, kind, "") if at else None)

    hour = timedelta(hours=1)
    told = [
        (story(NINE + hour), [(NINE, "new"), (NINE + 2 * hour, "changed")]),
        (story(NINE + hour), [(NINE, "new"), (NINE + 30 * hour, "changed")]),
        (story(NINE - hour), [(NINE, "new")]),
        (story(None), [(NINE, "new"), (NINE + hour, "changed"), (NINE + 2 * hour, "changed")]),
        (story(NINE + hour, "withdrawn"), [(NINE, "new"), (NINE + 2 * hour, "gone")]),
    ]
    found = edits.judged(told, pages=3, requests=9)
    assert (found.caught, found.edits) == (1, 2)
    assert (found.false, found.withdrawn) == (2, "1 of 1")
