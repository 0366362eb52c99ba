"""A few numbers that two texts share when one copies from the other.

MinHash over windows of the bare text (letters and digits only), one band per minimum.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from rensa import CMinHash

# Folded into every band: bands of different versions never meet, and the old ones leave
# with the window. Raise it with any change of what `bands` reads.
SIGNATURE_VERSION = 3

BANDS = 12
# Letters to a window: long enough that chance and stock phrases rarely share one. A Chinese
# character says as much as about three letters.
WINDOW = 28
WINDOW_DENSE = 10
# A feed's teaser is mostly a text's first lines: so many minima are of its first so many
# letters alone, or one in ten teasers would be found.
LEAD_BANDS = 3
LEAD = 200
LEAD_DENSE = 70
SEED = 20260101
_BARE = re.compile(r"[\W_]+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def bare(text: str) -> str:
    """Letters and digits only, in one Unicode form and one case."""
    return _BARE.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_dense(text: str) -> bool:
    """Whether a text is written mostly in Chinese, Japanese or Korean characters."""
    return len(_CJK.findall(text)) * 3 > len(text)


def shingles(text: str, size: int = 4) -> frozenset[str]:
    """Cut the bare text into character windows; works in any script.

    A text shorter than a window is one shingle; an empty one has none.
    """
    return frozenset(_windows(bare(text), size))


def bands(text: str, title: str | None = None) -> tuple[int, ...]:
    """Return the keys under which similar texts are found: signed 48-bit integers.

    SQLite keeps such a number in six bytes; a chance meeting is one candidate too many.
    """
    dense = is_dense(text)
    size, lead = (WINDOW_DENSE, LEAD_DENSE) if dense else (WINDOW, LEAD)
    plain = bare(text)
    found = [
        *_minima("", _windows(plain, size), BANDS),
        *_minima("lead:", _windows(plain[:lead], size), LEAD_BANDS),
    ]
    if title and len(folded := bare(title)) >= 8:
        found.append(_key(f"title:{folded}"))
    return tuple(found)


def _minima(name: str, windows: list[str], count: int) -> list[int]:
    if not windows:
        return []
    sketch = CMinHash(count, SEED)
    sketch.update(windows)
    return [_key(f"{name}{at}:{value}") for at, value in enumerate(sketch.digest_u64())]


def _windows(plain: str, size: int) -> list[str]:
    if not plain:
        return []
    return [plain[at : at + size] for at in range(max(1, len(plain) - size + 1))]


def _key(text: str) -> int:
    digest = hashlib.blake2b(f"{SIGNATURE_VERSION}:{text}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big", signed=True)
