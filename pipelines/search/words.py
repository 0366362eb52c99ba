"""Text as the full-text index wants it.

SQLite's tokenizers see a run of Chinese as one word. Here such a run becomes overlapping
pairs of characters and its last character alone: 盐田港 -> 盐田 田港 港. A word of two
characters is then one token, looked up at once, and a longer one is a phrase. (Single
characters as tokens would make every word an intersection of very long lists: 上 and 海
stand in most articles, 上海 in few.) What pairs cannot answer, 金 alone or A股, has a
column of its own: each character once, and each with the Latin word before it.
"""

from __future__ import annotations

import re
import unicodedata

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_RUN = re.compile(f"[{CJK}]+")
_SINGLE = re.compile(f"[{CJK}]")
_ATTACHED = re.compile(f"[^\\W_{CJK}]+[{CJK}]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def spaced(text: str | None) -> str:
    """Write text so that the index's tokenizer finds words in every script."""
    return _RUN.sub(_pairs, composed(text or ""))


def singles(*texts: str | None) -> str:
    """List the texts' single CJK characters, alone and with a Latin word right before them."""
    found: dict[str, None] = {}
    for text in texts:
        plain = composed(text or "")
        found.update(dict.fromkeys(_SINGLE.findall(plain)))
        found.update(dict.fromkeys(_ATTACHED.findall(plain)))
    return " ".join(found)


def composed(text: str) -> str:
    """Unify full-width and other compatibility forms (NFKC), and drop what no text holds."""
    return _UNSTORABLE.sub(" ", unicodedata.normalize("NFKC", text))


def split(written: str) -> list[str]:
    """Split what `spaced` wrote into tokens, folded as SQLite's tokenizer folds them."""
    return re.findall(r"[^\W_]+", written.translate(FOLDED))


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    pairs = [characters[i : i + 2] for i in range(len(characters))]
    return f" {' '.join(pairs)} "


class _Folding(dict[int, str]):
    """Character -> lower case without diacritics, as the tokenizer folds it; learnt as met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character.lower()
        if not "\uac00" <= character <= "\ud7af":  # Hangul would come apart
            folded = "".join(
                part
                for part in unicodedata.normalize("NFD", folded)
                if unicodedata.category(part) != "Mn"
            )
        self[code] = folded
        return folded


FOLDED = _Folding()
