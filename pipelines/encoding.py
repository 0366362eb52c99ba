"""Bytes → text, when byte order mark, header, declaration and content disagree.

The content decides: valid UTF-8 that is not plain ASCII is UTF-8 whatever anybody claims, for
many documents saved or proxied as UTF-8 still declare gb2312 or euc-jp. Then the claims, each
widened to the superset that publishers really use (GB2312 means GB18030, Latin-1 means
windows-1252: WHATWG Encoding Standard §4.2), and last a detection. One bad byte never loses
the rest of the document.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "euc-kr": "cp949", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "unicode": "utf-16",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WIDE = (
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"), (b"Lo\xa7\x94", "cp037"),
)  # fmt: skip
_DECLARATION = re.compile(rb"""\s{0,64}<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{2,40})""")
_META = re.compile(rb"""(?i)<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
# The standard says 1024; sites are late.
_PRESCAN_BYTES = 4096
_STATEFUL = ("iso2022", "iso-2022", "hz", "utf-7", "utf7")
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859|latin|koi8|mac|cp874|cp037")
_LATIN = ("cp1252", "cp1254")
# A few accents do not tell Western from other Latin; the language that a document states does
# (the defaults of HTML Standard §13.2.3.2).
_LOOKALIKE = re.compile(
    r"cp125[0478]|cp437|cp7\d\d|cp8[56]\d|iso8859_(?![5-8]|11)|latin|hp_|mac_(?!cyr|gre)"
)
_LANGUAGE = re.compile(rb"""(?i)(?:<(?:dc:)?language>|\blang=["']?)\s*([a-z]{2})\b""")
_BY_LANGUAGE = {
    **dict.fromkeys((b"pl", b"cs", b"sk", b"hu", b"ro", b"hr", b"sl"), "cp1250"),
    **dict.fromkeys((b"et", b"lt", b"lv"), "cp1257"),
    b"tr": "cp1254",
    b"vi": "cp1258",
}
_LONGEST_STRAY = 2
# Latin letters of UTF-8 begin with these; alone they are halves of one, cut by a teaser.
_HALVES = ("\udcc2", "\udcc3")
# `«é…` is such a run.
_LONGEST_LATIN = 3
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = bytes(range(128, 256))
_SAMPLE = 65_536
_NEVER_IN_TEXT = bytes({*range(1, 32)} - {9, 10, 11, 12, 13, 14, 15, 26, 27})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, the encoding it was read in and what was odd about it."""

    text: str
    encoding: str
    defects: tuple[str, ...] = ()


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a document; never fails, and says in `defects` where bytes had to be replaced."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            if name != "utf-8-sig":
                return _lenient(body, name)
            return _as_utf8(body[len(mark) :]) or _detected(body[len(mark) :], [])
    for start, name in _WIDE:
        if body.startswith(start):
            return _lenient(body, name)
    claims = _claims(body, content_type)
    stateful = any(claim.startswith(_STATEFUL) for claim in claims)
    utf8 = None if stateful else _as_utf8(body)
    return utf8 or _by_claims(body, claims) or _detected(body, claims)


def is_binary(body: bytes) -> bool:
    """Whether what came is no text in any encoding, whatever it was said to be.

    Told by control characters; nulls, which some servers pad pages with, do not count, nor
    do the shifts of ISO 2022 encodings, and in UTF-16 any byte may stand.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    start = body[:_PRESCAN_BYTES]
    return (len(start) - len(start.translate(None, _NEVER_IN_TEXT))) * 50 > len(start)


def _claims(body: bytes, content_type: str | None) -> list[str]:
    """List the encodings claimed, by codec name: declaration, header, HTML meta."""
    declared, header = _DECLARATION.match(body[:400]), _HEADER.search(content_type or "")
    names = [declared[1].decode()] if declared else []
    names += [header[1]] if header else []
    names += [name.decode() for name in _META.findall(body[:_PRESCAN_BYTES])]
    claims: list[str] = []
    for name in names:
        try:
            codec = codecs.lookup(_SUPERSETS.get(name.lower(), name))
        except (LookupError, ValueError):
            continue
        if codec._is_text_encoding and codec.name not in claims:
            claims.append(codec.name)
    return claims


