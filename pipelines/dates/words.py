"""Words in dates: months and weekdays in many languages, particles, day parts.

The names of other languages than English are those of the Unicode CLDR, kept in
`words.toml`: to load forty locales took a worker longer than to read a dozen pages.
`python -m tests.dates.calendar_words` writes that file.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

_ENGLISH = """january february march april may june july august september october november
december"""
_WEEKDAYS = """mon tue tues wed weds thu thur thurs fri sat sun
monday tuesday wednesday thursday friday saturday sunday"""
_PARTICLES = """at on um uhr kl klo o clock of de del da di do den der dem d le la el il les à a
alle ore às las hs h hrs godz ob в г года год року om dated published updated posted publié date
datetime pubdate time 发布时间 发表时间 更新时间 发布于 发布 更新 时间 日期 最后更新
發佈時間 更新時間 公開日時 公開 更新日時 配信 입력 등록 수정 승인 기사입력 기사등록"""
AFTERNOON = ("pm", "下午", "晚上", "傍晚", "中午", "오후", "午後", "μμ")
MORNING = ("am", "上午", "凌晨", "早上", "清晨", "오전", "午前", "πμ")


def fold(word: str) -> str:
    """Lower case without accents, for comparing words: `Ιούλ.` and `ιουλ`, `févr` and `fevr`."""
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).strip(".").replace("ς", "σ")


def month_of(word: str) -> int | None:
    """Return 1 to 12 for a month's name or abbreviation in any of the known languages.

    A name that means different months in different languages (listopad) is no month:
    better no date than a wrong one.
    """
    word = fold(word)
    return _english().get(word) or _elsewhere().get(word)


def says_nothing(word: str) -> bool:
    """Tell whether a word of a date carries no information: a weekday, a particle, a label.

    An English month is never nothing, though `mar` is also Tuesday in Spanish.
    """
    word = fold(word)
    if word in _english():
        return False
    return word in _weekdays() or word in _particles() or word in _weekdays_elsewhere()


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    months = {name[:n]: i for i, name in enumerate(_ENGLISH.split(), 1) for n in (3, 4, len(name))}
    return months | {"sept": 9}


@lru_cache(maxsize=1)
def _elsewhere() -> dict[str, int]:
    months = _calendar()["months"]
    return {name: number for number, names in enumerate(months, 1) for name in names.split()}


def is_weekday(word: str) -> bool:
    """Tell whether the word is a weekday in any of the known languages (`mar` is)."""
    return fold(word) in _weekdays() or fold(word) in _weekdays_elsewhere()


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    return frozenset(_WEEKDAYS.split())


@lru_cache(maxsize=1)
def _weekdays_elsewhere() -> frozenset[str]:
    return frozenset(_calendar()["weekdays"].split())


@lru_cache(maxsize=1)
def _calendar() -> dict[str, Any]:
    """`months`: twelve lines of folded names; `weekdays`: one line of them."""
    return tomllib.loads(files("pipelines.dates").joinpath("words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return frozenset(fold(word) for word in _PARTICLES.split())
