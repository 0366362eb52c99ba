"""The notations in which a text names an instrument: (NYSE: IBM), 000088.SZ, 贵州茅台（600519）.

A rule is a regular expression with bounded repetition (linear on any text) and a reader
for its match. Which rules run is decided by a cheap sign, because most articles name
nothing. Letters are told from words by their brackets, their label or their suffix, never
by being capitals alone: (CEO), A.T and U.S. are no instruments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.symbols import markets
from pipelines.symbols.candidates import Candidate
from pipelines.symbols.markets import Listing, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.symbols.candidates import Certainty


def _alternatives(labels: list[str]) -> str:
    longest_first = sorted(labels, key=len, reverse=True)
    return "|".join(re.escape(label).replace(r"\ ", r"[ \xa0]") for label in longest_first)


_CODE = r"[A-Z0-9][A-Z0-9]{0,7}(?:[.\-/][A-Z0-9]{1,3})?(?![A-Za-z0-9])"
_ANY_LABEL = _alternatives(
    [*markets.TABLES["labels"], *markets.BRACKET_LABELS, *sorted(markets.MICS), "US"]
)
# The colon is looked for first and the label before it second: that is quick.
_COLON = re.compile(rf"[:：][ \xa0]{{0,2}}[$“\"]?({_CODE})")
_LABEL = re.compile(
    rf"(?<![A-Za-z0-9])(?i:({_ANY_LABEL}))"
    rf"(?:(?:[ \xa0]?[/,&+][ \xa0]?|[ \xa0](?:and|und|&)[ \xa0])(?i:({_ANY_LABEL})))?"
    r"(?:[ \xa0](?:symbol|ticker))?[ \xa0]{0,2}\Z"
)
_LONGEST_LABEL = 60
_LAST_WORD = re.compile(r"[A-Za-zø0-9\-]{1,20}[ \xa0]{0,2}\Z")
_LAST_WORDS = frozenset(
    label.split(" ")[-1].casefold()
    for label in [*markets.LABELS, *markets.BRACKET_LABELS, *markets.MICS, "US", "symbol", "ticker"]
)
_NEXT_CODE = re.compile(rf"[ \xa0]?(?:,|/|and|&|、)[ \xa0]?({_CODE})(?=[ \xa0]?[,，;；/、)）\]])")
_OPENED = re.compile(r"[(（\[【][^()（）\[\]【】\n]{0,120}\Z")
# Words that stand in capitals after a label outside brackets: "NASDAQ: UP 2%".
_SHOUTED = frozenset(
    "A I AI ALL AM AN AND ARE AS AT BE BUY BY CEO CFO CLOSED DO DOWN ETF EU FAQ FLAT FOR FROM"
    " GO HOLD IF IN IPO IS IT NEW NO NOT OF ON OPEN OR OUT PM Q Q1 Q2 Q3 Q4 S SELL SO THE TO"
    " TOP UK UP US USA WAS WE WHY YOU YTD".split()
)

# Signs that the rules after them are worth running.
_DOT = re.compile(r"\.(?<=\d\.)(?:[A-Z]|hk|s[hsz]|bj)")
_DIGITS = re.compile(r"[0-9]{5}")

_DOTTED_DIGITS = re.compile(
    r"(?<![A-Za-z0-9_.,$€£¥])(\d{4,6})\.([A-Z]{1,3}|[a-z]{2})(?![A-Za-z0-9_]|\.[A-Za-z0-9])"
)
_HONG_KONG = re.compile(r"(?<![A-Za-z0-9_.,])(\d{3,5})\.(?:HK|hk)(?![A-Za-z0-9])")
_DOTTED_LETTERS = re.compile(
    r"[(（\[<＜〈][ \xa0]?([A-Z]{2,5}[a-dn]?|[A-Z]{2,4}Gn|[A-Z])\.([A-Z]{1,3})[ \xa0]?[)）\]>＞〉,;，；]"
)
_PREFIXED = re.compile(r"(?<![A-Za-z0-9])(SH|SZ|BJ|sh|sz|bj)[.:]?(\d{6})(?![\dA-Za-z])")
_HK_PREFIXED = re.compile(r"(?<![A-Za-z0-9])(?:HK|hk)[.:]?(\d{5})(?![\dA-Za-z,.]\d|\d)")
_HAN = r"一-鿿"
_BRACKETED = re.compile(
    rf"[（(](?<=[{_HAN}A-Za-zＡ-Ｚ*）)\d].)\s?({markets.A_SHARE}|0\d{{4}}|399\d{{3}})\s?[)）]"
)
_NO_NAME = re.compile(
    r"(?:邮编|邮政编码|区号|电话|市|县|区|路|街|号|大学|学院|学校|文号|编号|年|月|日|元|万|亿|共计|合计|总计|增至|达)\Z"
)
_INDEX_NAME = re.compile(r"(?:指数|指|综指|成指|沪深300|上证50|中证\d{3,4})\Z")
_FUND_NAME = re.compile(r"(?:ETF|LOF|基金|转债|债券|混合[A-C]?|联接[A-C]?|债[A-C]?|[）)])\Z")
_CODE_WORD = re.compile(
    r"(?:证券|股票|股份|公司|基金|A股|H股|港股|美股|證券|股票|股份)(?:交易)?(?:代码|代號|代号|代碼)"
    r"[ 　]?(?:为|是|：|:|[ 　])[ 　]?[“\"（(]?([A-Z]{1,5}|\d{3,6})(?![\dA-Za-z])"
)
_STOCK_CODE = re.compile(r"(?i:\bstock[ \xa0]code)[ \xa0]?[:：][ \xa0]?(\d{1,5})(?![\d.,]\d|\d)")
_HAN_LABELLED = re.compile(
    rf"({_alternatives(list(markets.HAN_LABELS))})(?:股票|证券|交易)?(?:代码|コード)?"
    r"[ 　]?[:：][ 　]?([A-Z]{1,6}(?:[.\-][A-Z])?|\d{4,6}|\d{3}[A-Z])"
    r"(?=[ 　]?[)）\]】;；,，、。/|\s]|\Z)"
)
_JAPANESE_CODE = re.compile(r"証券コード[ 　:：＝=]{0,2}(\d{4}|\d{3}[A-Z])(?![\dA-Za-z年月])")
_JAPANESE = re.compile(
    r"(?<=[一-鿿ぁ-んァ-ヶーA-Za-zＡ-Ｚ&＆])(?:[<＜〈](\d{4}|\d{3}[A-Z])[>＞〉]"
    r"|[（(]((?!19|20)\d{4}|\d{3}[A-Z])[)）])"
)
_JAPANESE_MARKET = re.compile(r"株|東証|上場|銘柄|証券")
_KANA = "のをはがで"  # no Japanese text is without one of these
_CASHTAG = re.compile(
    r"(?<![\w$.\-/\\{\[=])\$([A-Z]{1,5}(?:[.\-][A-Z]{1,2})?)(?![\w$({\[=:/]|\.\w)"
)
_SCRIPT = re.compile(r"\$[a-z_{(]|\$[A-Z]{2,5}_|\$[A-Z]{6,}|\$(?:PATH|HOME|USER|PWD|SHELL)\b")
_MONEY = frozenset(
    "US USD CAD AUD HKD NZD SGD EUR GBP JPY CNY RMB INR CHF KRW TWD A B C K M MM BN B MN T AU CA"
    " HK NZ SG NT R PATH HOME USER".split()
)
_BLOOMBERG = re.compile(
    rf"(?<![A-Za-z0-9/])([A-Z0-9]{{1,8}}(?:/[A-Z])?) ({_alternatives(list(markets.BLOOMBERG))})"
    r" (?:Equity|EQUITY)(?![A-Za-z0-9])"
)
_BLOOMBERG_BRACKET = re.compile(r"[(（](\d{1,6}) (HK|CH|JP|TT|KS)[)）]")
_COUNTRY = re.compile(r"[(（<](\d{4,6}[A-Z]?|[A-Z]{1,5}(?:\.[A-Z])?)-(US|HK|TW|JP|KR|SH|SZ)[)）>]")
_PAIR = re.compile(
    r"(?<![A-Za-z0-9\-/.])([A-Z0-9]{2,6})[-/](USDT?|USDC|EUR|BTC|JPY|GBP)(?![A-Za-z0-9]|[-/][A-Za-z0-9])"
)
# A root in capitals and one of these may as well be a web address (BILD.DE).
_DOMAINS = frozenset("DE AS BR CO HE TO IS SE NZ SA ME VI MC ST SI SW IR NE CN BO KS TW SR".split())
_MARKET_TALK = re.compile(
    r"(?i)\b(?:shares?|stocks?|aktien?\w{0,12}|börse|dax|investors?|anleger|kurs|actions?|bourse"
    r"|dividend\w{0,4}|earnings|nasdaq|nyse)\b|股|证券|株"
)


def find(text: str) -> Iterator[Candidate]:
    """Yield every instrument that `text` names by a notation, in no particular order."""
    if ":" in text or "：" in text:
        yield from _labelled(text)
        yield from _han_labelled(text)
    if _DOT.search(text):
        yield from _dotted_digits(text)
    yield from _dotted_letters(text)
    if _DIGITS.search(text):
        yield from _mainland(text)
    if "代" in text:
        yield from _code_words(text)
    if any(kana in text for kana in _KANA):
        yield from _japanese(text)
    if "$" in text and not _SCRIPT.search(text):
        yield from _cashtags(text)
    yield from _terminals(text)


def _candidate(
    found: Listing | None, rule: str, certainty: Certainty, matched: str, name: str | None = None
) -> Iterator[Candidate]:
    if found is not None:
        yield Candidate(
            listing=found, rule=rule, certainty=certainty, matched=matched.strip(), name=name
        )


def label_mic(label: str) -> str | None:
    """Give the MIC of an exchange's label in any of its spellings, or of a MIC itself."""
    label = label.replace("\xa0", " ").strip()
    if label in markets.MICS or label == "US":
        return label
    return markets.LABELS.get(label.casefold()) or markets.BRACKET_LABELS.get(label.upper())


