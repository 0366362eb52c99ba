"""Furniture that Chinese and wire pages are known to carry, and whether any was left.

Written from the domain's own inventory of such lines (original title, editor, source,
share buttons, app and QR promotions, rights, disclaimers, related reading, comments, date
lines, agencies' standards), not from the lists that the extraction removes them by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.quality.measures import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELLED = (
    r"[【（(]?(?:原标题|责任编辑|責任編輯|责编|编辑|(?:本文)?来源|來源|作者|记者)\s*[:：].{0,40}"
)
HEADINGS = (
    r"(?:相关(?:阅读|推荐|新闻|报道|链接|文章)|热门推荐|网友评论|为您推荐|推荐阅读|延伸阅读|更多精彩内容|"
    r"分享(?:到|至)|扫描二维码|扫一扫|新浪声明|特别提醒|特别声明|免责声明|风险提示|打开APP|下载APP).{0,60}"
)
NOTICES = (
    r"海量资讯.{0,40}|.{0,60}(?:二维码|版权所有|不得转载|禁止转载|请勿转载|仅代表作者|投资有风险|"
    r"不构成.{0,6}投资建议|下载.{0,8}(?:APP|客户端)|关注.{0,12}公众号).{0,60}"
)
DATE_LINE = (
    r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s*(?:\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?.{0,30}"
)
WIRES = (
    r"Our Standards: The Thomson.*|(?:Register now|Sign up) .{0,100}|Suggested Topics.*|"
    r"(?:Read more|Also read)\b.{0,140}|.{0,80}Reporting by .{2,80}Editing by.*|Disclosure:.*"
)
FURNITURE = re.compile("|".join((LABELLED, HEADINGS, NOTICES, DATE_LINE, WIRES)), re.IGNORECASE)


def left(lines: Sequence[str], gold: str) -> list[str]:
    """The lines that are furniture, bar what the gold itself keeps of them."""
    kept = fold(gold)
    return [line for line in lines if FURNITURE.fullmatch(line.strip()) and fold(line) not in kept]
