"""Loads sqlite-utils without pandas and numpy.

sqlite-utils imports them wherever they are installed, to accept their types, which Broadtape
never passes: a second and a hundred megabytes for every command.
"""

from __future__ import annotations

import sys

_UNWANTED = ("pandas", "numpy")


def load_sqlite_utils() -> None:
    """Import sqlite-utils as if neither were there; both can be imported afterwards."""
    hidden = [name for name in _UNWANTED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # to import: not installed
    try:
        import sqlite_utils  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


load_sqlite_utils()
