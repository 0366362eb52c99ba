"""What a server sends of a feed → the document, unpacked and of a bearable size."""

from __future__ import annotations

import zlib

LARGEST = 16 * 1024 * 1024
"""Bytes of a document after decompression; a feed is never larger."""


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
