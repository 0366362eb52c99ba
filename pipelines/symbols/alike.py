"""Which symbols a reader means by one."""

from __future__ import annotations

from pipelines.symbols.markets import US_EXCHANGES

_AMERICAN = ("US", *US_EXCHANGES)


def alike(symbol: str) -> tuple[str, ...]:
    """List the symbols that answer to `symbol` in a filter, itself first.

    An American ticker is one security on whatever exchange, and where a text does not say
    which, it is `US:AAPL`: asking for that or for `XNAS:AAPL` finds both.
    """
    mic, _, code = symbol.partition(":")
    if mic not in _AMERICAN:
        return (symbol,)
    return (symbol, *(f"{other}:{code}" for other in _AMERICAN if other != mic))
