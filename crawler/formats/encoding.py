"""Bytes → text, when byte order mark, header, declaration and content disagree.

The content decides: valid UTF-8 that is not plain ASCII is UTF-8 whatever anybody claims.
Then the claims, each widened to the superset that publishers really use (GB2312 means
GB18030, Latin-1 means windows-1252: WHATWG Encoding Standard), and last a detection.
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from charset_normalizer import from_bytes

_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "hz": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "big5hkscs",
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
_DECLARATION = re.compile(rb"""^\s{0,64}<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]+)""")
_META = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_STATEFUL = ("iso2022", "iso-2022", "hz", "utf-7", "utf7")
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859|latin|koi8|mac|cp874|cp037")
_LATIN = ("cp1252", "cp1254")
# A few accents do not tell Western from Central European; the language does.
_WESTERN_LOOKALIKE = re.compile(r"cp1250|cp1254|cp1257|cp1258|cp437|cp85\d|iso8859|latin|mac_")
_CENTRAL_EUROPEAN = re.compile(
    rb"(?i)(?:<(?:dc:)?language>|lang=[\"'])\s*(?:pl|cs|sk|hu|ro|hr|sl)\b"
)
_SAMPLE = 65_536
LARGEST = 16 * 1024 * 1024
"""Bytes of a document after decompression; a feed is never larger."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, the encoding it was read in and what was odd about it."""

    text: str
    encoding: str
    defects: tuple[str, ...] = ()


def inflate(body: bytes) -> bytes | None:
    """Unpack gzip (a sitemap's `.gz`) up to `LARGEST` bytes; other bodies come back as they are.

    None: larger than that, or a broken stream without a single readable byte.
    """
    if body[:2] != b"\x1f\x8b":
        return body if len(body) <= LARGEST else None
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, LARGEST + 1)
    except zlib.error:
        return None
    return unpacked if 0 < len(unpacked) <= LARGEST else None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Decode a document; never fails, and says in `defects` where bytes had to be replaced."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _lenient(body, name) if name != "utf-8-sig" else _after_utf8_mark(body[3:])
    for start, name in _WIDE:
        if body.startswith(start):
            return _lenient(body, name)
    claims = _claims(body, content_type)
    if not any(claim.startswith(_STATEFUL) for claim in claims):
        try:
            return Decoded(body.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
        stray = _mostly_utf8(body)
        if stray is not None:
            return stray
    return _by_claims(body, claims) or _detected(body, claims)


def _claims(body: bytes, content_type: str | None) -> list[str]:
    """List the encodings claimed, by codec name: declaration, header, HTML meta."""
    header = _HEADER.search(content_type or "")
    found = (_DECLARATION.match(body[:400]), header, _META.search(body[:2048]))
    names = (m[1] if isinstance(m[1], str) else m[1].decode("ascii") for m in found if m)
    claims: list[str] = []
    for name in names:
        try:
            codec = codecs.lookup(_SUPERSETS.get(name.lower(), name))
        except (LookupError, ValueError):
            continue
        if codec._is_text_encoding and codec.name not in claims:
            claims.append(codec.name)
    return claims


def _after_utf8_mark(body: bytes) -> Decoded:
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(body) or _detected(body, [])


def _mostly_utf8(body: bytes) -> Decoded | None:
    """UTF-8 with some stray bytes, which become the windows-1252 characters they were.

    Only where right sequences clearly outnumber the stray bytes; otherwise None.
    """
    text = body.decode("utf-8", "surrogateescape")
    stray = sum(0xDC80 <= ord(c) <= 0xDCFF for c in text if c > "\x7f")
    right = sum(c > "\x7f" for c in text) - stray
    if stray > max(right // 4, 2 if right else 0):
        return None
    mended = re.sub("[\udc80-\udcff]", lambda m: _cp1252(ord(m[0]) - 0xDC00), text)
    return Decoded(mended, "utf-8", (f"{stray} bytes are not UTF-8",))


def _cp1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "replace")


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
    """Return another reading where bytes claimed to be Latin are really East Asian text.

    Western text has its accents one at a time; runs of high bytes in pairs are not Western.
    """
    runs = re.findall(rb"[\x80-\xff]{4,}", body[:_SAMPLE])
    single = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", body[:_SAMPLE]))
    if len(runs) <= single:
        return None
    for name in ("gb18030", "big5hkscs", "cp949", "cp932"):
        try:
            return Decoded(body.decode(name), name, (f"claims to be Latin, is {name}",))
        except UnicodeDecodeError:
            continue
    return None


def _detected(body: bytes, claims: list[str]) -> Decoded:
    """No claim fits: the claim that fits best, else what the bytes look like."""
    for claim in claims:
        reading = _lenient(body, claim)
        if reading.text.count("\ufffd") * 50 < len(re.findall(rb"[\x80-\xff]", body)) + 50:
            return reading
    high = b"\n".join(line for line in body.splitlines() if re.search(rb"[\x80-\xff]", line))
    best = from_bytes(high[:_SAMPLE]).best()
    name = best.encoding if best is not None else (claims or ["utf-8"])[0]
    if _WESTERN_LOOKALIKE.match(name) and not _CENTRAL_EUROPEAN.search(body[:_SAMPLE]):
        name = "cp1252"
    reading = _lenient(body, _SUPERSETS.get(name.replace("_", "-"), name))
    return Decoded(reading.text, reading.encoding, (f"undeclared encoding, read as {name}",))


def _lenient(body: bytes, name: str) -> Decoded:
    text = body.decode(name, "replace")
    lost = text.count("\ufffd")
    return Decoded(text, name, (f"{lost} characters cannot be read as {name}",) if lost else ())
