"""Whether two articles tell one story: the same text, at whatever outlet.

Much shared text is not enough: a daily wrap, a rate table or an earnings template shares
nearly all of its text with yesterday's. So the shared text must be enough (`SHARED`), and
then nothing may speak against it:

    figures    the same words around another figure, or figures of the shorter that the
               longer does not have
    names      names of the shorter that the longer does not have
    titles     each title speaks of what its own text has and the other text has not

Measured, with the curve, in docs/stories.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.signature import bare, is_dense, shingles
from pipelines.wire import strip_prefixes

if TYPE_CHECKING:
    from datetime import datetime

# Share of the shorter text's windows that the longer one must have; where the shorter is a
# mere teaser, up to `SHARED_BY_TEASERS`: two hands write one sentence about one thing.
SHARED = 0.58
SHARED_BY_TEASERS = 0.9
# Shares above which something speaks against one story.
OTHER_FIGURES = 0.1
MISSING_FIGURES = 0.4
MISSING_NAMES = 0.12
FOREIGN_TITLE = 0.1
# With fewer figures than this each of them counts: a flash of one line has two or three.
FEW_FIGURES = 8
# Bare letters below which a shared text proves nothing ("Subscribe to read on").
LEAST_LETTERS = 60
LEAST_LETTERS_DENSE = 25
# Bare letters below which a text is a summary that two outlets may write each their own way.
SUMMARY_LETTERS = 180
SUMMARY_LETTERS_DENSE = 60
# Titles alone make a story only when they are this long, and first seen within these days.
LEAST_TITLE = 16
LEAST_TITLE_DENSE = 9
TITLE_DAYS = 3

_SUFFIX = re.compile(r"\s+(?:[-–—|｜_]|--)\s+[^-–—|｜_]{2,40}$|[_|｜][^_|｜]{2,16}$")
_DAYS = "Mon|Tues|Wednes|Thurs|Fri|Satur|Sun"
_FIGURE = re.compile(rf"\d+(?:[.,:]\d+)*|\b(?:{_DAYS})day\b|(?:周|星期)[一二三四五六日天]")
_LATIN_NAME = re.compile(r"(?<=[a-z,;’'\"”)] )[A-Z][A-Za-z]{2,}")
_HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’]{2,}")
_COMMON_WORDS = (
    "the and for are was with that this from has have will its his her their they you your our "
    "but not who what how why when into over after amid says said new more than about out off "
    "all one two"
)
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the comparison reads of an article, worked out once.

    `contexts` maps the words around a figure to the figures found there; `names` counts
    capitalised words within a sentence, or the pairs of Chinese characters that come again
    and again.
    """

    title: str
    title_words: frozenset[str]
    body: str
    dense: bool
    windows: frozenset[str]
    figures: Counter[str]
    contexts: dict[str, frozenset[str]]
    names: Counter[str]
    seen: datetime | None = None

    @classmethod
    def of(cls, title: str | None, text: str, *, seen: datetime | None = None) -> Telling:
        """Work out a telling from a title and a body; `seen` is when it was first seen."""
        whole = f"{strip_prefixes(title or '')}\n{text}"
        dense = is_dense(text or title or "")
        return cls(
            title=title_key(title),
            title_words=_title_words(_SUFFIX.sub("", strip_prefixes(title or ""))),
            body=bare(text),
            dense=dense,
            windows=shingles(text, 4 if dense else 8),
            figures=Counter(found.replace(",", "") for found in _FIGURE.findall(whole)),
            contexts=_contexts(whole),
            names=_names(text, dense=dense),
            seen=seen,
        )


def title_key(title: str | None) -> str:
    """Return a title without wire prefixes and publisher's suffix, letters and digits only."""
    plain = strip_prefixes(title or "")
    return bare(_SUFFIX.sub("", plain)) or bare(plain)


def titles_agree(a: str | None, b: str | None) -> bool:
    """Whether two titles are one but for prefixes, suffixes, case and punctuation."""
    return bool(title_key(a)) and title_key(a) == title_key(b)


def similarity(a: str, b: str) -> float:
    """Return the share of the shorter text's character 4-grams that the longer has, 0 to 1."""
    return _contained(shingles(a), shingles(b))


def same_story(a: Telling, b: Telling) -> float | None:
    """Return how similar two tellings of one story are (0 to 1); None for two stories.

    Does not depend on which of the two comes first.
    """
    shared = _contained(a.windows, b.windows)
    by_text = shared >= _needed(_shorter(a, b), dense=a.dense and b.dense)
    if not (by_text or _by_title(a, b, shared)):
        return None
    if figures_differ(a, b) or (by_text and (names_differ(a, b) or titles_differ(a, b))):
        return None
    return round(shared if by_text else max(shared, SHARED), 4)