def _labelled(text: str) -> Iterator[Candidate]:
    for match in _COLON.finditer(text):
        word = _LAST_WORD.search(text[max(0, match.start() - 22) : match.start()])
        if word is None or word[0].strip().casefold() not in _LAST_WORDS:
            continue
        start = max(0, match.start() - _LONGEST_LABEL)
        named = _LABEL.search(text[start : match.start()])
        if named is None:
            continue
        start += named.start()
        opened = _OPENED.search(text[max(0, start - 125) : start])
        matched = text[start : match.end()]
        for label in filter(None, named.groups()):
            mic = _believed(label, match[1], opened is not None)
            if mic is None or (mic == "XLON" and _is_longitude(text[:start], match[1])):
                continue
            yield from _candidate(listing(mic, match[1]), "exchange", "certain", matched)
            if opened:
                yield from _further(text, match.end(), mic)


def _believed(label: str, code: str, opened: bool) -> str | None:
    """Give the label's MIC, if it means an exchange where it stands."""
    shared = label.casefold() not in markets.LABELS and label not in markets.MICS
    if shared and (not opened or label != label.upper()):
        return None
    return None if code in _SHOUTED and not opened else label_mic(label)


def _further(text: str, at: int, mic: str) -> Iterator[Candidate]:
    for _ in range(8):
        match = _NEXT_CODE.match(text, at)
        if match is None or label_mic(match[1]):
            return
        yield from _candidate(listing(mic, match[1]), "exchange", "certain", match[0].strip(" ,/"))
        at = match.end()


