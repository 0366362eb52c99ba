"""A megabyte of what each rule likes least: `python -m tests.symbols.hostile`.

What a rule likes least is derived from the rule: a text that nearly matches it, whole or cut
short, over and over, with every repetition at its least and at its most. Prints the CPU
seconds of the worst text for each rule, and ends itself at CPU_LIMIT.
"""

from __future__ import annotations

import re
import resource
import time
from re import _constants as c  # type: ignore[attr-defined] # the parser behind `re.compile`
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from pipelines.items import Source
from pipelines.symbols import (
    chinese,
    find_mentions,
    hints,
    japanese,
    labelled,
    links,
    markets,
    markup,
    normalise,
    tickers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SIZE = 1_000_000
CPU_LIMIT = 150  # seconds for all of it; a rule that backtracks without bound takes days
ANYWHERE = (labelled, tickers, chinese, japanese, markup, hints)  # searched for in a whole text
AT_THE_START = (links, markets, normalise)  # tried on one address, code or notation
PLAIN = ("1", "A", "中", "(")
REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)


def rules(modules: Iterable[Any]) -> dict[str, re.Pattern[str]]:
    """Every regular expression of these modules, in whatever table it stands."""
    found = {}
    for module in modules:
        for name, value in vars(module).items():
            for number, rule in enumerate(_patterns(value)):
                found[f"{module.__name__.rpartition('.')[2]}.{name}.{number}"] = rule
    return found


def _patterns(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _patterns(item)


def parsed(rule: re.Pattern[str]) -> Any:
    """The rule as a tree of its parts."""
    return _parser.parse(rule.pattern, rule.flags & ~re.UNICODE)


def shapes(rule: re.Pattern[str]) -> list[str]:
    """Texts to be repeated: nearly matches, cut off here and there, and plain characters."""
    found = set(PLAIN)
    least, most = ("".join(_sample(parsed(rule), most=most)) for most in (False, True))
    found |= {least[:-1], most, most[:-1], most[: len(most) // 2]}
    return sorted(found - {""})


def _sample(tree: Any, *, most: bool) -> Iterator[str]:
    """A text that matches, but for what looks ahead or behind."""
    for kind, value in tree:
        if kind is c.LITERAL:
            yield chr(value)
        elif kind is c.IN:
            yield _member(value)
        elif kind in {c.ANY, c.NOT_LITERAL}:
            yield "x"
        elif kind is c.BRANCH:
            yield from _sample(value[1][-1 if most else 0], most=most)
        elif kind is c.SUBPATTERN:
            yield from _sample(value[3], most=most)
        elif kind in REPEATS:
            least, greatest, body = value
            for _ in range(min(greatest, 2_000) if most else least):
                yield from _sample(body, most=most)


def _member(choices: Any) -> str:
    kind, value = choices[0]
    if kind is c.LITERAL:
        return chr(value)
    if kind is c.RANGE:
        return chr(value[0])
    if kind is c.CATEGORY:
        return {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " "}.get(value, "a")
    return "x"


def repetitions(tree: Any, around: int = 1) -> list[tuple[int, int]]:
    """Every repetition that varies: how often at most, and how often what it stands in."""
    found = []
    for kind, value in tree:
        if kind in REPEATS:
            least, most, body = value
            if least != most:
                found.append((int(most), around))
            found += repetitions(body, max(around, int(most)))
        elif kind is c.SUBPATTERN:
            found += repetitions(value[3], around)
        elif kind is c.BRANCH:
            for branch in value[1]:
                found += repetitions(branch, around)
        elif kind in {c.ASSERT, c.ASSERT_NOT}:
            found += repetitions(value[1], around)
    return found


def try_all() -> Iterator[tuple[str, float, str]]:
    """Feed 1 MB of each shape to each rule; yield the rule, seconds of the worst, its shape."""
    for name, rule in rules(ANYWHERE).items():
        yield name, *max(_spent(rule.finditer, shape) for shape in shapes(rule))
    for name, rule in rules(AT_THE_START).items():
        yield name, *max(_spent(lambda t, r=rule: [r.match(t)], shape) for shape in shapes(rule))
    source = Source(name="a", domain="a.example")
    every = {s for rule in rules(ANYWHERE).values() for s in shapes(rule) if len(s) < 40}
    for shape in sorted(every)[::12]:
        seconds, _ = _spent(
            lambda text: find_mentions(None, title=None, text=text, language=None, source=source),
            shape,
        )
        yield "find_mentions", seconds, shape


def _spent(work: Any, shape: str) -> tuple[float, str]:
    text = (shape * (SIZE // len(shape) + 1))[:SIZE]
    began = time.process_time()
    for _ in work(text):
        pass
    return time.process_time() - began, shape


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
    for name, seconds, shape in try_all():
        print(f"{seconds:6.3f} s  {name:36} {shape[:40]!r}", flush=True)


if __name__ == "__main__":
    main()
