"""What a change of words within a sentence is worth: a typing slip, or another meaning."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LETTERS = rf"(?:(?![{_CJK}])[^\W\d_])+"
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|[{_CJK}]|{_LETTERS}(?:['’]{_LETTERS})*|[^\w\s]")
_HAN = re.compile("[\u3400-\u9fff]")


def _words_of(line: str) -> frozenset[str]:
    return frozenset(line.split())


_COUNTING = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTING.split())}
_NUMBER_WORDS |= {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_HAN_NUMBERS = frozenset("一二三四五六七八九十百千万亿兆零两双半首")
_SCALES = _words_of("hundred thousand million billion trillion mln bln percent percentage")
_NEGATIONS = _words_of(
    "not no never none nor neither without cannot can't won't don't doesn't didn't isn't aren't "
    "wasn't weren't hasn't haven't hadn't wouldn't shouldn't couldn't deny denies denied refuse "
    "refuses refused fail fails failed"
)
_HAN_NEGATIONS = frozenset("不未没無无非否勿莫别拒")
# Words whose exchange turns the meaning, however alike they are spelled.
_TURNING = _words_of(
    "rise rises rose risen rising fall falls fell fallen falling up down gain gains gained loss "
    "losses lose loses lost profit profits increase increases increased decrease decreases "
    "decreased grow grows grew shrink shrinks shrank higher lower high low above below over under "
    "more less most least buy buys bought sell sells sold buyer seller long short bull bear "
    "bullish bearish beat beats missed miss win wins won inflow inflows outflow outflows import "
    "imports export exports cut cuts raise raises raised hike hikes hiked lowers lowered hold "
    "holds held accept accepts reject rejects approve approves approved disapprove surplus deficit "
    "guilty innocent before after all some any may must will could would should upgrade upgrades "
    "upgraded downgrade downgrades downgraded former current acting net gross weekly daily monthly "
    "quarterly annual january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday"
)
_HAN_TURNING = frozenset(
    "涨跌升降增减买卖盈亏多空高低上下前后大小强弱松紧进出收付借贷加减利害胜负正负早晚东西南北内外年月日周季元"
)
_SMALL = _words_of(
    "the a an of in on at to for from by with as and or that which who this these those its it is "
    "was are were be been being has have had do does did also then than so but"
)
_HAN_SMALL = frozenset("的了着过地得也都就而之在是于与和及其该这那将已")
# A person's name follows such words; a character of it changed is another person.
_BEFORE_NAME = re.compile(
    "(?:董事长|总裁|总经理|行长|主席|部长|市长|省长|书记|分析师|首席|记者|秘书|主任|教授|"
    "局长|司长|发言人|创始人)[\u3400-\u9fff]{0,3}$"
)
_TYPO_LIKENESS = 0.74

MATERIAL = (
    "figures",
    "names",
    "negation",
    "sense",
    "sentence added",
    "sentence removed",
    "wording",
)


def tokens(text: str) -> list[str]:
    """Cut a text into figures, words, single Chinese characters and marks."""
    return _TOKEN.findall(text)


def word_changes(old: str, new: str) -> set[str]:
    """Say what the change from one sentence to another is made of; empty for none."""
    before, after = tokens(old), tokens(new)
    if _transposed(before, after):
        return {"spelling"}
    found: set[str] = set()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            starts = i1 == 0 or before[i1 - 1] in ".!?。！？:'\""
            ahead = "".join(before[max(0, i1 - 8) : i1])
            found |= _judge(before[i1:i2], after[j1:j2], starts=starts, ahead=ahead)
    if not found and old != new:
        found.add("punctuation")
    return found


def _judge(old: list[str], new: list[str], *, starts: bool, ahead: str) -> set[str]:
    """Judge one run of tokens in the place of another (either may be empty)."""
    gone, come = _words(old), _words(new)
    if "".join(gone).casefold() == "".join(come).casefold():
        return {"punctuation"}
    lost, won = _only(gone, come), _only(come, gone)
    if len(lost) == len(won) == 1 and _letters_swapped(lost[0].casefold(), won[0].casefold()):
        return {"spelling"}
    changed = lost + won
    reasons: set[str] = set()
    if any(_is_figure(word) for word in changed):
        reasons.add("figures")
    if any(_is_negation(word) for word in changed):
        reasons.add("negation")
    if any(word.casefold() in _TURNING or word in _HAN_TURNING for word in changed):
        reasons.add("sense")
    if _name_changed(lost, won, starts=starts, ahead=ahead):
        reasons.add("names")
    if reasons:
        return reasons
    rest = [word for word in changed if word.casefold() not in _SMALL | _HAN_SMALL]
    if not rest or _is_slip(lost, won):
        return {"spelling"}
    return {"wording"}


def _transposed(old: list[str], new: list[str]) -> bool:
    """Whether two neighbouring Chinese characters have changed places, and nothing else."""
    if len(old) != len(new):
        return False
    apart = [at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if len(apart) != 2 or apart[1] != apart[0] + 1 or not _HAN.match(old[apart[0]]):
        return False
    return old[apart[0]] == new[apart[1]] and old[apart[1]] == new[apart[0]]


def _letters_swapped(old: str, new: str) -> bool:
    """Whether two neighbouring letters within a word have changed places, and nothing else."""
    apart = [at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    if len(old) != len(new) or len(apart) != 2 or not old.isalpha() or _HAN.match(old):
        return False
    first, second = apart
    return 0 < first == second - 1 and old[first] == new[second] and old[second] == new[first]


def _words(run: list[str]) -> list[str]:
    return [_NUMBER_WORDS.get(word.casefold(), word) for word in run if re.match(r"\w", word)]


def _only(these: list[str], those: list[str]) -> list[str]:
    """List the words that the other run does not have, each as often as it is missing."""
    left = list(those)
    found = []
    for word in these:
        if word in left:
            left.remove(word)
        else:
            found.append(word)
    return found


def _is_figure(word: str) -> bool:
    return word[0].isdigit() or word in _HAN_NUMBERS or word.casefold() in _SCALES | {"half"}


def _is_negation(word: str) -> bool:
    folded = word.casefold().replace("’", "'")
    return folded in _NEGATIONS or folded.endswith("n't") or word in _HAN_NEGATIONS


def _name_changed(lost: list[str], won: list[str], *, starts: bool, ahead: str) -> bool:
    """Whether a capitalised word, or a character of a Chinese person's name, is another one."""
    if any(_HAN.match(word) for word in lost + won):
        return bool(_BEFORE_NAME.search(ahead)) and len(lost) == len(won)
    cases = {word.casefold() for word in lost} & {word.casefold() for word in won}
    named = [
        word for word in lost + won if word[0].isupper() and word.casefold() not in cases | _SMALL
    ]
    if starts and len(lost) == len(won) == 1 and _alike(lost[0], won[0]):
        return False
    return bool(named)


def _is_slip(lost: list[str], won: list[str]) -> bool:
    """Whether the change mends (or makes) a typing slip."""
    if any(_HAN.match(word) for word in lost + won):
        return len(lost) <= 1 and len(won) <= 1
    if len(lost) == len(won):
        return all(_alike(a, b) for a, b in zip(lost, won, strict=True))
    return _alike("".join(lost), "".join(won))


def _alike(a: str, b: str) -> bool:
    """Whether two words are spelled alike enough for one to be the other misspelled."""
    if not a or not b or min(len(a), len(b)) < 3:
        return False
    return SequenceMatcher(None, a.casefold(), b.casefold()).ratio() >= _TYPO_LIKENESS
