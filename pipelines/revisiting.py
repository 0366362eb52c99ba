"""When an article's page is looked at again.

Most edits are never announced by a feed, so a page is visited again by its age. A visit
some time before a day has passed finds every edit of that time within a day of it, for one
conditional request; the others are made where they have a reason:

    about 1 h    the article is marked as running (an alert, an update, a correction), or
                 its source edits early: a fifth or more of its first visits found a change
    before 24 h  every article
    about 7 d    an article that has changed before, was withdrawn, or whose source edits late

The ages and the rules were chosen on the edit times that GDELT measured on 88 million
pages (17.9 % of bodies within a week, 81 % of that within the first day); what each costs
and catches is in docs/stories.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

EARLY = timedelta(hours=1)
DAY = timedelta(hours=23, minutes=40)
WEEK = timedelta(days=7)
AGES = (EARLY, DAY, WEEK)
# Visits are spread over this much before their age, so that a feed of fifty new articles
# does not become fifty requests in one second tomorrow.
SPREAD = 0.01
# A source's own record decides about the early and the late visit once it has this many.
ENOUGH_VISITS = 20
WORTH_IT = 0.2
RUNNING = ("alert", "update", "corrected", "refile", "wrapup")
OVER = ("withdrawn",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What visits of one kind at a source have come to: made, and found changed."""

    visits: int = 0
    changed: int = 0

    @property
    def pays(self) -> bool:
        """Whether there were enough visits to tell, and enough of them found a change."""
        return self.visits >= ENOUGH_VISITS and self.changed >= WORTH_IT * self.visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a source edits: what its early and its late visits found."""

    early: Record = Record()
    late: Record = Record()


def next_visit(
    first_seen: datetime,
    last_visit: datetime,
    *,
    article_id: int = 0,
    revisions: int = 1,
    flags: Collection[str] = (),
    status: str = "full",
    habits: Habits | None = None,
) -> datetime | None:
    """Say when a page is due again; None when it need not be looked at any more.

    `first_seen` and `last_visit` are in UTC; `revisions` counts the article's own (1: never
    changed). Visits that came due while nobody was watching are not made up for one by one:
    the next one lies after `last_visit`. A page that is gone is visited once more, for it
    may return.
    """
    known = habits or Habits()
    base = {flag.rsplit("-", 1)[0] if flag[-1:].isdigit() else flag for flag in flags}
    wanted = {
        EARLY: bool(base.intersection(RUNNING)) or known.early.pays,
        DAY: True,
        WEEK: revisions > 1 or known.late.pays or status == "gone" or bool(base.intersection(OVER)),
    }
    age = last_visit - first_seen
    for planned in AGES:
        if wanted[planned] and age < planned * (1 - SPREAD):
            return first_seen + planned * (1 - SPREAD * _fraction(article_id))
    return None


def at_once(*, entry_changed: bool, date_moved: bool, withdrawn: bool = False) -> bool:
    """Whether the feed gives a reason to look now.

    A moved date is no change of the entry, but the cheapest sign of an edit there is.
    """
    return (entry_changed or date_moved) and not withdrawn


def _fraction(article_id: int) -> float:
    """Give each article its own place in the spread, always the same one."""
    return blake2b(str(article_id).encode(), digest_size=1).digest()[0] / 255
