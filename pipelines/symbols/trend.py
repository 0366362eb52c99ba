"""How much a symbol is talked about, compared with its usual."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Attention:
    """`now` articles in the window; `usual` of windows of the same length before it.

    `usual` is None where the record does not reach back a whole window. `surprise` is in
    standard deviations of a Poisson count, after Anscombe's transform: 0 as usual, above
    3 remarkable.
    """

    symbol: str
    now: int
    usual: float | None
    surprise: float | None


def leading(now: Counter[str], limit: int) -> Counter[str]:
    """Keep the most mentioned, those of one count by their name."""
    return Counter(dict(sorted(now.items(), key=lambda item: (-item[1], item[0]))[:limit]))


def attention(now: Counter[str], before: Counter[str], windows: float) -> Iterable[Attention]:
    """Compare counts of articles by symbol; the most mentioned first.

    `before` counts over `windows` times the length of the window, which ends where the
    window begins.
    """
    for symbol, count in sorted(now.items(), key=lambda item: (-item[1], item[0])):
        if windows < 1:
            yield Attention(symbol, count, None, None)
            continue
        usual = before[symbol] / windows
        # Anscombe, "The transformation of Poisson, binomial and negative-binomial data" (1948).
        spread = math.sqrt(1 + 1 / windows)
        surprise = 2 * (math.sqrt(count + 3 / 8) - math.sqrt(usual + 3 / 8)) / spread
        yield Attention(symbol, count, usual, surprise)
