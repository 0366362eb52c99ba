"""The formulas, as each corpus publishes them (its README names the source)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Counts = tuple[int, int, int]
"""Windows in common, extra, lost."""


def words(text: str) -> list[str]:
    """Runs of word characters, case kept (article-extraction-benchmark)."""
    return re.findall(r"\w+", text)


def characters(text: str) -> list[str]:
    """Single word characters, composed: fit for scripts that do not space words."""
    return re.findall(r"\w", unicodedata.normalize("NFC", text))


def dense(text: str) -> list[str]:
    """Every character but white space (the measure of the Chinese pages)."""
    return [char for char in text if not char.isspace()]


def windows(tokens: Sequence[str], size: int = 4) -> Counter[tuple[str, ...]]:
    """Multiset of the `size`-token windows; a shorter text is one window."""
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1)))


def compare(gold: Sequence[str], found: Sequence[str]) -> Counts:
    """Count windows in common, extra and lost, with multiplicity."""
    wanted, got = windows(gold), windows(found)
    common = sum((wanted & got).values())
    return common, sum(got.values()) - common, sum(wanted.values()) - common


def page_scores(counts: Counts) -> tuple[float, float, float]:
    """Precision, recall and F1 of one page; nothing extra and nothing lost is 1."""
    common, extra, lost = counts
    if not extra and not lost:
        return 1.0, 1.0, 1.0
    precision = common / (common + extra) if common + extra else 0.0
    recall = common / (common + lost) if common + lost else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def aeb_f1(pages: Iterable[Counts]) -> tuple[float, float, float]:
    """F1, precision, recall as article-extraction-benchmark defines them.

    Precision is the mean over pages where something was found, recall over pages whose
    gold is not empty; F1 is the harmonic mean of the two means.
    """
    precisions, recalls = [], []
    for counts in pages:
        precision, recall, _ = page_scores(counts)
        if counts[0] + counts[1]:
            precisions.append(precision)
        if counts[0] + counts[2]:
            recalls.append(recall)
    p = sum(precisions) / len(precisions) if precisions else 0.0
    r = sum(recalls) / len(recalls) if recalls else 0.0
    return (2 * p * r / (p + r) if p + r else 0.0), p, r


def segments(text: str, wanted: Iterable[str], unwanted: Iterable[str]) -> tuple[int, int, int]:
    """TP, FP, FN of trafilatura's evaluation: segments found as substrings."""
    text = " ".join(text.split())
    hits = [" ".join(segment.split()) in text for segment in wanted]
    misses = [" ".join(segment.split()) in text for segment in unwanted]
    return sum(hits), sum(misses), len(hits) - sum(hits)


def segment_f1(pages: Iterable[tuple[int, int, int]]) -> tuple[float, float, float]:
    """F1, precision, recall from the sums."""
    rows = list(pages)
    tp, fp, fn = (sum(row[i] for row in rows) for i in range(3))
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return (2 * tp / (2 * tp + fp + fn) if tp else 0.0), precision, recall


def fold(text: str | None) -> str:
    """Letters and digits only, compatibility forms and case folded: titles, names."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if char.isalnum())
