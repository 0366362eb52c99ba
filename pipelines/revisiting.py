"""When an article's page is looked at again, and how it is asked for.

Most edits are never announced by a feed, so pages are looked at again by their age: some
time before an hour, a day, and each further day until the fourth, every other one until the
fifth. Whether a look is worth its price is weighed for each source (`pipelines.habits`).

So a source with honest validators is watched daily for four or five days, one that sends every
page whole is looked at once before the first day is over, and one that never changes its
pages is hardly looked at. What the feed tells comes first (`at_once`). What each rule costs
and catches is measured in docs/revisions.md.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from pipelines.habits import Habits

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from pipelines.habits import Occasion
    from pipelines.items import Announcement

EARLY = timedelta(hours=1)
# A little under a day, so that the next look comes within 24 hours of an edit.
DAY = timedelta(hours=23, minutes=40)
WEEK = 7 * DAY
# On so many days each, on the last of them one article in so many. Just enough to find 95 % of
# all edits even if those of the later days spread evenly over the week.
DAYS = 5
LAST_DAY = 2
AGES = (EARLY, *(DAY * number for number in range(1, DAYS + 1)), WEEK)
# Looks are spread over this much before their age, so that a feed of fifty new articles
# does not become fifty requests in one second tomorrow.
SPREAD = 0.01

# A look must promise so many changes for the price of a whole page. An early look finds
# nothing that the day's look would miss, only sooner: it must promise more. At these values
# a record must fall to a fifth of what is usual before looks are given up, which chance
# alone brings about once in fifty sources.
WORTH = 0.012
WORTH_EARLY = 0.1
WORTH_MOVED = 0.1
# One article in so many is looked at early and after a day whatever the record says, so
# that a source which starts to edit is noticed.
SAMPLE = 20
# One look after a day in so many is made without validators, to find out a server which says
# "not modified" of what is; more of them until changes have shown it to be honest.
AUDIT, FIRST_AUDITS, FIRST_LOOKS = 20, 5, 60

RUNNING = ("alert", "update", "corrected", "refile", "wrapup")
# Moved dates of so many entries at once, and of over half of the document, are a restamp.
FEW_MOVES = 2
LEAST_MOVE = timedelta(minutes=1)
# Feeds that tell of one edit within so long after its page was read bring no further look.
ANNOUNCED = timedelta(hours=1)


def next_visit(
    first_seen: datetime,
    last_visit: datetime,
    *,
    article_id: int = 0,
    edits: int = 0,
    flags: Collection[str] = (),
    status: str = "full",
    has_validators: bool = False,
    habits: Habits | None = None,
) -> datetime | None:
    """Say when a page is due again; None when it need not be looked at any more.

    `first_seen` and `last_visit` are in UTC; `edits` counts the publisher's changes that
    were found so far. Looks that came due while nobody was watching are not made up for one
    by one: the next one lies after `last_visit`. A page that is gone is looked at once more
    at the end of the week, for it may return; so is one that has changed before.
    """
    known = habits or Habits()
    base = {flag.rsplit("-", 1)[0] if flag[-1:].isdigit() else flag for flag in flags}
    price = known.price(has_validators=has_validators)
    gone = status == "gone" or "withdrawn" in base
    sampled = _in_sample(article_id, "sample", SAMPLE)
    running = bool(base.intersection(RUNNING))
    worth = {
        "early": running or sampled or known.expected("early") >= WORTH_EARLY * price,
        "day": gone or sampled or known.expected("day") >= WORTH * price,
        "later": not gone and known.expected("later") >= WORTH * price,
    }
    age = last_visit - first_seen
    for planned in AGES:
        if age >= planned * (1 - SPREAD):
            continue
        if planned == DAYS * DAY and not _in_sample(article_id, "last day", LAST_DAY):
            continue
        if edits > 0 or gone if planned == WEEK else worth[occasion_of(planned)]:
            return first_seen + planned * (1 - SPREAD * _fraction(article_id, "spread"))
    return None


def occasion_of(age: timedelta) -> Occasion:
    """Name what a look at this age is."""
    if age <= 2 * EARLY:
        return "early"
    return "day" if age <= DAY * 1.5 else "later"


def asks_whole(habits: Habits, occasion: Occasion, article_id: int) -> bool:
    """Whether to ask for a page without its validators, and so find out a server that lies."""
    if not habits.honest:
        return True
    unknown = not habits.proven and habits.of("day").looks < FIRST_LOOKS
    one_in = FIRST_AUDITS if unknown else AUDIT
    return occasion == "day" and _in_sample(article_id, "audit", one_in)


def at_once(*, moved: int, known: int, habits: Habits | None = None) -> bool:
    """Whether entries whose date the feed has moved are worth a look now.

    A moved date is no change of an entry, but often the only sign of an edit. `moved` of
    the `known` entries of one document have moved; where most have, the feed stamps them
    anew each time. A source whose moved dates mean nothing is not listened to for long.
    """
    if moved > FEW_MOVES and 2 * moved > known:
        return False
    return (habits or Habits()).expected("moved") >= WORTH_MOVED


def has_moved(before: datetime | None, after: datetime | None) -> bool:
    """Whether an entry's date has moved on, by enough to mean something."""
    return before is not None and after is not None and after - before >= LEAST_MOVE


def claims_no_more(claimed: datetime | None, known: Announcement, seen_at: datetime) -> bool:
    """Whether a date seen by then says no more than the page was read after, a short time ago."""
    if seen_at - known.read_at > ANNOUNCED:
        return False
    if claimed is None:
        return True
    return known.claimed_at is not None and not has_moved(known.claimed_at, claimed)


def _in_sample(article_id: int, of: str, one_in: int) -> bool:
    return _fraction(article_id, of) < 1 / one_in


def _fraction(article_id: int, of: str) -> float:
    """Give each article its own place between 0 and 1, always the same one."""
    digest = blake2b(f"{of} {article_id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
