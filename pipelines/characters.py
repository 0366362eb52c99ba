r"""Characters that no text of the record holds, or no line of it, wherever a publisher put them.

Control characters order a terminal about, are forbidden in XML 1.0 (§2.2) and break exports
that are; a page brings them as `&#27;`, a JSON feed as `\u001b`. Those that stand for white
space become a blank; halves of surrogate pairs cannot be written as UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")

_SPACE = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


# Soft hyphens, zero-width blanks, word joiners, byte order marks: nobody sees them.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"


def one_line(text: str) -> str:
    """White space collapsed, that of other scripts included; what nobody sees is gone."""
    if not text.isascii():
        for character in _INVISIBLE:
            text = text.replace(character, "")
    return " ".join(text.split())


def without_controls(record: T) -> T:
    """Return a record, and the records in it, with no control character but tab and line ends."""
    changed = {}
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        cleaned = _cleaned(value)
        if cleaned is not value:
            changed[field.name] = cleaned
    return replace(record, **changed) if changed else record  # type: ignore[type-var]


def _cleaned(value: Any) -> Any:
    """The value itself where there is nothing to clean."""
    if isinstance(value, str):
        if value.isprintable() or not (_CONTROL.search(value) or _SPACE.search(value)):
            return value
        return _CONTROL.sub("", _SPACE.sub(" ", value))
    if isinstance(value, tuple):
        cleaned = tuple(_cleaned(part) for part in value)
        same = all(one is other for one, other in zip(cleaned, value, strict=True))
        return value if same else cleaned
    if is_dataclass(value):
        return without_controls(value)
    return value
