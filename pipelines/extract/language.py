"""The language of a text: declared if the text does not contradict it, else detected."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from resiliparse.parse.lang import detect_fast

ENOUGH = 200
"""Characters of text below which detection is not asked."""
TAG = re.compile(r"^[a-zA-Z]{2,3}(?=[-_]|$)")
SCRIPTS = {
    "zh": ("CJK",), "ja": ("HIRAGANA", "KATAKANA", "CJK"), "ko": ("HANGUL",),
    "ru": ("CYRILLIC",), "uk": ("CYRILLIC",), "bg": ("CYRILLIC",), "el": ("GREEK",),
    "ar": ("ARABIC",), "fa": ("ARABIC",), "ur": ("ARABIC",), "he": ("HEBREW",),
    "th": ("THAI",), "hi": ("DEVANAGARI",),
}  # fmt: skip
ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "cn": "zh", "jp": "ja", "kr": "ko"}


def choose_language(text: str, claims: tuple[str | None, ...]) -> str | None:
    """Return an ISO 639-1 code, or None.

    `claims` in order of trust (the page's, the feed's, the source's). A claim stands if
    the text's script can be that language's, and, for a long text, if detection does not
    find another language outright. Without any claim a short text stays undetermined.
    """
    codes = [code for claim in claims if (code := primary(claim))]
    script = _script(text)
    fitting = [code for code in codes if not script or _fits(code, script)]
    if len(text) < ENOUGH:
        return fitting[0] if fitting else _only_language(script)
    found = _only_language(script) or _detect(text)
    if found in codes or not found:
        return found or (fitting[0] if fitting else None)
    return found


def primary(tag: str | None) -> str | None:
    """The language of a BCP 47 tag, lower case: `zh-Hans-CN` → `zh`."""
    match = TAG.match((tag or "").strip())
    code = match[0].lower() if match else None
    return ALIASES.get(code, code) if code else None


def _detect(text: str) -> str | None:
    code, rank = detect_fast(unicodedata.normalize("NFC", text[:5000]), cutoff=1000)
    return code if code != "unknown" and rank else None


def _script(text: str) -> str:
    """The script of most letters; kana make Han Japanese."""
    counts: Counter[str] = Counter()
    for char, times in Counter(text[:1000]).items():
        if char.isalpha():
            counts[_script_of(char)] += times
    kana = counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0)
    if kana and kana * 12 > counts.get("CJK", 0):
        return "HIRAGANA"
    return max(counts, key=counts.__getitem__) if counts else ""


@lru_cache(maxsize=8192)
def _script_of(char: str) -> str:
    """The first word of a character's name, which is its script's."""
    return unicodedata.name(char, "").split(" ", 1)[0]


def _fits(code: str, script: str) -> bool:
    if code in SCRIPTS:
        return script in SCRIPTS[code]
    return script in {"LATIN", "CYRILLIC", ""} or script not in {"CJK", "HANGUL", "HIRAGANA"}


def _only_language(script: str) -> str | None:
    """The language of a script that has but one in the world's finance news."""
    return {"CJK": "zh", "HIRAGANA": "ja", "HANGUL": "ko", "GREEK": "el", "THAI": "th"}.get(script)