def _is_longitude(before: str, code: str) -> bool:
    return "LAT" in before[-30:].upper() or re.fullmatch(r"[EW]\d{0,3}", code) is not None


def _han_labelled(text: str) -> Iterator[Candidate]:
    for match in _HAN_LABELLED.finditer(text):
        found = listing(markets.HAN_LABELS[match[1]], match[2])
        yield from _candidate(found, "exchange-han", "certain", match[0])
    if "ock code" not in text and "ock Code" not in text:
        return
    for match in _STOCK_CODE.finditer(text):
        if len(match[1]) == 5 or re.search(r"Hong Kong|HKEX|SEHK|港", text):
            yield from _candidate(listing("XHKG", match[1]), "stock-code", "certain", match[0])


def _dotted_digits(text: str) -> Iterator[Candidate]:
    for match in _HONG_KONG.finditer(text):
        yield from _candidate(listing("XHKG", match[1]), "suffix", "certain", match[0])
    for match in _DOTTED_DIGITS.finditer(text):
        digits, suffix = match[1], match[2].upper()
        mic = markets.SUFFIXES.get(suffix)
        if mic in {"XSHG", "XSHE", "BJSE"} and len(digits) == 6:
            yield from _candidate(listing(mic, digits), "suffix", "certain", match[0])
        elif mic in {"XTKS", "XTAI", "ROCO", "XKRX", "XKOS", "XSAU", "XKLS"} and match[2].isupper():
            yield from _candidate(listing(mic, digits), "suffix", "medium", match[0])


