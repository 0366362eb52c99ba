"""How well material changes are told from cosmetic ones and from none.

    python -m bench.changes [--tuned] [--show KIND]

One stated edit to each real body of ../shared (see bench/story_set.py; the half kept aside
unless --tuned): figures, names, negations, the direction of a move, a sentence less or more
are material; a typing slip, punctuation, a caption, a subheading are cosmetic; a date line,
a counter, a list of other articles, paragraphs, quotation marks are no change.

Each edit is judged twice: by itself, and amid furniture that is another one in each reading
(a clock, counters, a promotion and an advertisement between paragraphs, lists at the end),
but for new paragraphs and a list, which would move or double that furniture.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from bench.story_set import Body, _sentences, bodies, reparagraphed, requoted
from pipelines.changes import compare, readable_diff

SHARED = Path(__file__).resolve().parents[2] / "shared"
Edit = Callable[[Body, Body, random.Random], str | None]


def _swap(
    text: str, pattern: str, new: Callable[[re.Match[str]], str], chance: random.Random
) -> str | None:
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    spot = chance.choice(found)
    return text[: spot.start()] + new(spot) + text[spot.end() :]


def figure(body: Body, _other: Body, chance: random.Random) -> str | None:
    def other(found: re.Match[str]) -> str:
        return chance.choice([d for d in "123456789" if d != found[0]])

    return _swap(body.text, r"(?<=\d)\d(?=\W)|\d(?=[%.])", other, chance)


def name(body: Body, _other: Body, chance: random.Random) -> str | None:
    if body.language == "zh":
        return None
    return _swap(body.text, r"(?<=[a-z] )[A-Z][a-z]{3,}\b", lambda _: "Tesselby", chance)


def negation(body: Body, _other: Body, chance: random.Random) -> str | None:
    if body.language == "zh":
        return _swap(
            body.text, "(?<!不)(?:会|能|是)(?=[\u4e00-\u9fff])", lambda m: "不" + m[0], chance
        )
    return _swap(
        body.text,
        r"\b(?:will|is|was|has|can|did|would)\b(?! not|n't)",
        lambda m: m[0] + " not",
        chance,
    )


TURNS = {
    "rose": "fell", "fell": "rose", "up": "down", "higher": "lower", "increase": "decrease",
    "more": "less", "over": "under", "million": "billion", "after": "before", "could": "would",
    "涨": "跌", "增": "减", "升": "降", "亿": "万", "高": "低", "上": "下", "多": "少", "大": "小",
}  # fmt: skip


def direction(body: Body, _other: Body, chance: random.Random) -> str | None:
    words = r"\b(?:{})\b" if body.language == "en" else "(?:{})"
    keys = [key for key in TURNS if key.isascii() == (body.language == "en")]
    return _swap(body.text, words.format("|".join(keys)), lambda m: TURNS[m[0]], chance)


def less(body: Body, _other: Body, chance: random.Random) -> str | None:
    parts = _sentences(body.text)
    long = [at for at, part in enumerate(parts) if len(part) > 40 and re.search(r"[.。]\s*$", part)]
    if not long:
        return None
    del parts[chance.choice(long)]
    return "".join(parts)


def more(body: Body, other: Body, chance: random.Random) -> str | None:
    parts = _sentences(body.text)
    fresh = [p for p in _sentences(other.text) if len(p) > 40 and re.search(r"[.。]\s*$", p)]
    if not fresh:
        return None
    parts.insert(chance.randrange(1, len(parts) + 1), chance.choice(fresh).strip() + "\n")
    return "".join(parts)


def slip(body: Body, _other: Body, chance: random.Random) -> str | None:
    if body.language == "zh":
        return _swap(
            body.text, "([\u4e00-\u9fff])(?!\\1)([\u4e00-\u9fff])", lambda m: m[2] + m[1], chance
        )
    return _swap(
        body.text,
        r"\b([a-z]{2,})([a-z])(?!\2)([a-z])([a-z]{2,})\b",
        lambda m: m[1] + m[3] + m[2] + m[4],
        chance,
    )


def doubled(body: Body, _other: Body, chance: random.Random) -> str | None:
    if body.language == "zh":
        return _swap(body.text, "[的是在和]", lambda m: m[0] * 2, chance)
    return _swap(body.text, r"\b(?:the|to|of|a|in)\b", lambda m: f"{m[0]} {m[0]}", chance)


def comma(body: Body, _other: Body, chance: random.Random) -> str | None:
    return _swap(body.text, "(?<=[a-z\u4e00-\u9fff])[,，]", lambda _: "", chance)


def caption(body: Body, _other: Body, chance: random.Random) -> str | None:
    lines = body.text.split("\n")
    photo = (
        "图为示例港口。图片来源：示例图库"
        if body.language == "zh"
        else "Photo: the harbour at dawn, March 2024"
    )
    lines.insert(chance.randrange(len(lines) + 1), photo)
    return "\n".join(lines)


def heading(body: Body, _other: Body, chance: random.Random) -> str | None:
    lines = body.text.split("\n")
    lines.insert(
        chance.randrange(len(lines) + 1),
        "市场怎么看" if body.language == "zh" else "What comes next",
    )
    return "\n".join(lines)


def date_line(body: Body, _other: Body, chance: random.Random) -> str | None:
    day, minute = chance.randint(1, 28), chance.randint(10, 59)
    if body.language == "zh":
        return f"更新时间：2024年03月{day:02}日 10:{minute}\n{body.text}"
    return f"Updated March {day}, 2024, 10:{minute} a.m. GMT\n{body.text}"


def counter(body: Body, _other: Body, chance: random.Random) -> str | None:
    number = chance.randint(100, 99999)
    return f"{body.text}\n" + (f"阅读 {number}" if body.language == "zh" else f"{number:,} views")


def related(body: Body, other: Body, _chance: random.Random) -> str | None:
    head = "相关阅读" if body.language == "zh" else "Related articles"
    return f"{body.text}\n{head}\n{other.title}\n{body.title} again"


SLOGANS = {
    "en": ("Brew like a baron", "Sofas at half price", "Learn Danish in a week", "Fly to Bergen"),
    "zh": ("新车直降三万元", "秋季养生全攻略", "扫码领取理财红包", "开户送好礼"),
}
HEADS = {
    "en": ("Related articles", "Most read", "Read more", "Don't miss", "More from Harbour Ledger"),
    "zh": ("相关阅读", "热门文章", "推荐阅读", "为您推荐", "最新新闻"),
}


def furnished(text: str, language: str, titles: list[str], chance: random.Random) -> str:
    """Dress a text as a page does at one fetch; at the next it will be dressed differently."""
    zh = language == "zh"
    lines = text.split("\n")
    number = chance.randrange
    pointer = "延伸阅读：" if zh else "Read more: "
    spot = min(len(lines), chance.randrange(1, 4))
    lines[spot:spot] = [pointer + chance.choice(titles), chance.choice(SLOGANS[language])]
    top = (
        [f"{number(2, 59)}分钟前更新", f"阅读 {number(100, 99999)}"]
        if zh
        else [f"Updated {number(2, 59)} minutes ago", f"{number(100, 99999):,} views"]
    )
    count = number(3, 6)
    lists = [chance.choice(HEADS[language]), *chance.sample(titles, count)]
    comments = f"评论（{number(300)}）" if zh else f"{number(300)} comments"
    return "\n".join([*top, *lines, *lists, comments])


EDITS: dict[str, tuple[str, Edit]] = {
    "figure": ("material", figure),
    "name": ("material", name),
    "negation": ("material", negation),
    "direction": ("material", direction),
    "sentence less": ("material", less),
    "sentence more": ("material", more),
    "slip": ("cosmetic", slip),
    "doubled word": ("cosmetic", doubled),
    "comma": ("cosmetic", comma),
    "caption": ("cosmetic", caption),
    "heading": ("cosmetic", heading),
    "date line": ("none", date_line),
    "counter": ("none", counter),
    "related": ("none", related),
    "nothing": ("none", lambda body, _other, _chance: body.text),
    "paragraphs": ("none", lambda body, _other, chance: reparagraphed(body, chance).text),
    "quotes": ("none", lambda body, _other, _chance: requoted(body).text),
}


def judge(
    own: list[Body], kind: str, edit: Edit, *, dressed: bool
) -> Iterator[tuple[Body, str, str]]:
    """Edit each body; yields it with both readings as they would be compared."""
    titles = [body.title for body in own if body.title]
    for at, body in enumerate(own):
        chance = random.Random(f"{body.id} {kind}")
        new = edit(body, own[at - 1], chance)
        if new is None or (new == body.text and kind != "nothing"):
            continue
        if dressed:
            old = furnished(body.text, body.language, titles, chance)
            yield body, old, furnished(new, body.language, titles, chance)
        else:
            yield body, body.text, new


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tuned", action="store_true", help="the half the rules were tuned on")
    parser.add_argument("--show", metavar="KIND", help="print what was judged wrongly")
    chosen = parser.parse_args()
    found = [body for body in bodies(SHARED) if body.held_out != chosen.tuned]
    totals: Counter[tuple[bool, bool, bool]] = Counter()
    print(f"{'edit':14} {'':11} {'alone':>8} {'furnished':>9}")
    for (kind, (label, edit)), language in product(EDITS.items(), ("en", "zh")):
        own = [body for body in found if body.language == language]
        shares = []
        for dressed in (False, True)[: 1 if kind in ("paragraphs", "related") else 2]:
            verdicts: Counter[str] = Counter()
            for body, old, new in judge(own, kind, edit, dressed=dressed):
                difference = compare(body.title, old, body.title, new)
                verdicts[difference.kind] += 1
                totals[dressed, label != "none", difference.kind == label] += 1
                if (kind == chosen.show or chosen.show == "all") and difference.kind != label:
                    print(difference, readable_diff(None, old, None, new)[:6])
            shares.append(verdicts[label] / verdicts.total() if verdicts else 1.0)
        print(f"{kind:14} {language} {label:8}", *(f"{share:8.3f}" for share in shares))
    for dressed in (False, True):
        right = totals[dressed, True, True]
        counted = right + totals[dressed, True, False]
        still = totals[dressed, False, True]
        nothing = still + totals[dressed, False, False]
        name = "furnished" if dressed else "alone"
        print(f"{name}: material against cosmetic {right / counted:.4f} of {counted},", end="")
        print(f" no change seen as none {still / nothing:.4f} of {nothing}")


if __name__ == "__main__":
    main()