def _as_utf8(body: bytes) -> Decoded | None:
    """UTF-8, sound or damaged; None if it is another encoding."""
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _damaged_utf8(body, error)


def _damaged_utf8(body: bytes, error: UnicodeDecodeError) -> Decoded | None:
    """UTF-8 that was cut in mid-character, or holds some stray bytes; None if it is neither.

    One or two stray bytes become the windows-1252 characters they were; longer runs are a
    snippet in yet another encoding, and lost. Right sequences must clearly outnumber them:
    nearly every character of a GBK document is malformed UTF-8.
    """
    head = body[: error.start]
    if error.reason == "unexpected end of data" and not head.isascii():
        return Decoded(head.decode("utf-8"), "utf-8", ("cut in the middle of a character",))
    text, sound = body.decode("utf-8", "surrogateescape"), body.decode("utf-8", "ignore")
    stray = len(text) - len(sound)
    right = len(sound) - len(sound.encode("ascii", "ignore"))
    if stray > max(right // 4, 2 if right else 0):
        return None
    mended = re.sub("[\udc80-\udcff]+", _mended, text)
    return Decoded(mended, "utf-8", (f"{stray} bytes are not UTF-8",))


def _mended(stray: re.Match[str]) -> str:
    if len(stray[0]) > _LONGEST_STRAY or stray[0] in _HALVES:
        return "\ufffd" * len(stray[0])
    return stray[0].encode("ascii", "surrogateescape").decode("cp1252", "replace")


def _by_claims(body: bytes, claims: list[str]) -> Decoded | None:
    """The first claim that the bytes bear out, multi-byte claims before single-byte ones.

    Every byte is valid in a single-byte encoding, so such a claim proves nothing: a Latin one
    is checked against what detection says.
    """
    for claim in sorted(claims, key=lambda name: bool(_SINGLE_BYTE.match(name))):
        try:
            text = body.decode(claim)
        except (UnicodeError, ValueError):
            continue
        if claim in _LATIN and (other := _not_latin(body)):
            return other
        return Decoded(text, claim)
    return None


def _not_latin(body: bytes) -> Decoded | None:
    """Return another reading where bytes claimed to be Latin are of another script.

    Western text has its accents one at a time; runs of high bytes are not Western.
    """
    runs = re.findall(rb"[\x80-\xff]+", body[:_SAMPLE])
    alone = sum(len(run) == 1 for run in runs)
    if sum(len(run) for run in runs if len(run) > _LONGEST_LATIN) <= alone:
        return None
    if (name := _looks_like(body)) is None or _LOOKALIKE.match(name):
        return None
    reading = _lenient(body, name)
    return Decoded(reading.text, name, (f"claims to be Latin, is {name}", *reading.defects))


def _detected(body: bytes, claims: list[str]) -> Decoded:
    """No claim fits: the claim that fits best, else what the bytes look like."""
    high = len(body) - len(body.translate(None, _BEYOND_ASCII))
    for claim in claims:
        reading = _lenient(body, claim)
        if reading.text.count("\ufffd") * 50 < high + 50:
            return reading
    name = _looks_like(body) or (claims or ["gb18030"])[0]
    if _LOOKALIKE.match(name):
        stated = _LANGUAGE.search(body[:_SAMPLE])
        name = _BY_LANGUAGE.get(stated[1].lower() if stated else b"", "cp1252")
    reading = _lenient(body, name)
    return Decoded(reading.text, name, (f"undeclared encoding, read as {name}",))


def _looks_like(body: bytes) -> str | None:
    """The encoding that the lines beyond ASCII look like, widened; None where nothing fits."""
    high = b"\n".join(line for line in body.splitlines() if _HIGH.search(line))
    best = from_bytes(high[:_SAMPLE]).best()
    if best is None:
        return None
    return _SUPERSETS.get(best.encoding.replace("_", "-"), best.encoding)


def _lenient(body: bytes, name: str) -> Decoded:
    text = body.decode(name, "replace")
    lost = text.count("\ufffd")
    return Decoded(text, name, (f"{lost} characters cannot be read as {name}",) if lost else ())
