"""Claims of who wrote something → names: what is a person's, and what only stands like one."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|text|words|reporting|analysis) )?"
    r"(?:by|von|par|por|di|da|door|af|av|od|autor|autorin|author|authors|auteur|foto|text|"
    r"作者|记者|文|撰文|撰稿)\s*[:：/｜|]?\s+|^\W*(?:作者|记者|文|撰文|撰稿)\s*[:：/｜|]\s*",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[,;；、|/•·]|\s&\s|\sand\s|\sund\s|\set\s|\sy\s|\se\s|\sen\s|\sog\s|\soch\s|\si\s|\n)\s*",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s*(?:[(（\[<].*$|\S+@\S+|\b(?:in|aus|from|at) [A-ZÄÖÜ][\w-]+$|\s[-–—|]\s.*$|https?:\S+"
    r"|\s(?:기자|특파원|記者|记者)$)"
)
AGENCY = re.compile(
    r"\b(?:[\w-]*agentur|associated press|newswire|(?:news|press) (?:agency|service)|"
    r"agen(?:ce|cia|zia) \w+)\b",
    re.IGNORECASE,
)
FULL_NAME = re.compile(r"[^\W\d_a-zß-ÿ]\S*(?:\s\S+){0,3}\s[^\W\d_a-zß-ÿ]\S+")
ROLE = re.compile(
    r"\b(?:staff|writer|reporter|editor|editors|correspondent|contributor|journalist|redakteur(?:in)?|"
    r"redaktion|redacción|rédaction|redazione|chief|senior|bureau|team|desk|newsroom|admin|"
    r"administrator|guest|author|agenc(?:y|ies)|agentur|associated press|news service|gmbh|inc|ltd)\b",
    re.IGNORECASE,
)
NOBODY = frozenset(
    "网络 互联网 网络整理 网络综合 综合 综合整理 本站 本站原创 原创 转载 未知 不详".split()
)
CJK_HOUSE = re.compile(
    r".(?:社|[报報网網组組]|电视台|電視台|新[闻聞]|财经|財經|编辑|频道|中心|研究院|工作室|"
    r"ニュース|スポーツ|オンライン|デジタル|뉴스|일보|신문|편집부|방송|통신)$"
    r"|(?:评论|編集|编辑|新闻|采访|经济|経済|社会|政治|财经|国际|報道|报道)部$"
)
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8}){1,3}")
HAN_BUTTON = re.compile(
    "查看|点击|更多|返回|登录|关注|分享|展开|阅读|浏览|评论|来源|时间|发布|网络"
)
PLACEHOLDERS = frozenset(("name", "author", "admin", "null", "none", "undefined", "unknown"))
MOST_CLAIMS, LONGEST_CLAIM, LONGEST_PART = 100, 600, 200
"""Claims, and characters of one and of its parts, beyond which nobody lists authors."""


def names_in_claims(
    raw: Iterable[str], not_people: set[str], *, han: bool = False
) -> tuple[str, ...]:
    """Cut claims into single names and drop what is none.

    `not_people` are folded names of the site; `han` that the page is Chinese.
    """
    names: dict[str, str] = {}
    for claim in islice(raw, MOST_CLAIMS):
        if claim.startswith(("http", "www.", "@")):
            continue
        for part in SPLIT.split(PREFIX.sub("", claim[:LONGEST_CLAIM])):
            name = AFTER.sub("", PREFIX.sub("", part[:LONGEST_PART])).strip(" .,:-–—*'\"")
            key = fold(name)
            if is_cjk(name):
                first, *titles = name.split()
                if titles and (han or len(titles[0]) > 3):
                    name, key = first, fold(first)
                if CJK_HOUSE.search(name):
                    continue
            is_han = han and name[:1] >= "\u4e00"
            if is_han and (
                name in NOBODY or not HAN_NAME.fullmatch(name) or HAN_BUTTON.match(name)
            ):
                continue
            if _is_name(name, key, not_people):
                names.setdefault(key, name)
    return tuple(names.values())


def _is_name(name: str, key: str, not_people: set[str]) -> bool:
    if (
        not 2 <= len(key) <= 40
        or key in not_people | PLACEHOLDERS
        or any(char.isdigit() for char in name)
    ):
        return False
    if len(name.split()) > 5 or ROLE.search(name):
        return False
    return not any(
        len(site) >= 5 and site in key and 10 * len(site) >= 6 * len(key) for site in not_people
    )


def is_cjk(name: str) -> bool:
    """Whether a name starts with a Han, kana or Hangul character."""
    return name[:1] > "\u2e7f"


def is_house(name: str) -> bool:
    """Whether a name is an agency's, a paper's or a department's."""
    return bool(AGENCY.search(name) or CJK_HOUSE.search(name))
