"""Codes in digits, as Chinese writes them: 贵州茅台（600519）, SH600519, 证券代码：600519.

A bare number in brackets is believed only after a name: not after what counts, measures
or locates something (订单（300750）台, 邮编（430000）), nor before a measure word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.symbols import markets
from pipelines.symbols.candidates import candidate
from pipelines.symbols.markets import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.symbols.candidates import Candidate
    from pipelines.symbols.markets import Listing

# Every digit becomes 0 and all else a space: five in a row are then one look away.
_AS_DIGITS = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_COMMA = re.compile(r"[（(](\d{5,6})[，,]\s?(SH|SZ|BJ|HK)(?=[)）；;，,])")
_LINKED = re.compile(r"[（(](\d{6})[，,]\s?股吧[)）]")  # put in by a publisher's program
_PREFIXED = re.compile(r"(?<![A-Za-z0-9])(SH|SZ|BJ|sh|sz|bj)[.:]?(\d{6})(?![\dA-Za-z])")
_HK_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:HK|hk)(?:([08]\d{4})|[.:](\d{4,5}))(?![\dA-Za-z,.]\d|\d|[元万亿])"
)
_HAN = r"一-鿿"
_BRACKETED = re.compile(
    rf"[（(\[【](?<=[{_HAN}A-Za-zＡ-Ｚ*）)\d].)\s?({markets.A_SHARE}|0\d{{4}}|399\d{{3}})\s?[)）\]】]"
)
# What counts, measures, locates or numbers something is followed by a figure, not a code.
# Words and not their last character: 广联达, 永辉超市, 广电计量 and 中国通号 are companies.
_NO_NAME = re.compile(
    r"(?:邮编|邮政编码|区号|电话|手机|传真|热线|(?<![超城])市|县|区|大街|大道|大学|学院|学校"
    r"|第|(?:[数额量率价值码号均]|分别)为|\d[年月日号]|[\d万亿美港日欧]元|\d[万亿]|共|共计|合计|总计|累计|[增降升]至|超过|[高已将多长]达"
    r"|订单|库存|产能|人口|收入|营收|利润|净利|票房|浏览|阅读|点击|播放|评论|点赞|转发|粉丝|注册|报名"
    r"|客流|装机|用户|会员|员工|[编文账帐型批单序证件工学案牌卡]号|[编号密条邮]码|代[码号碼號]|验证码|识别码|[额率值价费积]"
    r"|(?:数|总|产|销|订单|交付|出货|发货|成交|交易|流|阅读|访问|点击|持仓|吞吐|用电|发电|排放|保有|供应|需求|质|重)量"
    r"|(?:总|人|户|件|次|台|辆|股|天|份|个|例|票|分|字|页|点|粉丝|用户)数)\Z"
)
# 订单（300750）台: a measure word, and the phrase ends there or goes on about the figure.
_MEASURE = re.compile(
    r"\s?(?:[万亿]|[多余])?(?:台|辆|件|只|人|户|家|个|份|元|股|手|吨|套|次|条|篇|张|箱|幢|栋|名|位|间|座|架|艘|枚"
    r"|平方米|平方公里|公里|千米|公斤|千克|千瓦时|千瓦|亩|公顷|人次|字|页|票|点|分|美元|港元|日元|欧元)"
    r"(?![一-鿿]|[A-Za-z0-9])|\s?号"
)
_INDEX_NAME = re.compile(r"(?:指数|指|综指|成指|沪深300|上证50|中证\d{3,4})\Z")
_FUND_NAME = re.compile(
    r"(?:ETF|LOF|FOF|QDII|REIT|基金|转债|定开|持有期?|理财|[）)]"
    r"|(?:债券|债|混合|联接|增强|货币|指数)[A-E]?)\Z"
)
# Postal codes share ranges with shares; and B shares, whose ranges these are, say so.
_POSTED = re.compile(r"(?:天津|武汉|湖北|新疆|乌鲁木齐|昌吉|石河子|奎屯|克拉玛依|伊宁)\Z")
_B_SHARE = re.compile(r"[BＢ]股?\Z")
_NAME = re.compile(rf"[{_HAN}A-Za-zＡ-Ｚ*\-]{{2,8}}\Z")
_CODE_WORD = re.compile(
    r"(证券|股票|股份|公司|基金|A股|H股|港股|美股|證券)(?:交易)?(?:代码|代號|代号|代碼)"
    r"[ 　]?(?:为|是|：|:|[ 　])[ 　]?[“\"（(]?([A-Z]{1,5}|\d{3,6})(?![\dA-Za-z])"
)


def find(text: str) -> Iterator[Candidate]:
    """Yield codes by their prefix, their brackets or the word for a code."""
    if b"00000" in text.encode("utf-8", "replace").translate(_AS_DIGITS):
        yield from _mainland(text)
    if "代" in text:
        yield from _code_words(text)


def _mainland(text: str) -> Iterator[Candidate]:
    for match in _PREFIXED.finditer(text):
        found = markets.prefixed(match[1], match[2])
        yield from candidate(found, "prefix", "certain", match[0], at=match.start())
    for match in _HK_PREFIXED.finditer(text):
        found = listing("XHKG", match[1] or match[2])
        yield from candidate(found, "prefix", "certain", match[0], at=match.start())
    for match in _COMMA.finditer(text):
        found = markets.suffixed(match[1], match[2])
        yield from candidate(found, "comma", "certain", match[0][1:], at=match.start())
    for match in _LINKED.finditer(text):
        found = listing("CN", match[1])
        yield from candidate(found, "forum-link", "tag", match[0], at=match.start())
    for match in _BRACKETED.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if not _is_figure(before, text, match.end()):
            name = _name_before(before)
            found = _by_name(match[1], before)
            yield from candidate(found, "bracket", "medium", match[0], at=match.start(), name=name)


def _is_figure(before: str, text: str, end: int) -> bool:
    """Whether a number in brackets counts something: by what stands before and after it."""
    if _INDEX_NAME.search(before):
        return False
    counts = before[-1:].isdigit() or _NO_NAME.search(before) is not None
    return counts or _MEASURE.match(text, end) is not None


def _code_words(text: str) -> Iterator[Candidate]:
    for match in _CODE_WORD.finditer(text):
        found = _by_code(match[2], fund=match[1] == "基金")
        yield from candidate(found, "code-word", "certain", match[0], at=match.start())


def _by_code(code: str, *, fund: bool) -> Listing | None:
    """Read a code called so. Funds that are not traded have codes like those of shares."""
    if not code.isdigit():
        return listing("US", code)
    if len(code) != 6:
        return listing("XHKG", code)
    return (None if fund else listing("CN", code)) or markets.exchange_traded(code)


def _by_name(code: str, before: str) -> Listing | None:
    """Settle a bare code by the name before it: 上证指数（000001） is Shanghai's index."""
    if len(code) == 5:
        return listing("XHKG", code)
    if _INDEX_NAME.search(before):
        index = "XSHE" if code.startswith("399") else "XSHG"
        return listing(index, code) if markets.kind_of(index, code) == "index" else None
    if _FUND_NAME.search(before) or _POSTED.search(before):
        return None
    if code.startswith(("20", "900")) and not _B_SHARE.search(before):
        return None
    return listing("CN", code)


def _name_before(before: str) -> str | None:
    match = _NAME.search(before)
    return match[0] if match and len(match[0]) <= 6 and match.start() > 0 else None
