"""Which lines of the page are the article: one extractor, a referee, second opinions.

The policy, each step measured on real pages (docs/quality.md has the figures):

1. Resiliparse reads the whole text in two milliseconds: the referee.
2. A page in Han script: readability where it agrees with trafilatura, else trafilatura;
   its precision mode only where the standard one says the same and then goes on (to the
   next article), for 250 characters are already a short article there.
3. Any other page: trafilatura's precision mode; its standard mode where the referee saw
   more than four times as much and standard found it too.
4. A lost part: where the referee still has much more, readability, if it holds what we
   have and the referee holds what it has.
5. Where JSON-LD states an articleBody unlike ours, the extractor nearer to it.
6. A live blog: the posts that JSON-LD states, where the page's markup shows but a few.
7. Where all of that is empty, what is declared or hidden in the page's own data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.extract.hidden import in_scripts, live_updates, plain
from pipelines.extract.likeness import dice, inside, length, shingles
from pipelines.furniture import fold

if TYPE_CHECKING:
    from pipelines.extract.declared import Declared
    from pipelines.extract.engines import Engines

Lines = tuple[str, ...]
LEAST = 40
"""Characters below which a body is none."""
SHORT_BLOG = 1500
"""Characters of a live blog's body from which on it is taken to show what it means to."""
LETTERS = re.compile(r"[^\W\d_]+")
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
KANA_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Lines of text before cleaning, and which extractor gave them."""

    lines: Lines
    engine: str


def choose_body(engines: Engines, declared: Declared, *, han: bool) -> Body:
    """Apply the policy above; `han`: the page is Chinese."""
    referee = shingles(engines.referee)
    body = _han(engines) if han else _alphabetic(engines, referee)
    body = _with_lost_part(body, engines, referee, han=han)
    body = _nearer_to_declared(body, engines, declared)
    body = _with_updates(body, declared)
    return body if length(body.lines) >= LEAST else _last_resort(body, engines, declared)


def is_han(text: str) -> bool:
    """Whether a text is Chinese: over 30 % Han of its letters, hardly kana or Hangul."""
    text = text[:20_000]
    if not HAN.search(text):
        return False
    letters, han, other = (len("".join(kind.findall(text))) for kind in (LETTERS, HAN, KANA_HANGUL))
    return letters > 0 and han > 0.3 * letters and other < 0.05 * letters


def _han(engines: Engines) -> Body:
    quick, readability = engines.quick, engines.readability
    if (
        length(readability) >= 80
        and inside(shingles(readability), shingles(quick)) >= 0.8
        and length(readability) >= 0.2 * length(quick)
    ):
        return Body(lines=readability, engine="readability")
    standard = engines.standard
    if length(precision := engines.precision) >= 80 and standard[: len(precision)] == precision:
        return Body(lines=precision, engine="trafilatura-precision")
    return Body(lines=standard, engine="trafilatura")


def _alphabetic(engines: Engines, referee: frozenset[int]) -> Body:
    precision = engines.precision
    if len(shingles(precision)) < 0.25 * len(referee):
        standard = engines.standard
        if length(precision) < 0.35 * length(standard):
            return Body(lines=standard, engine="trafilatura")
    return Body(lines=precision, engine="trafilatura-precision")


def _with_lost_part(body: Body, engines: Engines, referee: frozenset[int], *, han: bool) -> Body:
    ours = shingles(body.lines)
    if body.engine == "readability" or (not han and len(referee) < 1.8 * len(ours)):
        return body
    other = shingles(engines.readability)
    if (
        length(engines.readability) > 1.5 * length(body.lines)
        and (not body.lines or inside(ours, other) >= 0.7)
        and inside(other, referee) >= 0.8
    ):
        return Body(lines=engines.readability, engine="readability")
    return body


def _nearer_to_declared(body: Body, engines: Engines, declared: Declared) -> Body:
    if len(declared.article_body) < 60:
        return body
    stated = shingles(plain(declared.article_body))
    ours = shingles(body.lines)
    if len(stated) < 60 or len(stated) < 0.7 * len(ours):
        return body
    best, likeness = body, dice(ours, stated)
    if likeness >= 0.9:
        return body
    for lines, engine in (
        (engines.standard, "trafilatura"),
        (engines.readability, "readability"),
    ):
        other = dice(shingles(lines), stated)
        if other > likeness + 0.02:
            best, likeness = Body(lines=lines, engine=engine), other
    return best


def _with_updates(body: Body, declared: Declared) -> Body:
    """A live blog's posts as JSON-LD states them, where the page shows hardly any of them."""
    stated = live_updates(declared)
    if length(body.lines) >= SHORT_BLOG:
        return body
    text = "".join(map(fold, body.lines))
    missing = tuple(line for line in stated if fold(line) not in text)
    if length(missing) <= 0.4 * length(stated):
        return body
    return Body(lines=stated, engine="json-ld")


def _last_resort(body: Body, engines: Engines, declared: Declared) -> Body:
    """A page without markup for its text: what JSON-LD states, else what its scripts hold."""
    stated = plain(declared.article_body)
    if length(stated) > length(body.lines):
        return Body(lines=stated, engine="json-ld")
    hidden = in_scripts(engines.scripts)
    if length(hidden) > length(body.lines) + 200:
        return Body(lines=hidden, engine="script")
    return body
