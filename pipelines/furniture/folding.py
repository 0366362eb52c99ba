"""The form in which lines are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NO_LETTER = re.compile(r"[\W_]+")
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())


@lru_cache(maxsize=4096)
def fold(line: str) -> str:
    """The form in which lines are compared: letters and digits, case folded."""
    if line.isascii():
        return line.lower().encode().translate(None, _NO_ASCII_LETTER).decode()
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", line).casefold())
