"""The instruments an article names: from its markup, its text, its feed and the user's names.

    tree ──markup──┐
    title ─notation┤
    text ──notation┼──► candidates ──► where it trades settled ──► one Mention each place
    hints ─────────┤
    names ─────────┘

Nothing is inferred: a mention has a rule and the words that were matched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pipelines.items import Mention
from pipelines.symbols import markup, notations
from pipelines.symbols.candidates import CERTAINTIES
from pipelines.symbols.hints import read_hints
from pipelines.symbols.markets import US_EXCHANGES, Listing
from pipelines.symbols.markup import Markup, read_markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.items import Source, SymbolHint
    from pipelines.symbols.candidates import Candidate
    from pipelines.symbols.names import NameTable

Place = Literal["title", "body", "markup", "feed"]


def find_mentions(
    tree: Any | Markup | None,
    *,
    title: str | None,
    text: str,
    language: str | None,
    source: Source,
    hints: Sequence[SymbolHint] = (),
    names: NameTable | None = None,
) -> tuple[Mention, ...]:
    """Find the instruments that a page names; one `Mention` per symbol and place.

    `tree` is the whole page as lxml parsed it, before any cleaning, or what `read_markup`
    has made of that already, or None; `text` the article's own text, which also tells which
    part of the page is the article. Of several findings in one place the most certain is
    kept, with the number of them. In order of place (title, body, markup, feed), then of
    appearance. The whole text is read, however long.
    """
    if tree is not None and not isinstance(tree, Markup):
        tree = read_markup(tree, source)
    places: list[tuple[Place, list[Candidate]]] = [
        ("title", _in_text(title or "", names)),
        ("body", _in_text(text, names)),
        ("markup", [] if tree is None else list(markup.find(tree, text))),
        ("feed", list(read_hints(hints))),
    ]
    exchanges = _exchanges(places, names)
    return tuple(
        mention for place, candidates in places for mention in _merge(place, candidates, exchanges)
    )


def _in_text(text: str, names: NameTable | None) -> list[Candidate]:
    if not text:
        return []
    found = notations.find(text)
    if names is None:
        return found
    found = [candidate for candidate in found if not names.overrules(candidate)]
    return sorted([*found, *names.find(text)], key=lambda candidate: candidate.at)


def _exchanges(
    places: Iterable[tuple[Place, list[Candidate]]], names: NameTable | None
) -> dict[str, Listing]:
    """Map American tickers to the exchange that this article, or the user's table, states."""
    stated: dict[str, set[Listing]] = {}
    for _, candidates in places:
        for candidate in candidates:
            if candidate.listing.mic in US_EXCHANGES:
                stated.setdefault(candidate.listing.code, set()).add(candidate.listing)
    known = {code: found.copy().pop() for code, found in stated.items() if len(found) == 1}
    return {**names.us_listings, **known} if names is not None else known


def _merge(
    place: Place, candidates: list[Candidate], exchanges: dict[str, Listing]
) -> Iterable[Mention]:
    """Keep the most certain finding of each symbol, counted by the rule that met it most.

    Counts of several rules are not added: one occurrence may satisfy two of them.
    """
    merged: dict[str, Mention] = {}
    met: Counter[tuple[str, str]] = Counter()
    for candidate in candidates:
        found = candidate.listing
        if found.mic == "US":
            found = exchanges.get(found.code, found)
        met[found.symbol, candidate.rule] += 1
        new = Mention(
            symbol=found.symbol,
            mic=found.mic,
            code=found.code,
            name=candidate.name,
            rule=candidate.rule,
            certainty=candidate.certainty,
            place=place,
            matched=candidate.matched[:200],
            count=met[found.symbol, candidate.rule],
        )
        old = merged.get(new.symbol)
        merged[new.symbol] = new if old is None else _better(old, new)
    return merged.values()


def _better(old: Mention, new: Mention) -> Mention:
    surer = CERTAINTIES.index(new.certainty) < CERTAINTIES.index(old.certainty)
    best, other = (new, old) if surer else (old, new)
    return replace(best, name=best.name or other.name, count=max(old.count, new.count))
