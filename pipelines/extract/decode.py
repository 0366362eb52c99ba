"""Bytes of a page → text, by our own rule.

Strict UTF-8 wins over any declaration, because many pages saved or proxied as UTF-8 still
declare gb2312 or euc-jp; then the declared charset, widened to its superset (WHATWG
Encoding Standard §4.2: a page declaring gb2312 may hold any GBK character), then GB18030,
and last a guess from the bytes. One bad byte never loses the rest of the page.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

PRESCAN_BYTES = 4096
"""How far a charset declaration is looked for (the standard says 1024; sites are late)."""

META_CHARSET = re.compile(
    rb"""(?:<meta[^>]{0,500}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""",
    re.IGNORECASE,
)
HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)

WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "ks_c-5601-1987": "cp949",
}

NEVER_IN_TEXT = bytes({*range(1, 32)} - {9, 10, 11, 12, 13, 14, 15, 26, 27})
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a page; characters that cannot be read become U+FFFD."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) if encoding == "utf-8" else 0 :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(body, error):
            cut = error.start if error.end >= len(body) - 3 else len(body)
            return body[:cut].decode("utf-8", "replace")
    for encoding in _declared(body, content_type):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return _guess(body, content_type)


def is_binary(body: bytes) -> bool:
    """Whether what came is no text in any encoding, whatever it was said to be.

    Told by control characters; nulls, which some servers pad pages with, do not count, nor
    do the shifts of ISO 2022 encodings, and in UTF-16 any byte may stand.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    start = body[:PRESCAN_BYTES]
    return (len(start) - len(start.translate(None, NEVER_IN_TEXT))) * 50 > len(start)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Charsets that the header and the page declare, as Python codecs, widened."""
    names = [match[1] for match in HEADER_CHARSET.finditer(content_type or "")]
    names += [m[1].decode("ascii", "ignore") for m in META_CHARSET.finditer(body[:PRESCAN_BYTES])]
    found = []
    for name in names:
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            codec = name.lower()
        wide = WIDER.get(codec, codec)
        if wide not in {"utf-8", "utf-16", "utf-32"} and wide not in found:
            found.append(wide)
    return found


def _is_damaged_utf8(body: bytes, error: UnicodeDecodeError) -> bool:
    """Whether a page is UTF-8 but for a few bytes: cut in half, or with a foreign snippet.

    A GBK page cannot pass: nearly every one of its characters is malformed UTF-8.
    """
    if error.end >= len(body) - 3 and not body.isascii():
        head = body[: error.start]
        return not head.isascii()
    text = body.decode("utf-8", "replace")
    bad = text.count("�")
    wide = sum(1 for char in text[:200_000] if char > "\x7f")
    return bad * 20 < wide


def _guess(body: bytes, content_type: str | None) -> str:
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError:
        pass
    for encoding in _declared(body, content_type):
        try:
            text = body.decode(encoding, "replace")
        except LookupError:
            continue
        if text.count("�") * 50 < len(text):
            return text
    best = from_bytes(body[:20_000]).best()
    return body.decode(best.encoding if best else "utf-8", "replace")
