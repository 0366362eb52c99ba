"""Text as the full-text index wants it.

SQLite's tokenizers see a run of Chinese as one word. Set apart character by character,
and asked for as a phrase, a Chinese word of any length matches.
"""

from __future__ import annotations

import re

_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af])")


def spaced(text: str | None) -> str:
    """Set Chinese, Japanese and Korean characters apart by spaces."""
    return _CJK.sub(r" \1 ", text or "")
