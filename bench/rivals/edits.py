"""The served fortnight of bench.served_week, watched by Broadtape and by its rivals.

Everybody polls at most half-hourly, and meets the same articles, edits and withdrawals.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from bench.rivals.tools import Asked, Rival
from bench.served_site import Publisher, Story, stories
from bench.served_week import LENGTH, SHARED, START, requests_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RIVALS = (
    Rival("reader, which holds no body", "watch:reader", "reader"),
    Rival("own script, each page once", "watch:script", "trafilatura"),
    Rival("own script, again where the feed changed", "watch:script-told", "trafilatura"),
    Rival("own script, again daily for a week", "watch:script-daily", "trafilatura"),
)
ARTICLES, EVERY = 300, timedelta(minutes=30)
Events = dict[str, list[tuple[datetime, str]]]
"""By an article's address, when what was noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What of the fortnight a watcher caught, within a day of each edit, and what it cost."""

    caught: int
    edits: int
    withdrawn: str
    false: int
    pages: int
    requests: int


def measure(articles: int = ARTICLES) -> dict[str, Caught]:
    """Watch the fortnight with everybody, one after the other."""
    theirs = {rival.name: _theirs(rival, articles) for rival in RIVALS}
    return {"Broadtape": _ours(articles), **theirs}


def _ours(articles: int) -> Caught:
    command = [sys.executable, "-m", "bench.served_week", "--run", "looks"]
    floor = str(int(EVERY.total_seconds()))
    command += ["--floor", floor, "--articles", str(articles)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Caught(
        caught=found["within 24 h"],
        edits=found["edits"],
        withdrawn=found["withdrawals"],
        false=found["false revisions"],
        pages=found["asked"]["page whole"],
        requests=found["asked"]["requests"],
    )


def _theirs(rival: Rival, articles: int) -> Caught:
    laid_out = stories(SHARED, articles, START, "power", 1)
    publishers = [
        Publisher(language, "honest", [s for s in laid_out if s.before.language == language])
        for language in ("en", "zh")
    ]
    for publisher in publishers:
        publisher.server.start()
    events = _watch(rival, [f"{publisher.server.url}/feed.xml" for publisher in publishers])
    told = [
        (story, events.get(publisher.url(story), []))
        for publisher in publishers
        for story in publisher.stories
    ]
    for publisher in publishers:
        publisher.server.stop()
    asked = requests_of(publishers)
    return judged(told, pages=asked.get("page whole", 0), requests=asked["requests"])


def _watch(rival: Rival, feeds: Sequence[str]) -> Events:
    found: Events = {}
    with time_machine.travel(START, tick=False) as clock, Asked(rival) as asked:
        for number in range(1, LENGTH // EVERY + 1):
            now = START + number * EVERY
            clock.move_to(now)
            answer = asked.ask({"feeds": feeds, "now": now.isoformat()})
            for url, kind in answer["events"]:
                found.setdefault(url, []).append((now, kind))
    return found


def judged(
    told: Sequence[tuple[Story, list[tuple[datetime, str]]]], *, pages: int, requests: int
) -> Caught:
    """Compare what was noticed with what happened.

    An edit is caught by the first change noticed after it, if that is within a day; every
    other change is false. What was edited before it was first seen is not counted.
    """
    caught = edits = false = 0
    withdrawn = [0, 0]
    for story, events in told:
        edit = story.edit
        after = [(at, kind) for at, kind in events[1:] if edit and at >= edit.at]
        false += sum(kind == "changed" for _, kind in events[1:])
        if edit is None or not events or edit.at <= events[0][0]:
            continue
        if edit.kind == "withdrawn":
            withdrawn[0] += any(kind == "gone" for _, kind in after)
            withdrawn[1] += 1
            continue
        edits += 1
        changes = [at for at, kind in after if kind == "changed"]
        false -= bool(changes)
        caught += bool(changes) and changes[0] - edit.at <= timedelta(days=1)
    return Caught(
        caught=caught,
        edits=edits,
        withdrawn=f"{withdrawn[0]} of {withdrawn[1]}",
        false=false,
        pages=pages,
        requests=requests,
    )
