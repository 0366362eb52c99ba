"""The names of months and weekdays as the Unicode CLDR has them (through Babel).

`python -m tests.dates.calendar_words` writes them to `pipelines/dates/words.toml`.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel import Locale

from pipelines.dates import words

LOCALES = """de fr es it pt nl sv da nb fi pl cs sk hu ro tr el ru uk bg sl hr sr sr_Latn lt lv et
id ms ca is ga af vi ar fa he hi bn th"""
CJK = "zh zh_Hant ja ko"
TARGET = Path(words.__file__).with_name("words.toml")
WORD = re.compile(r"[^\W\d_]+")


def months() -> list[set[str]]:
    """The folded names of each month; what means two different months is left out."""
    meanings: dict[str, set[int]] = {}
    for locale in map(Locale.parse, LOCALES.split()):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    for spelling in {
                        words.fold(name),
                        words.fold(name)[: 4 if width == "wide" else None],
                    }:
                        meanings.setdefault(spelling, set()).add(number)
    return [
        {name for name, numbers in meanings.items() if numbers == {month} and _is_word(name)}
        for month in range(1, 13)
    ]


def weekdays() -> set[str]:
    """The folded names of all weekdays."""
    return {
        words.fold(name)
        for locale in map(Locale.parse, f"{LOCALES} {CJK}".split())
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated", "short")
        for name in locale.days[context][width].values()
        if WORD.fullmatch(words.fold(name))
    }


def _is_word(name: str) -> bool:
    """Dates are read word by word: what has a space or a figure in it is never met."""
    return len(name) > 1 and WORD.fullmatch(name) is not None


def text() -> str:
    """The whole file."""
    lines = [
        "# Months and weekdays of the Unicode CLDR in lower case without accents.",
        "# Written by `python -m tests.dates.calendar_words`.",
        "months = [",
        *(f'    "{" ".join(sorted(names))}",' for names in months()),
        "]",
        f'weekdays = "{" ".join(sorted(weekdays()))}"',
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
