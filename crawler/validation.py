"""What pydantic refuses, in the words of somebody who writes TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_REMEDIES = {
    "float": "write a number",
    "finite": "write a number",
    "int": "write a whole number",
    "bool": "write true or false",
    "string": "write text in quotes",
    "path": "write text in quotes",
    "tuple": "write a list in brackets",
    "list": "write a list in brackets",
    "dict": "write a table",
    "model": "write a table",
}


def remedy(error: ErrorDetails) -> str:
    """What to write instead of the value that was refused."""
    kind, bounds = error["type"], error.get("ctx", {})
    if kind in ("greater_than", "greater_than_equal"):
        least = "more than" if kind == "greater_than" else "at least"
        return f"write {least} {bounds.get('gt', bounds.get('ge')):g}"
    if kind == "string_too_short":
        return "write something between the quotes"
    if kind == "literal_error":
        return f"write {bounds['expected']}"
    of_type = _REMEDIES.get(kind.removesuffix("_type").removesuffix("_parsing").split("_")[0])
    message = error["msg"].removeprefix("Value error, ")
    return of_type or message[0].lower() + message[1:]
