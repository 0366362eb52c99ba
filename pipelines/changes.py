"""What changed between two readings of one article, and whether it matters.

Material: figures, names, negations, words that turn the sense, whole sentences, other
wording. Cosmetic: spelling, punctuation, captions and subheadings, sentences moved. None:
what changes by itself (`pipelines.volatile`), white space, paragraphs, Unicode forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from pipelines.identity import fold
from pipelines.volatile import is_link, steady_lines
from pipelines.wording import MATERIAL, tokens, word_changes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_BOUNDARY = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|vs|No|St|Co)\.)(?<!\b(?:Mrs|Inc|Ltd)\.)['\")\]]*\s+"
    r"(?=['\"(\[]?[A-Z0-9\u3400-\u9fff])|(?<=[。！？])(?!['\")\]])|(?<=[。！？]['\")\]])"
)
_SENTENCE_END = re.compile(r"[.!?。！？…]['\")\]]*$")
_CAPTION = re.compile(
    r"(?:photo|image|picture|caption|file photo|illustration|graphic|chart|video|credit|source)\b"
    r"\s*(?:by|credit|courtesy|illustration|shows)?\s*[:/(|-]|"
    r"(?:图|图片|资料图|配图|制图|摄影|图为|图片来源|视频|题图)\s*[:：/|]|图为|资料图|"
    r".{0,200}(?:\(|/|\||-\s)\s*(?:getty(?: images)?|afp|reuters|ap photo|ap|shutterstock|"
    r"bloomberg|epa|xinhua|unsplash|istock|视觉中国|新华社|东方ic|图虫)(?: images| photo)?"
    r"(?:/[\w ]+)?\)?\.?$",
    re.IGNORECASE,
)
_LONGEST_HEADING = 90
# Below this two sentences are not one and its rewriting, but one gone and one come.
_ONE_SENTENCE = 0.5
# A line with figures and fewer words or characters may be a row of a table.
_LEAST_HEADLINE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change is worth, and what it is made of."""

    kind: Literal["none", "cosmetic", "material"]
    reasons: tuple[str, ...] = ()


def compare(
    old_title: str | None,
    old_text: str,
    new_title: str | None,
    new_text: str,
    *,
    furniture: Collection[str] = (),
) -> Difference:
    """Tell what the change from one reading to the next is worth.

    `furniture` are lines taken out of either text as the source's furniture: what has been
    learned between the two readings is no edit.
    """
    reasons: set[str] = set()
    before, after = fold(old_title or ""), fold(new_title or "")
    if before != after:
        reasons |= word_changes(before, after) if before and after else {"wording"}
    if _joined([fold(old_text)]) != _joined([fold(new_text)]):
        reasons |= _text_changes(
            steady_lines(old_text, furniture), steady_lines(new_text, furniture)
        )
    if not reasons:
        return Difference(kind="none")
    kind: Literal["cosmetic", "material"]
    kind = "material" if reasons.intersection(MATERIAL) else "cosmetic"
    return Difference(kind=kind, reasons=tuple(sorted(reasons)))


def readable_diff(
    old_title: str | None, old_text: str, new_title: str | None, new_text: str
) -> list[str]:
    """Write the change for a reader: `-` gone, `+` come, `~` with [-old-]{+new+} words.

    One line a sentence, only what changed, the title first; [] where nothing did.
    """
    found = []
    if (old_title or "") != (new_title or ""):
        found.append(f"~ {_marked(old_title or '', new_title or '')}")
    old, new = list(sentences(old_text.split("\n"))), list(sentences(new_text.split("\n")))
    for gone, come in _changed(old, new):
        if gone and come:
            found.append(f"~ {_marked(gone, come)}")
        else:
            found.append(f"- {gone}" if gone else f"+ {come}")
    return found


def sentences(lines: Sequence[str]) -> Iterator[str]:
    """Cut lines into sentences; a line's end always ends one."""
    for line in lines:
        for part in _BOUNDARY.split(line):
            if part and (plain := part.strip()):
                yield plain


def _text_changes(before: list[str], after: list[str]) -> set[str]:
    if _joined(before) == _joined(after):
        return set()
    old, new = list(sentences(before)), list(sentences(after))
    # Headings and headlines apart from the prose: where between the paragraphs a promotion
    # stands is no change of the order of the paragraphs.
    prose = _changed(
        [line for line in old if not _is_slot(line)], [line for line in new if not _is_slot(line)]
    )
    slots = _changed(
        [line for line in old if _is_slot(line)], [line for line in new if _is_slot(line)]
    )
    reasons: set[str] = set()
    for gone, come in (*prose, *_without_rotation(list(slots))):
        if gone and come:
            reasons |= word_changes(gone, come)
        elif (gone and gone in new) or (come and come in old):
            reasons.add("moved")
        else:
            reasons.add(_whole(gone or come, "sentence removed" if gone else "sentence added"))
    return reasons


def _whole(sentence: str, otherwise: str) -> str:
    """Say what a sentence that came or went as a whole is."""
    if _CAPTION.match(sentence):
        return "caption"
    heading = len(sentence) <= _LONGEST_HEADING and not _SENTENCE_END.search(sentence)
    if heading and not re.search(r"\d", sentence):
        return "heading"
    return otherwise


def _changed(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Pair what differs: (gone, come), one of them "" where it has no counterpart."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = old[i1:i2], new[j1:j2]
        if tag != "equal" and _joined(left) != _joined(right):
            yield from _paired(left, right)


def _paired(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    words = [tokens(come) for come in right]
    for gone in left:
        scores = _likenesses(tokens(gone), words)
        best = max(range(len(right)), key=scores.__getitem__, default=0)
        if not scores or scores[best] < _ONE_SENTENCE:
            yield gone, ""
            continue
        for come in right[:best]:
            yield "", come
        if gone != right[best]:
            yield gone, right[best]
        del right[: best + 1], words[: best + 1]
    yield from (("", come) for come in right)


def _without_rotation(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out headlines and slogans that took the place of others.

    One for one it is an advertisement; several for several, a list of any length.
    """
    gone = [pair for pair in pairs if not pair[1] and _is_slot(pair[0])]
    come = [pair for pair in pairs if not pair[0] and _is_slot(pair[1])]
    several = min(len(gone), len(come)) >= 2
    rotated = [*gone, *come] if several else [*gone[: len(come)], *come[: len(gone)]]
    return [pair for pair in pairs if pair not in rotated]


def _is_slot(line: str) -> bool:
    """Whether a line may stand in such a place: no sentence, and no row of a table."""
    if not is_link(line) or _CAPTION.match(line):
        return False
    return not re.search(r"\d", line) or len(tokens(line)) >= _LEAST_HEADLINE


def _likenesses(gone: list[str], come: list[list[str]]) -> list[float]:
    """How like a sentence each of some others is; 0 for those that cannot be the same one."""
    matcher = SequenceMatcher(None, [], gone, autojunk=False)
    found = []
    for words in come:
        matcher.set_seq1(words)
        may_be = matcher.real_quick_ratio() >= _ONE_SENTENCE <= matcher.quick_ratio()
        found.append(matcher.ratio() if may_be else 0.0)
    return found


def _joined(lines: Sequence[str]) -> str:
    return re.sub(r"\s+", "", "".join(lines))


def _marked(old: str, new: str) -> str:
    """Write one sentence with its changed words marked."""
    before, after = _pieces(old), _pieces(new)
    parts = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append("".join(before[i1:i2]))
            continue
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        parts.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return "".join(parts)


def _pieces(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,:]\d+)*|[a-zA-Z]+|\s+|.", text)
