"""Date strings as publishers write them, and the instants a reader there would take them for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import choose, from_text, is_future, read_date, to_text
from tests.dates import calendar_words

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.items import Moment

NOW = datetime(2024, 3, 8, 9, 10, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"


def reading(raw: str, zone: str | None = None, **how: object) -> str | None:
    moment = read_date(raw, origin="feed", zone=zone, now=NOW, **how)  # type: ignore[arg-type]
    return moment and f"{to_text(moment.at)} {moment.precision} {moment.zone}"


STATED = [
    ("Fri, 04 Mar 2022 12:11:50 GMT", "2022-03-04T12:11:50Z second"),
    ("Fri, 04 Mar 2022 12:11 GMT", "2022-03-04T12:11:00Z minute"),
    ("Mon, 04 Mar 2022 12:11:50 +0800", "2022-03-04T04:11:50Z second"),
    ("2022-03-04T20:11:50+08:00", "2022-03-04T12:11:50Z second"),
    ("2022-03-04 20:11:50  +0800", "2022-03-04T12:11:50Z second"),
    ("20220304T201150+0800", "2022-03-04T12:11:50Z second"),
    ("Fri Mar 04 2022 20:11:50 GMT+0800 (China Standard Time)", "2022-03-04T12:11:50Z second"),
    ("Fri, 04 Mar 2022 20:11:50 GMT+8", "2022-03-04T12:11:50Z second"),
    ("Mar 04, 2022 12:11 GMT", "2022-03-04T12:11:00Z minute"),
    ("2022年03月04日 20:11 北京时间", "2022-03-04T12:11:00Z minute"),
    ("2022-03-04T24:00:00Z", "2022-03-05T00:00:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 BST", "2024-07-22T13:00:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 CEST", "2024-07-22T12:00:00Z second"),
    ("Mon, 22 Jan 2024 14:00:00 CET", "2024-01-22T13:00:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 IST", "2024-07-22T08:30:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 HKT", "2024-07-22T06:00:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 SGT", "2024-07-22T06:00:00Z second"),
    ("Mon, 22 Jul 2024 14:00:00 JST", "2024-07-22T05:00:00Z second"),
    ("Fri, 4 Mar 2022 8:11 p.m. ET", "2022-03-05T01:11:00Z minute"),
    ("Wed, 2 Sep 15 22:01:01 GMT", "2015-09-02T22:01:01Z second"),
    ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05Z second"),
    ("1646395910", "2022-03-04T12:11:50Z second"),
    ("1646395910000", "2022-03-04T12:11:50Z second"),
    ("30 июля 2024 12:00 MSK", "2024-07-30T09:00:00Z minute"),
    ("04-Mar-2022 12:11:50 EST", "2022-03-04T17:11:50Z second"),
]


@pytest.mark.parametrize(("raw", "expected"), STATED)
def test_a_zone_that_the_string_states(raw: str, expected: str) -> None:
    assert reading(raw) == f"{expected} stated"
    assert reading(raw, "America/Sao_Paulo") == f"{expected} stated"


ASSUMED = [
    ("2022-03-04 20:11:50", SHANGHAI, "2022-03-04T12:11:50Z second"),
    ("2022/03/04 20:11", SHANGHAI, "2022-03-04T12:11:00Z minute"),
    ("2022年03月04日 20:11", SHANGHAI, "2022-03-04T12:11:00Z minute"),
    ("2022年3月4日 下午8:11", SHANGHAI, "2022-03-04T12:11:00Z minute"),
    ("发布时间：2022年3月4日 20时11分", SHANGHAI, "2022-03-04T12:11:00Z minute"),
    ("20220304201150", SHANGHAI, "2022-03-04T12:11:50Z second"),
    ("03-04 20:11", SHANGHAI, "2024-03-04T12:11:00Z minute"),
    ("12-30 20:11", SHANGHAI, "2023-12-30T12:11:00Z minute"),
    ("昨天 20:11", SHANGHAI, "2024-03-07T12:11:00Z minute"),
    ("Friday, March 4, 2022 - 12:11", "Europe/London", "2022-03-04T12:11:00Z minute"),
    ("Fri, 8 Mar 2024 19:40:17", "Asia/Kolkata", "2024-03-08T14:10:17Z second"),
    ("4. März 2022, 12:11 Uhr", "Europe/Berlin", "2022-03-04T11:11:00Z minute"),
    ("vendredi 4 mars 2022 12:11", "Europe/Paris", "2022-03-04T11:11:00Z minute"),
    ("2004-05-25 오후 11:23:17", "Asia/Seoul", "2004-05-25T14:23:17Z second"),
    ("03/04/2022 8:11:50 PM", "America/New_York", "2022-03-05T01:11:50Z second"),
    ("03/04/2022 20:11", "Europe/London", "2022-04-03T19:11:00Z minute"),
    ("2022-03-04", SHANGHAI, "2022-03-03T16:00:00Z day"),
]


@pytest.mark.parametrize(("raw", "zone", "expected"), ASSUMED)
def test_a_wall_clock_is_in_the_sources_zone(raw: str, zone: str, expected: str) -> None:
    assert reading(raw, zone) == f"{expected} assumed"


@pytest.mark.parametrize("raw", ["2022-03-04 20:11:50", "Fri, 8 Mar 2024 19:40:17", "昨天 20:11"])
def test_a_clock_without_any_zone_is_no_instant(raw: str) -> None:
    assert reading(raw) is None


def test_a_bare_day_without_a_zone_is_kept_and_marked() -> None:
    assert reading("2022-03-04") == "2022-03-04T00:00:00Z day assumed"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (SHANGHAI, "2022-03-04T12:11:50Z"),
        ("America/Chicago", "2022-03-05T02:11:50Z"),
        (None, "2022-03-05T02:11:50Z"),
    ],
)
def test_cst_is_where_the_source_is(zone: str | None, expected: str) -> None:
    assert reading("Fri, 04 Mar 2022 20:11:50 CST", zone) == f"{expected} second stated"


def test_ist_in_dublin_is_irish_summer_time() -> None:
    assert reading("Mon, 22 Jul 2024 14:00:00 IST", "Europe/Dublin") == (
        "2024-07-22T13:00:00Z second stated"
    )


def test_a_zone_known_to_be_wrong_is_corrected() -> None:
    raw = "Fri, 08 Mar 2024 17:05:00 GMT"
    assert reading(raw, SHANGHAI, zone_is_wrong=True) == "2024-03-08T09:05:00Z second corrected"
    assert reading("1646395910", SHANGHAI, zone_is_wrong=True) == (
        "2022-03-04T12:11:50Z second stated"
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("刚刚", "2024-03-08T09:10:00Z minute"),
        ("5分钟前", "2024-03-08T09:05:00Z minute"),
        ("5 mins ago", "2024-03-08T09:05:00Z minute"),
        ("2 hours ago", "2024-03-08T07:10:00Z day"),
        ("半小时前", "2024-03-08T08:40:00Z day"),
        ("3天前", "2024-03-05T09:10:00Z day"),
        ("vor 5 Minuten", "2024-03-08T09:05:00Z minute"),
    ],
)
def test_relative_forms_count_from_the_fetch(raw: str, expected: str) -> None:
    assert reading(raw) == f"{expected} stated"
    assert read_date(raw, origin="feed") is None


@pytest.mark.parametrize(
    "raw",
    [
        "", "####", "Invalid Date", "N/A", "2022-02-30T00:00:00Z", "Fri, 04 Mar 2022 12:61:50 GMT",
        "2003-12-31T25:14:55Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00 00:00:00",
        "Sat, 30 Dec 1899 00:00:00 EST", "Fri, 04 Mar 2022 12:11:50 XYZ",
        "2022-03-04T12:11:50+99:99",
        "2013-01-28T11:30:00-06:00Textra", "May 2022", "2022", "20:11",
        "4 listopada 2022 10:00 CET",
        "Sun, 16 Dec 2012 1:2:3:4 GMT", "03/04/2022 10:00 GMT", "x" * 5000, "9" * 400,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_none(raw: str) -> None:
    assert read_date(raw, origin="feed", now=NOW) is None


def test_the_future_is_flagged_not_changed() -> None:
    moment = read_date("Fri, 08 Mar 2024 17:05:00 GMT", origin="feed", now=NOW)
    assert moment is not None
    assert is_future(moment, NOW)
    assert not is_future(moment, NOW + timedelta(hours=8))
    assert choose([moment], now=NOW) is None


def claim(raw: str, origin: str, zone: str | None = None) -> Moment:
    moment = read_date(raw, origin=origin, zone=zone, now=NOW)  # type: ignore[arg-type]
    assert moment is not None
    return moment


@pytest.mark.parametrize(
    ("claims", "winner"),
    [
        ([("2022-03-04", "url", None), ("2022-03-04 20:11", "page", SHANGHAI)], 1),
        ([("2022-03-04 20:11", "page", SHANGHAI), ("2022-03-04T20:11:50+08:00", "meta", None)], 1),
        ([("2022-03-04 20:11:50", "page", SHANGHAI), ("2022-03-04T20:11+08:00", "meta", None)], 1),
        ([("Fri, 04 Mar 2022 00:00:00 GMT", "feed", None), ("2022-03-04T20:11Z", "meta", None)], 1),
        ([("2022-03-04T20:11:50Z", "meta", None), ("2022-03-04T20:12:50Z", "json-ld", None)], 1),
        ([("2022-03-04T20:11:50Z", "feed", None), ("2022-03-04T20:12:50Z", "json-ld", None)], 0),
        # The zone of a time in UTC is not a clock at midnight.
        ([("2022-03-04", "meta", None), ("2022-03-04T20:11:50+00:00", "json-ld", None)], 1),
        ([("2022-03-04T00:00:00+00:00", "json-ld", None), ("2022-03-04T20:11Z", "page", None)], 1),
        ([("2124-03-04T20:11:50Z", "feed", None), ("2022-03-04", "url", None)], 1),
    ],
)
def test_the_best_claim_wins(claims: list[tuple[str, str, str | None]], winner: int) -> None:
    if claims[0][0].startswith("2124"):
        claims[0] = ("2024-03-09T20:11:50Z", *claims[0][1:])
    moments = [claim(*c) for c in claims]
    assert choose(moments, now=NOW) == moments[winner]


def test_no_claims_no_date() -> None:
    assert choose([], now=NOW) is None


def test_text_round_trip() -> None:
    assert to_text(from_text("2022-03-04T12:11:50Z")) == "2022-03-04T12:11:50Z"
    with pytest.raises(ValueError, match="does not match"):
        from_text("2022-03-04 12:11:50")


@given(st.text(max_size=80), st.sampled_from([None, SHANGHAI, "America/New_York"]))
def test_any_text_is_a_moment_in_utc_or_none(raw: str, zone: str | None) -> None:
    moment = read_date(raw, origin="page", zone=zone, now=NOW)
    if moment is not None:
        assert moment.raw == raw
        assert moment.at.utcoffset() == timedelta(0)
        assert 1989 < moment.at.year <= 2101


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)), st.integers(-12, 14))  # noqa: DTZ001
def test_written_instants_are_read_back(clock: datetime, hours: int) -> None:
    clock = clock.replace(microsecond=0)
    sign, size = "-" if hours < 0 else "+", abs(hours)
    for raw in (
        f"{clock:%Y-%m-%dT%H:%M:%S}{sign}{size:02}:00",
        f"{clock:%a, %d %b %Y %H:%M:%S} {sign}{size:02}00",
        f"{clock:%Y年%m月%d日 %H:%M:%S} GMT{sign}{size}",
    ):
        moment = read_date(raw, origin="feed")
        assert moment is not None
        assert moment.at == clock.replace(tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.shared
def test_dates_of_another_parsers_suite_are_read_alike_or_not_at_all(shared: Path) -> None:
    rows = json.loads((shared / "corpora/feedparser-tests/dates.json").read_text("utf-8"))
    for row in rows:
        korean = row["parser"] in ("parse_date_nate", "parse_date_onblog")
        moment = read_date(row["input"], origin="feed", zone="Asia/Seoul" if korean else "UTC")
        expected = row["expected"] and datetime(*row["expected"][:6], tzinfo=UTC)
        assert moment is None or moment.at == expected, row


def test_names_of_months_are_those_of_the_cldr() -> None:
    assert calendar_words.TARGET.read_text("utf-8") == calendar_words.text()
