"""What a feed or a page declares an article to be about, in the publisher's own words.

Seeking Alpha's `<category type="symbol">`, the `stock_tickers` of a news sitemap, Nasdaq's
`ndaq:` elements, `tickerSymbol` in JSON-LD. A declaration is the publisher's tag, and so
is its certainty: automatic tagging errs. Nasdaq speaking of its own issues is certain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipelines.symbols import markets
from pipelines.symbols.candidates import Candidate
from pipelines.symbols.normalise import read_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.items import SymbolHint

_SEPARATORS: Final = re.compile(r"[,;|，；、&\n]")
_MOST: Final = 100


def read_hints(hints: Iterable[SymbolHint]) -> Iterator[Candidate]:
    """Yield the instruments that feed hints name; what cannot be read is no mention."""
    for hint in hints:
        for part in _SEPARATORS.split(hint.text)[:_MOST]:
            found = read_symbol(part)
            if found is None or found.code in {"N.A", "NA", "NONE", "NULL"}:
                continue
            if markets.kind_of(found.mic, found.code) == "unknown":
                continue
            yield Candidate(
                listing=found,
                rule=hint.rule,
                certainty="certain" if hint.rule.startswith("ndaq") else "tag",
                matched=part.strip(),
                name=hint.name,
            )
