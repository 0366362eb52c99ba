"""stub"""
from __future__ import annotations
from typing import Any
from collections.abc import Iterator
def find(tree: Any, text: str, source: Any) -> Iterator[Any]:
    return iter(())
