"""Who refused us: bot challenges, consent walls and login pages, named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_blocker(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name what stands between us and the document, or None if nothing does."""
    if status in (401, 403, 406):
        return f"HTTP {status}"
    return None
