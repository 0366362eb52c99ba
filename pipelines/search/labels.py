"""What the index knows of an article besides its words, as tokens that nobody can type.

A search within one source, language, instrument or time asks the index for the words and the
label together: it leaps from match to match. Without labels every article with the words
would be looked up to see whose it is: for a common word that is most of the record.
A label is a hash: two that fall together cost time only, for the filters themselves are
still applied to what was found.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A private-use character: a letter to SQLite's tokenizer, and in no text that people write.
_MARK = "\ue000"
# The label of nothing at all.
NEVER = _MARK


def labels(
    source: str,
    publisher: str | None,
    language: str | None,
    first_seen_at: str,
    symbols: Iterable[str],
) -> str:
    """Write an article's labels as the index wants them; `first_seen_at` is ISO 8601."""
    return " ".join(dict.fromkeys(_labels(source, publisher, language, first_seen_at, symbols)))


def _labels(
    source: str,
    publisher: str | None,
    language: str | None,
    first_seen_at: str,
    symbols: Iterable[str],
) -> Iterator[str]:
    yield of_source(source)
    if publisher:
        yield of_source(publisher)
    if language:  # zh-Hans-CN is zh as well, and zh-Hans
        subtags = language.split("-")
        for count in range(1, len(subtags) + 1):
            yield of_language("-".join(subtags[:count]))
    yield _label("seen", first_seen_at[:7])
    yield _label("seen", first_seen_at[:10])
    yield from map(of_symbol, symbols)


def of_time(first: date, last: date) -> list[str]:
    """The labels of all that was first seen on these days, both included: whole months as one."""
    found = []
    day = first
    while day <= last:
        month_after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day.day == 1 and month_after - timedelta(days=1) <= last:
            found.append(_label("seen", f"{day:%Y-%m}"))
            day = month_after
        else:
            found.append(_label("seen", f"{day:%Y-%m-%d}"))
            day += timedelta(days=1)
    return found


def of_source(name: str) -> str:
    """The label of all that a source lists or a publisher published."""
    return _label("source", name)


def of_language(tag: str) -> str:
    """The label of all that is in a language."""
    return _label("language", tag.lower())


def of_symbol(symbol: str) -> str:
    """The label of all that mentions an instrument."""
    return _label("symbol", symbol)


def _label(kind: str, name: str) -> str:
    hashed = blake2b(f"{kind}:{name}".encode("utf-8", "surrogatepass"), digest_size=5)
    return _MARK + hashed.hexdigest()
