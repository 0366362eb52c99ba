"""Lines that change by themselves: dates, counters, live quotes, lists of other articles.

A page that differs only in these has not been revised.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from pipelines.identity import fold

if TYPE_CHECKING:
    from collections.abc import Collection

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAYS = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_STAMP_WORDS = (
    rf"(?:{_MONTHS}|{_DAYS}|published|posted|updated|last|modified|edited|first|on|at|by|the|of|"
    r"utc|gmt|est|edt|et|pst|pdt|pt|bst|cet|cest|hkt|sgt|ist|jst|a\.?m\.?|p\.?m\.?|ago|just now|"
    r"today|yesterday|an?|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|days?|st|nd|rd|th|t|z|"
    r"发布|更新|发表|编辑|时间|日期|于|最后|最近|修改|年|月|日|时|分|秒|点|号|上午|下午|晚上|"
    r"小时|分钟|天|前|刚刚|今天|昨天|北京|周[一二三四五六日天]|星期[一二三四五六日天])"
)
_STAMP = re.compile(rf"(?:{_STAMP_WORDS}\b|{_STAMP_WORDS}(?=[^a-z])|[\d\s:/.,|·()+-])+", re.I)
_COUNTED = (
    r"views?|reads?|comments?|shares?|likes?|claps?|replies|followers?|people (?:like|read) this|"
    r"min(?:ute)?s?[ -]read|阅读(?:量|数)?|浏览(?:量|数)?|评论(?:数)?|点赞|赞|转发|收藏|分享|"
    r"人(?:已)?(?:参与|阅读|评论|关注|看过)|次(?:阅读|播放|浏览)|条评论|跟贴"
)
_NUMBER = r"\d[\d,.]*\s*(?:[kKmM]|万|亿)?\+?"
_COUNTER = re.compile(
    rf"\W*(?:(?:{_NUMBER}\s*(?:{_COUNTED})|(?:{_COUNTED})\W*{_NUMBER})\W*)+", re.IGNORECASE
)
_QUOTE = re.compile(
    r"\W*(?:[A-Z.$^]{1,8}|\w[\w .&]{0,24})?\s*[-+]?\$?\d[\d,.]*\s*[▲▼+-]?\s*"
    r"[(（]?[-+]?\d[\d,.]*\s*%[)）]?\W*"
)
# Sina prints the live price into the prose: 贝莱德(431.2, 7.37, 1.74%).
_INLINE_QUOTE = re.compile(
    r"[(（]\s*[-+]?[\d.]+\s*[,，]\s*[-+]?[\d.]+\s*[,，]\s*[-+]?[\d.]+%\s*[)）]"
)
_POINTER = (
    r"related(?: (?:articles?|stories|links|news|content|topics|reading))?|read more|read also|"
    r"also read|see also|recommended(?: for you)?|(?:don'?t|do not) miss|"
    r"相关(?:阅读|新闻|报道|文章|推荐)|延伸阅读|推荐阅读|热门(?:推荐|文章|新闻|阅读)|阅读推荐|点击阅读"
)
_LIST_HEAD = re.compile(
    rf"(?:{_POINTER}|more from|more on|most (?:read|popular|viewed|commented)|trending(?: now)?|"
    r"you (?:may|might) also like|(?:top|latest|more) (?:stories|news|headlines)|"
    r"editor'?s picks?|up next|in case you missed|"
    r"猜你喜欢|大家都在看|为您推荐|更多(?:精彩|新闻|阅读)|最新(?:文章|新闻|资讯)|"
    r"今日(?:热点|要闻)|(?:阅读|新闻|点击)排行榜?)[^.。]{0,40}",
    re.IGNORECASE,
)
# "Read more: a headline", on a line of its own.
_POINTED = re.compile(rf"\W*(?:{_POINTER})\s*[:：»>|]\s*\S.{{0,240}}", re.IGNORECASE)
# A headline may ask, exclaim, or be cut short with dots; a full stop is prose's.
_SENTENCE_END = re.compile(r"(?<![.…])[.。;；:：]['\")\]）]*$")
_LONGEST_LINK = 300
# Shorter lines under a list's head may be headlines that end in a full stop.
_LEAST_PROSE = 90
_BLOCK = re.compile(r"<(p|li|h[1-6]|dt|dd|td|div|blockquote)>((?:(?!<\1>).)*?)</\1>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def steady_lines(text: str, furniture: Collection[str] = ()) -> list[str]:
    """Fold a text's lines, leaving out what changes by itself, and lines of `furniture`."""
    unwanted = {fold(line) for line in furniture}
    folded = [fold(_INLINE_QUOTE.sub("", raw)) for raw in text.split("\n")]
    lines = [line for line in folded if line and line not in unwanted and not is_volatile(line)]
    kept: list[str] = []
    listing = False
    for at, line in enumerate(lines):
        if _LIST_HEAD.fullmatch(line):
            listing = True
            continue
        if listing and (is_link(line) or _is_headline(line, lines[at + 1 : at + 3])):
            continue
        if _LIST_HEAD.match(line) and is_link(line):
            continue
        listing = False
        kept.append(line)
    return kept


def linked_lines(markup: str | None) -> frozenset[str]:
    """Return the lines of an article's HTML that are links and nothing else: not its own prose."""
    found = set()
    for block in _BLOCK.finditer(markup or ""):
        inner = block[2]
        if "<a" in inner and not re.search(r"\w", _TAG.sub("", _LINK.sub("", inner))):
            found.add(unescape(_TAG.sub("", inner)).strip())
    return frozenset(line for line in found if line and len(line) <= _LONGEST_LINK)


def is_link(line: str) -> bool:
    """Whether a line may be another article's headline, for all that it shows."""
    return not _SENTENCE_END.search(line) and len(line) <= _LONGEST_LINK


def _is_headline(line: str, after: list[str]) -> bool:
    """Whether a line of a list that ends in a full stop is a headline: short, no prose after it."""
    weight = len(line) + 2 * len(_HAN.findall(line))
    return weight < _LEAST_PROSE and (not after or any(map(is_link, after)))


def is_volatile(line: str) -> bool:
    """Whether a whole line is a date or time, a counter, a live quotation, a pointer."""
    return bool(
        (len(line) <= 80 and re.search(r"\d|now|刚刚", line) and _STAMP.fullmatch(line))
        or _COUNTER.fullmatch(line)
        or (len(line) <= 50 and _QUOTE.fullmatch(line))
        or _POINTED.fullmatch(line)
    )
