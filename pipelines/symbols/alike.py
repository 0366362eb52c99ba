"""Which symbols a reader means by one."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from pipelines.symbols.markets import NORDIC, US_EXCHANGES

if TYPE_CHECKING:
    from collections.abc import Container

_AMERICAN = ("US", *US_EXCHANGES)
_BEIJING = tomllib.loads(files(__package__).joinpath("beijing.toml").read_text(encoding="utf-8"))
RENUMBERED: Final[dict[str, str]] = {
    **{old: f"920{old[3:]}" for old in _BEIJING["same_ending"].split()},
    **_BEIJING["moved"],
}
"""Codes of the Beijing exchange: the old one -> that since 9 October 2025."""
_BEFORE: Final = {new: old for old, new in RENUMBERED.items()}


def alike(symbol: str) -> tuple[str, ...]:
    """List the symbols that answer to `symbol` in a filter, itself first.

    An American ticker is one security on whatever exchange, and where a text does not say
    which, it is `US:AAPL`: asking for that or for `XNAS:AAPL` finds both. A company of
    Beijing answers to its old and its new code, a northern class of shares to VOLV-B and
    VOLVB.
    """
    mic, _, code = symbol.partition(":")
    if mic in _AMERICAN:
        return (symbol, *(f"{other}:{code}" for other in _AMERICAN if other != mic))
    other = code
    if mic == "BJSE":
        other = RENUMBERED.get(code) or _BEFORE.get(code) or code
    elif mic in NORDIC:
        other = code.replace("-", "") if "-" in code else _dashed(code)
    return (symbol,) if other == code else (symbol, f"{mic}:{other}")


def counted_as(symbol: str, known: Container[str]) -> str:
    """Give the one symbol of several alike under which all of them are counted.

    That is Beijing's new code, and if they are among the `known` symbols (those of the whole
    record) a northern class of shares with its dash, and the exchange of an American ticker
    unless there are several.
    """
    mic, _, code = symbol.partition(":")
    if mic == "BJSE":
        return f"{mic}:{RENUMBERED.get(code, code)}"
    if mic == "US":
        listed = [f"{other}:{code}" for other in US_EXCHANGES if f"{other}:{code}" in known]
        return listed[0] if len(listed) == 1 else symbol
    if mic in NORDIC and (dashed := f"{mic}:{_dashed(code)}") in known:
        return dashed
    return symbol


def counted_with(symbol: str, known: Container[str]) -> tuple[str, ...]:
    """List the symbols that are counted as `symbol`, which `counted_as` gave."""
    return tuple(other for other in alike(symbol) if counted_as(other, known) == symbol)


def _dashed(code: str) -> str:
    """VOLVB -> VOLV-B."""
    return code if "-" in code else re.sub(r"([A-C])\Z", r"-\1", code)