def _dotted_letters(text: str) -> Iterator[Candidate]:
    for match in _DOTTED_LETTERS.finditer(text):
        if match[2] in _DOMAINS and not _MARKET_TALK.search(text):
            continue
        if len(match[1]) == 1 and len(match[2]) == 1:
            continue
        found = markets.suffixed(match[1], match[2])
        yield from _candidate(found, "suffix", "medium", match[0][1:-1])


def _mainland(text: str) -> Iterator[Candidate]:
    for match in _PREFIXED.finditer(text):
        found = markets.prefixed(match[1], match[2])
        yield from _candidate(found, "prefix", "certain", match[0])
    for match in _HK_PREFIXED.finditer(text):
        yield from _candidate(listing("XHKG", match[1]), "prefix", "certain", match[0])
    for match in _BRACKETED.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        numbered = before[-1:].isdigit() and not _INDEX_NAME.search(before)
        if not numbered and not _NO_NAME.search(before):
            yield from _candidate(
                _by_name(match[1], before), "bracket", "medium", match[0], _name_before(before)
            )


def _code_words(text: str) -> Iterator[Candidate]:
    for match in _CODE_WORD.finditer(text):
        yield from _candidate(_by_code(match[1]), "code-word", "certain", match[0])


def _by_code(code: str) -> Listing | None:
    if code.isdigit():
        return listing("CN" if len(code) == 6 else "XHKG", code)
    return listing("US", code)


def _by_name(code: str, before: str) -> Listing | None:
    """Settle a bare code by the name before it: 上证指数（000001） is Shanghai's index."""
    if len(code) == 5:
        return listing("XHKG", code)
    if _INDEX_NAME.search(before):
        index = "XSHE" if code.startswith("399") else "XSHG"
        return listing(index, code) if markets.kind_of(index, code) == "index" else None
    if _FUND_NAME.search(before):
        return None
    return listing("CN", code)


def _name_before(before: str) -> str | None:
    match = re.search(rf"[{_HAN}A-Za-zＡ-Ｚ*\-]{{2,8}}\Z", before)
    return match[0] if match and len(match[0]) <= 6 and match.start() > 0 else None


def _japanese(text: str) -> Iterator[Candidate]:
    for match in _JAPANESE_CODE.finditer(text):
        yield from _candidate(listing("XTKS", match[1]), "code-word", "certain", match[0])
    if _JAPANESE_MARKET.search(text):
        for match in _JAPANESE.finditer(text):
            found = listing("XTKS", match[1] or match[2])
            yield from _candidate(found, "bracket", "medium", match[0])


def _cashtags(text: str) -> Iterator[Candidate]:
    for match in _CASHTAG.finditer(text):
        if match[1] not in _MONEY and match[1] not in markets.COINS:
            yield from _candidate(listing("US", match[1]), "cashtag", "low", match[0])


def _terminals(text: str) -> Iterator[Candidate]:
    if "quity" in text or "QUITY" in text:
        for match in _BLOOMBERG.finditer(text):
            found = listing(markets.BLOOMBERG[match[2]], match[1])
            yield from _candidate(found, "bloomberg", "certain", match[0])
    for match in _BLOOMBERG_BRACKET.finditer(text):
        found = listing(markets.BLOOMBERG[match[2]], match[1])
        yield from _candidate(found, "bloomberg", "medium", match[0][1:-1])
    for match in _COUNTRY.finditer(text):
        found = listing(markets.COUNTRIES[match[2]], match[1])
        yield from _candidate(found, "country", "medium", match[0][1:-1])
    if "USD" in text or "BTC" in text:
        for match in _PAIR.finditer(text):
            yield from _candidate(markets.pair(match[1], match[2]), "pair", "certain", match[0])
