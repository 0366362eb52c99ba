"""Durations as people write them: "30s", "5m", "24h", "90d", "2w", "5y", or seconds."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdwy]?)\s*")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}


def seconds(value: object) -> float:
    """Read a duration; ValueError, which says how to write one, if it is none."""
    found = _WRITTEN.fullmatch(str(value))
    if found is None or isinstance(value, bool):
        raise ValueError("write a duration such as 30s, 5m, 24h, 90d or 5y")
    return float(found[1]) * _UNITS[found[2]]


Seconds = Annotated[float, BeforeValidator(seconds)]
Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0)]
