"""Lines that change by themselves: dates, counters, live quotes, lists of other articles.

A page that differs only in these has not been revised.
"""

from __future__ import annotations

import re

from pipelines.identity import fold

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
_LIST_HEAD = re.compile(
    r"(?:related(?: (?:articles?|stories|links|news|content|topics))?|read more|read also|"
    r"also read|see also|more from|more on|most (?:read|popular|viewed)|trending|"
    r"recommended(?: for you)?|"
    r"you (?:may|might) also like|top stories|latest news|editor'?s picks|up next|"
    r"in case you missed|相关(?:阅读|新闻|报道|文章|推荐)|延伸阅读|推荐阅读|热门(?:推荐|文章|新闻)|"
    r"猜你喜欢|大家都在看|为您推荐|更多(?:精彩|新闻|阅读)|最新(?:文章|新闻)|阅读推荐)[^.。]{0,40}",
    re.IGNORECASE,
)
# A headline may ask or exclaim; a full stop is prose's.
_SENTENCE_END = re.compile(r"[.。;；:：]['\")\]）]*$")
_LONGEST_LINK = 140


def steady_lines(text: str) -> list[str]:
    """Fold a text's lines, leaving out what changes by itself."""
    kept: list[str] = []
    listing = False
    for raw in text.split("\n"):
        line = fold(_INLINE_QUOTE.sub("", raw))
        if not line or is_volatile(line):
            continue
        if _LIST_HEAD.fullmatch(line):
            listing = True
            continue
        prose = bool(_SENTENCE_END.search(line)) or len(line) > _LONGEST_LINK
        if listing and not prose:
            continue
        if _LIST_HEAD.match(line) and not prose:
            continue
        listing = False
        kept.append(line)
    return kept


def is_volatile(line: str) -> bool:
    """Whether a whole line is a date or time, a counter, or a live quotation."""
    return bool(
        (len(line) <= 80 and re.search(r"\d|now|刚刚", line) and _STAMP.fullmatch(line))
        or _COUNTER.fullmatch(line)
        or (len(line) <= 50 and _QUOTE.fullmatch(line))
    )
