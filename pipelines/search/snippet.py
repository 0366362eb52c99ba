"""The passage that shows why an article was found, with the hits marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.search.words import CJK, FOLDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.search.query import Phrase

# Text beyond this is not looked at for the snippet: a hit so far down is seldom the best.
_LOOKED_AT = 60_000
_WIDE = re.compile(f"[{CJK}\uff00-\uffef]")


class _Aligned(dict[int, str]):
    """One folded character for one of the text, so that places agree."""

    def __missing__(self, code: int) -> str:
        self[code] = (FOLDED[code] or "\x7f")[0]
        return self[code]


_ALIGNED = _Aligned()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `hit` if it is what was looked for."""

    text: str
    hit: bool = False


def marked(text: str, phrases: Sequence[Phrase]) -> tuple[Piece, ...]:
    """Cut a text into what matches one of the phrases and what does not."""
    return _pieces(text, _hits(text, phrases))


def snippet(text: str, phrases: Sequence[Phrase], width: int = 160) -> tuple[Piece, ...]:
    """Cut the passage of about `width` columns which holds most different phrases.

    A Chinese character is two columns wide. Without a hit it is how the text begins.
    """
    text = " ".join(text[:_LOOKED_AT].split())
    hits = _hits(text, phrases)
    start, end = _window(text, hits, width)
    inside = [hit for hit in hits if hit[0] >= start and hit[1] <= end]
    pieces = _pieces(text[start:end], [(a - start, b - start, which) for a, b, which in inside])
    before = (Piece("…" if _WIDE.match(text[start]) else "… "),) if start else ()
    after = (Piece("…" if _WIDE.match(text[end - 1]) else " …"),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _hits(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int, int]]:
    """Where a phrase stands: first, one past its last character, number of the phrase."""
    if not phrases:
        return []
    folded = text.lower() if text.isascii() else text.translate(_ALIGNED)
    pattern = "|".join(f"({_pattern(phrase)})" for phrase in phrases)
    return [(m.start(), m.end(), m.lastindex or 0) for m in re.finditer(pattern, folded)]


def _pattern(phrase: Phrase) -> str:
    """The phrase as it stands in a text: tokens, with anything but letters between them."""
    words: list[str] = []
    joined = False  # to the word before: pairs of Chinese characters overlap
    for token in phrase.tokens:
        pair = bool(_WIDE.match(token[0]))
        if pair and words and joined and words[-1].endswith(token[0]):
            words[-1] += token[1:]
        else:
            words.append(token)
        joined = pair and len(token) == 2
    body = r"[\W_]{0,4}".join(re.escape(word) for word in words)
    first, last = words[0][0], words[-1][-1]
    left = "" if _WIDE.match(first) else rf"(?<![^\W{CJK}_])"
    right = "" if phrase.prefix or _WIDE.match(last) else rf"(?![^\W{CJK}_])"
    more = rf"[^\W{CJK}_]{{0,30}}" if phrase.prefix and not _WIDE.match(last) else ""
    return f"{left}{body}{more}{right}"


def _window(text: str, hits: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """Choose the stretch with most different phrases, then most hits, then the earliest."""
    size = max(width // 2 if hits and _WIDE.match(text[hits[0][0]]) else width, 20)
    if not hits:
        sample = text[:40]
        size = width // 2 if len(_WIDE.findall(sample)) * 2 > len(sample) else width
        return 0, _boundary(text, min(size, len(text)), forward=False)
    best, best_score = hits[0][0], (0, 0)
    for first, _, _ in hits[:200]:
        inside = [which for a, b, which in hits if a >= first and b <= first + size * 3 // 4]
        score = (len(set(inside)), len(inside))
        if score > best_score:
            best, best_score = first, score
    start = max(0, min(best - size // 4, len(text) - size))
    if start:
        start = min(_boundary(text, start, forward=True), best)
    end = min(start + size, len(text))
    return start, end if end == len(text) else _boundary(text, end, forward=False)


def _boundary(text: str, at: int, *, forward: bool) -> int:
    """The nearest beginning of a word from here, at most 15 characters away."""
    if at >= len(text):
        return len(text)
    reach = range(at, min(at + 15, len(text))) if forward else range(at, max(at - 15, 0), -1)
    for place in reach:
        if text[place - 1 if forward else place] == " " or _WIDE.match(text[place]):
            return place
    return at


def _pieces(text: str, hits: list[tuple[int, int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = 0
    for start, end, _ in hits:
        if start < done or start == end:
            continue
        if start > done:
            pieces.append(Piece(text[done:start]))
        pieces.append(Piece(text[start:end], hit=True))
        done = end
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return tuple(pieces)
