"""Each rule of polling as a row: what was known, what a poll brought, what follows."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest

from crawler.polling import (
    Answer,
    Limits,
    Poll,
    after_poll,
    conditional_headers,
    retry_after,
    settled_move,
    where_from,
)
from crawler.polling.failures import poll_of_failure
from crawler.refusals import AddressRefused, HostPaused
from pipelines.items import FeedState, PollMemory

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)  # a Tuesday
LIMITS = Limits()
HOURLY = tuple(NOW - timedelta(hours=n) for n in range(1, 40))


def known(**changes: Any) -> FeedState:
    """A feed that publishes hourly, polled well for a day and a half."""
    first = Poll(outcome="new", entries=39, new=39, published=HOURLY, answer=Answer(etag='"1"'))
    state = after_poll(FeedState(), first, NOW - timedelta(minutes=10), LIMITS, 0.5)
    return replace(state, **changes)


def minutes(state: FeedState, now: datetime = NOW) -> float:
    assert state.next_due_at is not None
    return (state.next_due_at - now).total_seconds() / 60


def failed(**poll: Any) -> Poll:
    return Poll(**{"outcome": "error", "error": "oops", **poll})


@pytest.mark.parametrize(
    ("poll", "weight"),
    [
        (failed(), 1.0),
        (failed(http_status=404), 0.5),
        (failed(http_status=500), 0.5),
        (failed(http_status=502), 0.5),
        (failed(http_status=403), 1.0),
        (Poll(outcome="throttled", http_status=429), 0.5),
        (Poll(outcome="not_a_feed", http_status=200), 0.5),
        (Poll(outcome="empty", http_status=200), 0.5),
        (Poll(outcome="blocked", http_status=403, blocker="Cloudflare"), 1.0),
        (poll_of_failure(CannotResolveHostError("x")), 0.25),
        (poll_of_failure(DownloadTimeoutError("x")), 0.5),
        (poll_of_failure(IgnoreRequest("max redirections reached")), 1.0),
        (poll_of_failure(AddressRefused("127.0.0.1 is loopback")), 1.0),
        (poll_of_failure(HostPaused("x", NOW + timedelta(hours=1))), 0.0),
    ],
)
def test_errors_have_weights_and_wait_longer_in_proportion(poll: Poll, weight: float) -> None:
    before = known(interval_s=3600, failures=1.0)
    after = after_poll(before, poll, NOW, LIMITS, 0.5)
    assert after.failures == 1.0 + weight
    assert minutes(after) >= 60 * (2 + weight) - 0.1
    assert after.last_error == poll.error
    assert after.state == "active"


def test_success_forgets_errors() -> None:
    after = after_poll(known(failures=7.5, last_error="x"), Poll(outcome="no_news"), NOW, LIMITS, 0)
    assert (after.failures, after.last_error, after.last_ok_at) == (0, None, NOW)


def test_a_failing_feed_is_never_silently_dead() -> None:
    state = known()
    for _ in range(200):
        state = after_poll(state, failed(), NOW, LIMITS, 1.0)
    assert minutes(state) <= 24 * 60 * 1.1


def test_410_is_gone_and_404_is_not() -> None:
    gone = after_poll(known(), Poll(outcome="gone", http_status=410), NOW, LIMITS, 0)
    assert (gone.state, gone.next_due_at) == ("gone", None)
    assert after_poll(known(), failed(http_status=404), NOW, LIMITS, 0).state == "active"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("raw", "least", "most"),
    [
        ("7200", 120, 121),
        ("Tue, 03 Nov 2026 12:30:00 GMT", 180, 181),
        ("99999999", 24 * 60, 24 * 60 + 1),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 24 * 60, 24 * 60 + 1),
        ("soon", 5, 60),
        ("-5", 5, 60),
        (None, 5, 60),
    ],
)
def test_retry_after_is_kept_up_to_a_day(
    status: int, raw: str | None, least: float, most: float
) -> None:
    poll = Poll(outcome="throttled", http_status=status, answer=Answer(retry_after=raw))
    after = after_poll(known(), poll, NOW, LIMITS, 0.5)
    assert least <= minutes(after) <= most


def test_a_date_in_the_past_is_no_retry_after() -> None:
    assert retry_after("Tue, 03 Nov 2020 12:30:00 GMT", NOW) is None


@pytest.mark.parametrize(
    ("poll", "hint"),
    [
        (Poll(outcome="no_news", hint_s=7200), 7200),
        (Poll(outcome="no_news", answer=Answer(cache_control="public, max-age=5400")), 5400),
        (Poll(outcome="no_news", answer=Answer(cache_control="no-cache, max-age=5400")), None),
        (
            Poll(outcome="no_news", answer=Answer(
                expires="Tue, 03 Nov 2026 10:00:00 GMT", date="Tue, 03 Nov 2026 09:00:00 GMT")),
            3600,
        ),
        (Poll(outcome="no_news", answer=Answer(expires="0")), None),
        (Poll(outcome="no_news", hint_s=600, answer=Answer(cache_control="max-age=60")), 600),
    ],
)  # fmt: skip
def test_what_the_server_asks_for_is_a_floor_that_survives_a_304(
    poll: Poll, hint: int | None
) -> None:
    state = after_poll(known(), replace(poll, entries=39), NOW, LIMITS, 0.5)
    assert state.hint_s == hint
    later = NOW + timedelta(hours=3)
    state = after_poll(state, Poll(outcome="not_modified", conditional=True), later, LIMITS, 0.0)
    assert state.hint_s == hint
    assert minutes(state, later) >= 0.87 * (hint or 0) / 60


@pytest.mark.parametrize(
    ("limits", "least", "most"),
    [
        (Limits(), 5, 60),
        (Limits(min_interval_s=1800), 30, 34),
        (Limits(floor_s=3600), 60, 68),
        (Limits(ceiling_s=600), 5, 11.5),
        (Limits(floor_s=3600, min_interval_s=60), 1, 60),
    ],
)
@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_interval_keeps_its_bounds(
    limits: Limits, least: float, most: float, jitter: float
) -> None:
    after = after_poll(known(), Poll(outcome="no_news", entries=39), NOW, limits, jitter)
    assert least <= minutes(after) <= most


def test_jitter_spreads_the_interval_by_a_quarter() -> None:
    limits = Limits(patience=5000)
    poll = Poll(outcome="no_news", entries=39)
    low, high = (minutes(after_poll(known(), poll, NOW, limits, j)) for j in (0.0, 1.0))
    assert high / low == pytest.approx(1.125 / 0.875, rel=0.01)


def test_a_busy_feed_is_asked_more_often_than_a_quiet_one() -> None:
    def interval(gap: timedelta) -> float:
        times = tuple(NOW - gap * n for n in range(1, 31))
        poll = Poll(outcome="new", entries=30, new=30, published=times)
        return minutes(after_poll(FeedState(), poll, NOW, LIMITS, 0.5))

    assert interval(timedelta(minutes=3)) == pytest.approx(5, rel=0.1)
    assert interval(timedelta(hours=1)) < 30
    assert 60 < interval(timedelta(days=20)) <= 24 * 60


def test_the_night_is_waited_through_and_the_morning_is_met() -> None:
    times = [
        NOW.replace(hour=hour, minute=minute) - timedelta(days=day)
        for day in range(1, 22) for hour in range(8, 18) for minute in (5, 25, 45)
        if (NOW - timedelta(days=day)).weekday() < 5
    ]  # fmt: skip
    poll = Poll(outcome="new", entries=len(times), new=len(times), published=tuple(times))
    evening = NOW.replace(hour=22) - timedelta(days=1)
    at_night = after_poll(FeedState(), poll, evening, LIMITS, 0.5)
    at_noon = after_poll(FeedState(), poll, NOW.replace(hour=12), LIMITS, 0.5)
    assert minutes(at_noon, NOW.replace(hour=12)) < 12
    assert minutes(at_night, evening) > 3 * minutes(at_noon, NOW.replace(hour=12))


def test_a_gap_polls_sooner_and_overrules_the_hint() -> None:
    before = known(interval_s=3600, hint_s=7200)
    gap = Poll(outcome="new", entries=39, new=39, oldest_was_new=True, hint_s=7200)
    after = after_poll(before, gap, NOW, LIMITS, 0.5)
    assert minutes(after) <= 31
    assert after.memory.gap_at == NOW.isoformat()
    overlapping = replace(gap, new=38, oldest_was_new=False)
    assert after_poll(before, overlapping, NOW, LIMITS, 0.5).memory.gap_at is None


def test_the_first_poll_is_no_gap() -> None:
    assert known().memory.gap_at is None


def test_validators_are_sent_verbatim_and_refreshed() -> None:
    state = known(etag='W/"odd', last_modified="yesterday")
    assert conditional_headers(state, NOW) == {
        "If-None-Match": 'W/"odd', "If-Modified-Since": "yesterday",
    }  # fmt: skip
    quiet = Poll(outcome="not_modified", conditional=True, answer=Answer(etag='"2"'))
    state = after_poll(state, quiet, NOW, LIMITS, 0)
    assert (state.etag, state.last_modified) == ('"2"', "yesterday")
    state = after_poll(state, Poll(outcome="no_news", conditional=True), NOW, LIMITS, 0)
    assert (state.etag, state.last_modified) == (None, None)


def test_a_validator_that_would_break_the_request_is_not_sent() -> None:
    assert conditional_headers(known(etag='"a\r\nX: y"'), NOW) == {}


def test_every_twelve_hours_one_fetch_is_unconditional() -> None:
    state = known()
    assert conditional_headers(state, NOW + timedelta(hours=11))
    assert conditional_headers(state, NOW + timedelta(hours=12)) == {}
    state = after_poll(state, Poll(outcome="no_news", answer=Answer(etag='"1"')),
                       NOW + timedelta(hours=12), LIMITS, 0)  # fmt: skip
    assert conditional_headers(state, NOW + timedelta(hours=13))


def test_a_server_whose_etag_does_not_follow_its_content_is_asked_unconditionally() -> None:
    poll = Poll(outcome="new", entries=39, new=1, answer=Answer(etag='"1"'), conditional=True)
    state = after_poll(known(), poll, NOW, LIMITS, 0)
    assert state.memory.liar
    assert conditional_headers(state, NOW) == {}
    honest = after_poll(known(), replace(poll, answer=Answer(etag='"2"')), NOW, LIMITS, 0)
    assert not honest.memory.liar


def test_a_false_not_modified_is_caught_by_the_forced_fetch() -> None:
    quiet = Poll(outcome="not_modified", conditional=True)
    state = after_poll(known(), quiet, NOW + timedelta(hours=11), LIMITS, 0)
    hidden = (NOW + timedelta(hours=5), *HOURLY)
    forced = Poll(outcome="new", entries=40, new=1, published=hidden, answer=Answer(etag='"2"'))
    assert after_poll(state, forced, NOW + timedelta(hours=12), LIMITS, 0).memory.liar
    fresh = replace(forced, published=(NOW + timedelta(hours=11, minutes=30), *HOURLY))
    assert not after_poll(state, fresh, NOW + timedelta(hours=12), LIMITS, 0).memory.liar


def moves(*hops: tuple[int, str | None, bool]) -> str | None:
    state = known()
    for day, target, permanent in hops:
        poll = Poll(outcome="no_news", redirected_to=target, permanent=permanent)
        state = after_poll(state, poll, NOW + timedelta(days=day), LIMITS, 0)
    return settled_move(state)


def test_an_address_is_rewritten_after_the_same_permanent_redirect_on_three_days() -> None:
    new, other = "https://new.example.org/feed", "https://other.example.org/feed"
    assert moves((0, new, True), (1, new, True), (2, new, True)) == new
    assert moves((0, new, True), (0, new, True), (0, new, True)) is None
    assert moves((0, new, True), (1, other, True), (2, new, True)) is None
    assert moves((0, new, False), (1, new, False), (2, new, False)) is None
    assert moves((0, new, True), (1, None, False), (2, new, True), (3, new, True)) is None


def test_where_an_answer_came_from() -> None:
    assert where_from("https://a.example/", {}) == (None, False)
    assert where_from("https://b.example/", {"redirect_reasons": [301, 308]})[1]
    assert not where_from("https://b.example/", {"redirect_reasons": [301, 302]})[1]


def test_the_memory_survives_json() -> None:
    memory = known().memory
    assert PollMemory(**json.loads(json.dumps(asdict(memory)))) == memory


def test_a_paused_feed_stays_paused() -> None:
    assert after_poll(known(state="paused"), Poll(outcome="no_news"), NOW, LIMITS, 0).state == (
        "paused"
    )