def figures_differ(a: Telling, b: Telling) -> bool:
    """Whether the same words stand around other figures, or many figures are missing."""
    met = [(a.contexts[key], b.contexts[key]) for key in a.contexts.keys() & b.contexts.keys()]
    other = sum(not (mine & theirs) for mine, theirs in met)
    fewer, more = sorted((a.figures, b.figures), key=Counter.total)
    total = fewer.total()
    missing = (fewer - more).total()
    if total < FEW_FIGURES:
        return other > 0 or (missing > 0 and a.title != b.title) or missing * 2 > total
    return other > OTHER_FIGURES * len(met) or missing > MISSING_FIGURES * total


def names_differ(a: Telling, b: Telling) -> bool:
    """Whether the shorter text has names that the longer has not."""
    shorter, longer = sorted((a, b), key=lambda telling: (len(telling.body), telling.body))
    total = shorter.names.total()
    where = longer.body + longer.title
    missing = sum(count for name, count in shorter.names.items() if name not in where)
    return total > 0 and missing > MISSING_NAMES * total


def titles_differ(a: Telling, b: Telling) -> bool:
    """Whether each title is about what its own text has and the other article has not.

    Or about nothing of either text nor of the other title: then what the two share is no
    article ("register to go on reading"), however much it is.
    """
    if min(_foreign(a, b), _foreign(b, a)) > FOREIGN_TITLE:
        return True
    if a.title == b.title or not (a.title_words and b.title_words):
        return False
    return not any(
        word in text
        for words in (a.title_words, b.title_words)
        for word in words
        for text in (a.body, b.body)
    ) and a.title_words.isdisjoint(b.title_words)


def _foreign(a: Telling, b: Telling) -> float:
    if not a.title_words:
        return 0.0
    own = [word for word in a.title_words if word in a.body]
    return sum(word not in b.body and word not in b.title for word in own) / len(a.title_words)


def _by_title(a: Telling, b: Telling, shared: float) -> bool:
    """Whether two articles with little text are one by their title.

    The same headline over two long texts is a column's name; over summaries, within days,
    it is a story.
    """
    dense = a.dense and b.dense
    least = LEAST_TITLE_DENSE if dense else LEAST_TITLE
    if a.title != b.title or len(a.title) < least:
        return False
    if a.seen and b.seen and abs((a.seen - b.seen).days) >= TITLE_DAYS:
        return False
    summary = SUMMARY_LETTERS_DENSE if dense else SUMMARY_LETTERS
    return _shorter(a, b) < summary or shared >= SHARED / 2


def _shorter(a: Telling, b: Telling) -> int:
    return min(len(a.body), len(b.body))


def _needed(letters: int, *, dense: bool) -> float:
    """Return the share that proves a story, by the length of the shorter text; over 1: none does.

    It falls evenly from the least length that proves anything to that of a summary.
    """
    least, enough = LEAST_LETTERS, SUMMARY_LETTERS
    if dense:
        least, enough = LEAST_LETTERS_DENSE, SUMMARY_LETTERS_DENSE
    if letters < least:
        return 2.0
    missing = max(0, enough - letters) / (enough - least)
    return SHARED + (SHARED_BY_TEASERS - SHARED) * missing


def _contained(a: frozenset[str], b: frozenset[str]) -> float:
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))


def _contexts(text: str) -> dict[str, frozenset[str]]:
    """Map what stands around each figure (10 letters before, 6 after) to the figure."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for figure in _FIGURE.finditer(text):
        before = bare(_FIGURE.sub("", text[max(0, figure.start() - 30) : figure.start()]))[-10:]
        after = bare(_FIGURE.sub("", text[figure.end() : figure.end() + 20]))[:6]
        found[f"{before}|{after}"].add(figure[0].replace(",", ""))
    return {key: frozenset(figures) for key, figures in found.items()}


def _names(text: str, *, dense: bool) -> Counter[str]:
    if not dense:
        return Counter(name.casefold() for name in _LATIN_NAME.findall(text))
    pairs = Counter(
        run[at : at + 2] for run in _HAN_RUN.findall(text) for at in range(len(run) - 1)
    )
    return Counter({pair: count for pair, count in pairs.items() if count >= 3})


def _title_words(title: str) -> frozenset[str]:
    """Cut a title into what it is about: words, or pairs of Chinese characters."""
    words: set[str] = set()
    for run in _HAN_RUN.findall(title):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    for word in _WORD.findall(_HAN_RUN.sub(" ", title).casefold()):
        if word not in _COMMON:
            words.add(bare(word))
    return frozenset(words)
