"""Reading a response's headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response


def header(response: Response, name: bytes) -> str | None:
    """One header verbatim, or None where there is none (RFC 9110: bytes as Latin-1)."""
    raw = response.headers.get(name)
    return raw.decode("latin-1") if raw else None
