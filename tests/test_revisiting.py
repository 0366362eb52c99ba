"""When a page is looked at again, how it is asked for, and what looks teach about a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pipelines.habits import Habits, Look, Occasion, Record
from pipelines.revisiting import DAY, asks_whole, at_once, has_moved, next_visit, occasion_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Of these articles none is in the sample that is looked at whatever the record says.
ARTICLES = range(1, 9)
EDITS_MUCH = Record(looks=60, changed=20)
NEVER_EDITS = Record(looks=300)
SAYS_UNMODIFIED = Record(looks=40, asked=40, unmodified=40)


def looks(**facts: object) -> list[float]:
    """The ages in hours at which a page is looked at when nothing is ever found."""

    def ages() -> Iterator[float]:
        due = next_visit(SEEN, SEEN, **facts)  # type: ignore[arg-type]
        while due is not None:
            yield (due - SEEN) / HOUR
            due = next_visit(SEEN, due, **facts)  # type: ignore[arg-type]

    return list(ages())


def habits(**records: Record) -> Habits:
    return Habits(records=records)  # type: ignore[arg-type]


@pytest.mark.parametrize("article_id", ARTICLES)
def test_a_page_that_comes_whole_is_looked_at_once_within_the_day(article_id: int) -> None:
    [age] = looks(article_id=article_id)
    assert 23 < age < 24


@pytest.mark.parametrize("article_id", ARTICLES)
def test_where_looking_is_cheap_no_day_of_four_passes_without(article_id: int) -> None:
    known = habits(day=SAYS_UNMODIFIED)
    ages = looks(article_id=article_id, has_validators=True, habits=known)
    assert ages[0] <= 1
    assert 23 < ages[1] < 24
    assert all(b - a < 24 for a, b in pairwise(ages))
    assert len(ages) in (5, 6)


def test_every_other_article_is_looked_at_on_the_fifth_day_too() -> None:
    known = habits(day=SAYS_UNMODIFIED)
    lasts = [looks(article_id=n, has_validators=True, habits=known)[-1] / 24 for n in range(400)]
    assert all(3.8 < last < 4 or 4.8 < last < 5 for last in lasts)
    assert 0.4 < sum(last > 4 for last in lasts) / len(lasts) < 0.6


def test_an_article_that_changed_or_went_is_looked_at_when_the_week_is_over() -> None:
    for facts in ({"edits": 1}, {"status": "gone"}, {"flags": ("withdrawn",)}):
        ages = looks(article_id=1, **facts)
        assert len(ages) == 2
        assert ages[1] > 6.5 * 24


def test_a_running_story_is_looked_at_within_the_hour() -> None:
    assert looks(article_id=1, flags=("update-2",))[0] <= 1


def test_a_source_is_looked_at_as_it_edits() -> None:
    early = looks(article_id=1, habits=habits(early=EDITS_MUCH))
    assert early[0] <= 1
    late = looks(article_id=1, habits=habits(later=EDITS_MUCH))
    assert len(late) == 5
    never = habits(day=NEVER_EDITS, later=NEVER_EDITS, early=NEVER_EDITS)
    assert looks(article_id=1, habits=never) == []
    cheap = habits(day=NEVER_EDITS, later=Record(looks=2000), early=SAYS_UNMODIFIED)
    assert len(looks(article_id=1, habits=cheap, has_validators=True)) < 3


def test_a_source_that_never_edits_is_still_sampled() -> None:
    never = habits(day=NEVER_EDITS)
    sampled = [looks(article_id=number, habits=never) for number in range(1000)]
    assert 20 < sum(map(bool, sampled)) < 90


def test_a_server_is_cheap_once_it_has_said_unmodified() -> None:
    whole = Habits().with_look("day", Look(changed=False, conditional=True))
    cheap = Habits().with_look("day", Look(changed=False, conditional=True, unmodified=True))
    for known in (Habits(), whole):
        assert known.price(has_validators=True) == 1
        assert len(looks(article_id=1, has_validators=True, habits=known)) == 1
    assert cheap.price(has_validators=True) < 0.25
    assert len(looks(article_id=1, has_validators=True, habits=cheap)) == 6


def test_a_server_that_lies_is_asked_for_the_whole_page() -> None:
    lie = Look(changed=True, validators_moved=False)
    once = Habits().with_look("changed", lie)
    assert once.honest
    liar = once.with_look("changed", lie)
    assert not liar.honest
    assert all(asks_whole(liar, "later", number) for number in ARTICLES)
    assert len(looks(article_id=1, has_validators=True, habits=liar)) == 1


def test_what_a_lie_hid_is_no_reason_to_look_late() -> None:
    hidden = Look(changed=True, validators_moved=False)
    liar = Habits()
    for _ in range(10):
        liar = liar.with_look("later", hidden)
    assert not liar.honest
    assert len(looks(article_id=1, has_validators=True, habits=liar)) == 1
    editor = Habits()
    for _ in range(10):
        editor = editor.with_look("later", Look(changed=True))
    assert len(looks(article_id=1, habits=editor)) > 4


def test_a_new_server_is_tested_more_often_than_a_proven_one() -> None:
    truth = Look(changed=True, validators_moved=True)
    proven = Habits()
    for _ in range(3):
        proven = proven.with_look("changed", truth)

    def tested(known: Habits, occasion: Occasion) -> int:
        return sum(asks_whole(known, occasion, number) for number in range(1000))

    assert tested(Habits(), "later") == 0
    assert tested(proven, "day") < 90 < 150 < tested(Habits(), "day") < 250
    assert tested(habits(day=SAYS_UNMODIFIED), "day") > 150
    assert tested(habits(day=Record(looks=90, asked=90, unmodified=90)), "day") < 90


def test_looks_that_were_missed_are_not_made_up_for() -> None:
    late = SEEN + timedelta(days=3, hours=1)
    due = next_visit(SEEN, late, has_validators=True, habits=habits(day=SAYS_UNMODIFIED))
    assert due is not None
    assert late < due < late + DAY


def test_a_record_fades() -> None:
    long = habits(early=Record(looks=400, changed=40), later=Record(looks=400, changed=40))
    faded = long.with_look("early", Look(changed=True)).of("early")
    kept = long.with_look("later", Look(changed=True)).of("later")
    assert (faded.looks, faded.changed) == (201, 21)
    assert (kept.looks, kept.changed) == (401, 41), "rare finds take longer to mean something"


def test_occasions() -> None:
    ages = (timedelta(minutes=59), timedelta(hours=23), timedelta(hours=30), timedelta(days=2))
    assert [occasion_of(age) for age in ages] == ["early", "day", "day", "later"]


def test_moved_dates_are_followed_while_they_mean_something() -> None:
    assert at_once(moved=1, known=30)
    assert at_once(moved=2, known=2)
    assert not at_once(moved=29, known=30)
    assert not at_once(moved=1, known=30, habits=habits(moved=Record(looks=30, changed=1)))
    assert at_once(moved=1, known=30, habits=habits(moved=Record(looks=30, changed=9)))


def test_a_date_has_moved_when_it_is_later_by_a_minute() -> None:
    assert has_moved(SEEN, SEEN + HOUR)
    assert not has_moved(SEEN, SEEN - HOUR)
    assert not has_moved(SEEN, SEEN + timedelta(seconds=2))
    assert not has_moved(None, SEEN)
    assert not has_moved(SEEN, None)
