"""Which instruments is this about? `find_mentions` answers, with the evidence."""

from pipelines.symbols.find import find_mentions
from pipelines.symbols.markup import read_markup
from pipelines.symbols.normalise import normalise_symbol

__all__ = ["find_mentions", "normalise_symbol", "read_markup"]
