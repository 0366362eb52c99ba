"""What looking again costs and catches: the curve, on simulated edits as GDELT measured them.

    python -m bench.revisiting [--articles 300] [--weeks 20] [--polls 200]

One source publishes for so many weeks; its articles are edited as bench/edits.py says, half
of the edits shown by the feed (half of these by a later date alone). Counted as a server
would: polls, first fetches, looks; and bodies sent, which a 304 is not. Everything is
compared with the same crawl that never looks again and fetches a page anew only when its
entry changes. "Caught" means within 24 hours of the edit. bench/served_week.py does the
same through the crawl itself.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from bench.edits import BODIES, DAY_H, TIMES, WITHDRAWN, edit_age
from pipelines.habits import Habits, Look
from pipelines.revisiting import DAY, EARLY, asks_whole, next_visit, occasion_of

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVERS = ("honest", "none", "bytes", "liar")

Due = Callable[["Article", datetime, Habits], datetime | None]


@dataclass(slots=True)
class Article:
    """An article, what happens to it, and what was found of that."""

    id: int
    seen: datetime
    edits: list[Edit] = field(default_factory=list)
    found: int = 0
    planned: int = 0


@dataclass(slots=True)
class Edit:
    """One edit: when, how the feed shows it, and when it was found."""

    at: datetime
    told: Literal["changed", "moved", ""]
    withdrawal: bool
    caught_at: datetime | None = None


@dataclass(slots=True)
class Source:
    """A source under one policy: its server, its habits as learned, and what was counted."""

    server: str
    policy: Due
    validators: bool = False
    habits: Habits = field(default_factory=Habits)
    requests: int = 0
    bodies: int = 0
    queue: list[tuple[datetime, int, int, str]] = field(default_factory=list)

    def run(self, articles: list[Article]) -> None:
        """Watch all articles to the end."""
        self.validators = self.server != "none"
        for article in articles:
            heapq.heappush(self.queue, (article.seen, article.id, 0, "first"))
            for edit in article.edits:
                if edit.told:
                    heapq.heappush(self.queue, (edit.at, article.id, 0, edit.told))
        while self.queue:
            now, number, turn, why = heapq.heappop(self.queue)
            article = articles[number]
            if why == "look" and turn != article.planned:
                continue  # looked at meanwhile
            self._fetch(article, now, why)
            due = self.policy(article, now, self.habits)
            article.planned += 1
            if due is not None:
                heapq.heappush(self.queue, (due, number, article.planned, "look"))

    def _fetch(self, article: Article, now: datetime, why: str) -> None:
        occasion = occasion_of(now - article.seen)
        asked = why in ("look", "moved") and self.validators
        whole = not asked or asks_whole(self.habits, occasion, article.id)
        fresh = [e for e in article.edits if e.at <= now and e.caught_at is None]
        lies = self.server == "liar" and not whole
        unmodified = lies or (self.server == "honest" and not whole and not fresh)
        self.requests += 1
        self.bodies += not unmodified
        if not lies:
            for edit in fresh:
                edit.caught_at = now
            article.found += len(fresh)
        if why == "first":
            return
        changed = bool(fresh) and not lies
        moved = {"honest": True, "bytes": True, "liar": False}.get(self.server)
        look = Look(
            changed=changed,
            conditional=not whole,
            unmodified=unmodified,
            validators_moved=moved if changed else None,
        )
        kind = occasion if why == "look" else why
        self.habits = self.habits.with_look(kind, look)  # type: ignore[arg-type]


def publish(count: int, weeks: int, times: str, share: float, seed: int) -> list[Article]:
    """Lay out what is published, and what happens to it."""
    chance = random.Random(seed)
    seen = sorted(chance.uniform(0, 168 * weeks) for _ in range(count * weeks))
    articles = [Article(number, START + hours * HOUR) for number, hours in enumerate(seen)]
    for article in articles:
        for odds, withdrawal in ((BODIES * share, False), (WITHDRAWN * share, True)):
            if chance.random() < odds:
                at = article.seen + edit_age(chance, times) * HOUR
                told = "" if withdrawal else chance.choice(("changed", "moved", "", ""))
                article.edits.append(Edit(at, told, withdrawal))  # type: ignore[arg-type]
        article.edits.sort(key=lambda edit: edit.at)
    return articles


def never(_article: Article, _last: datetime, _habits: Habits) -> datetime | None:
    return None


def ages(*planned: timedelta) -> Due:
    """Make a policy that looks at every article at these ages."""

    def due(article: Article, last: datetime, _habits: Habits) -> datetime | None:
        later = (article.seen + age for age in planned if last - article.seen < age - HOUR / 4)
        return next(later, None)

    return due


def shipped(validators: bool) -> Due:
    """Make the policy that Broadtape has, for pages with or without validators."""

    def due(article: Article, last: datetime, habits: Habits) -> datetime | None:
        return next_visit(
            article.seen,
            last,
            article_id=article.id,
            edits=article.found,
            has_validators=validators,
            habits=habits,
        )

    return due


POLICIES: dict[str, Due] = {
    "a day": ages(DAY),
    "1 h, a day": ages(EARLY, DAY),
    "1 h, a day, a week": ages(EARLY, DAY, 7 * DAY),
    **{f"{days} days": ages(*(DAY * n for n in range(1, days + 1))) for days in (2, 3, 4, 5, 7)},
}


def row(articles: list[Article], source: Source, base: Source, polls: int) -> str:
    """Say what a policy caught and cost."""
    edits = [edit for article in articles for edit in article.edits]
    seen_at = {id(edit): article.seen for article in articles for edit in article.edits}
    bodies = [edit for edit in edits if not edit.withdrawal]
    early = [e for e in bodies if (e.at - seen_at[id(e)]) / HOUR <= DAY_H]

    def share(of: list[Edit]) -> float:
        caught = [e for e in of if e.caught_at and (e.caught_at - e.at) / HOUR <= DAY_H]
        return len(caught) / max(1, len(of))

    gone = [edit for edit in edits if edit.withdrawal]
    withdrawn = sum(edit.caught_at is not None for edit in gone) / max(1, len(gone))
    return (
        f"{share(bodies):7.3f} {share(early):7.3f} {withdrawn:7.3f}"
        f" {source.bodies / base.bodies:7.2f}"
        f" {(polls + source.requests) / (polls + base.requests):9.2f}"
        f" {source.requests / len(articles):7.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=300, help="a week")
    parser.add_argument("--weeks", type=int, default=20)
    parser.add_argument("--polls", type=int, default=200, help="a day")
    chosen = parser.parse_args()
    polls = chosen.polls * 7 * chosen.weeks
    head = ("caught", "day 1", "gone", "bodies", "requests", "a page")
    print(f"{'':36} {head[0]:>7} {head[1]:>7} {head[2]:>7} {head[3]:>7} {head[4]:>9} {head[5]:>7}")

    def show(name: str, server: str, times: str, policy: Due, share: float = 1.0) -> None:
        def watched(by: Due) -> tuple[list[Article], Source]:
            articles = publish(chosen.articles, chosen.weeks, times, share, seed=1)
            source = Source(server, by)
            source.run(articles)
            return articles, source

        _, base = watched(never)
        articles, source = watched(policy)
        print(f"{name:20} {server:8} {times:6} {row(articles, source, base, polls)}")

    for name, policy in POLICIES.items():
        show(name, "honest", "power", policy)
    for server in SERVERS:
        for times in TIMES if server == "honest" else ("power",):
            show("shipped", server, times, shipped(server != "none"))
    for name, share in (("edits never", 0.0), ("edits 3 times as much", 3.0)):
        for server in ("honest", "none"):
            show(name, server, "power", shipped(server != "none"), share)


if __name__ == "__main__":
    main()
