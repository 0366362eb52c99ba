"""A labelled set of tellings, made from real bodies by stated transformations.

Every real body gives copies of itself (the same story at another outlet) and look-alikes
(another story in the same dress). The bodies are read from ../shared and never kept here.

Copies
    lead-10/20/30   the first 10/20/30 % rewritten: three in five plain words of it replaced
                    by words of another article, clauses turned round; names, figures and the
                    rest of the text stay
    excerpt-60/40   the first 60/40 %, to a sentence's end
    outlet          an outlet's dateline before and four lines of promotion after the text
    suffix          the outlet's name behind the title, a wire prefix before it
    re-paragraphed  one paragraph for all, or one for each sentence
    quotes          quotation marks, dashes and ellipses in another style
    mixed           lead-10, outlet, suffix, quotes and re-paragraphed at once
    retitled        another headline, made of words of the body's first half
    teaser          the first 150 letters (60 Chinese), to a sentence's end or cut, as a feed
                    gives them, under another headline, against the whole
    two-outlets     excerpt-60 at the one against lead-20 with outlet lines and another
                    headline at the other

Look-alikes
    figures         the same text with every figure another one (a rate table, a template)
    names           the same text with its most frequent names and a third of its figures changed
    next-day        a wrap of the next day: figures, weekdays and two in five sentences differ
    furniture       two articles in the same publisher's lines (a third as long as the article)
    boilerplate     two press releases, cut to 700 letters, that end in the same 600 letters
                    "about the company" and cautionary words
    strangers       two articles of one language
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_LETTERS = {"en": 700, "zh": 250}
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?](?=\s|$)|[。！？])[”’\"」』]?|[^\n]+?(?=\n|$)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Body:
    """A real article: where it is from, and what it says."""

    id: str
    language: str
    title: str
    text: str

    @property
    def held_out(self) -> bool:
        """Half of the bodies, by the hash of their id, are kept for the final figures."""
        return blake2b(self.id.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tellings and whether they tell one story."""

    kind: str
    a: Body
    b: Body
    same: bool


def bodies(shared: Path) -> list[Body]:
    """Read the English and Chinese bodies that are long enough to be cut."""
    found = [*_fundus(shared), *_benchmark(shared), *_chinese(shared)]
    seen: set[str] = set()
    kept = []
    for body in found:
        head = re.sub(r"\W", "", body.text)[:60]
        if len(body.text) >= LEAST_LETTERS[body.language] and head not in seen:
            seen.add(head)
            kept.append(body)
    return kept


def pairs(found: list[Body], seed: int = 1) -> Iterator[Pair]:
    """Make the labelled pairs; each body meets every transformation once."""
    by_language = {code: [b for b in found if b.language == code] for code in ("en", "zh")}
    for index, body in enumerate(found):
        chance = random.Random(f"{seed}:{body.id}")
        others = [other for other in by_language[body.language] if other is not body]
        other = others[(index * 7 + 3) % len(others)]
        yield from _copies(body, other, chance)
        yield from _look_alikes(body, other, chance)


def _copies(body: Body, other: Body, chance: random.Random) -> Iterator[Pair]:
    for share in (10, 20, 30):
        yield Pair(f"lead-{share}", body, rewritten(body, other, share, chance), True)
    for share in (60, 40):
        yield Pair(f"excerpt-{share}", body, excerpt(body, share), True)
    yield Pair("outlet", body, at_outlet(body, chance), True)
    yield Pair("suffix", body, suffixed(body, chance), True)
    yield Pair("re-paragraphed", body, reparagraphed(body, chance), True)
    yield Pair("quotes", body, requoted(body), True)
    mixed = reparagraphed(at_outlet(rewritten(body, other, 10, chance), chance), chance)
    yield Pair("mixed", body, suffixed(requoted(mixed), chance), True)
    yield Pair("retitled", body, retitled(body, chance), True)
    yield Pair("teaser", body, teaser(retitled(body, chance)), True)
    elsewhere = at_outlet(rewritten(retitled(body, chance), other, 20, chance), chance)
    yield Pair("two-outlets", excerpt(body, 60), elsewhere, True)


def _look_alikes(body: Body, other: Body, chance: random.Random) -> Iterator[Pair]:
    if len(_NUMBER.findall(body.text)) >= 3:
        yield Pair("figures", body, other_figures(body, chance), False)
        yield Pair("names", body, other_names(body, chance), False)
        yield Pair("next-day", body, next_day(body, other, chance), False)
    lines = furniture(body, other, chance)
    yield Pair("furniture", dressed(body, lines), dressed(other, lines), False)
    cut = 700 if body.language == "en" else 300
    tail = boilerplate(body, chance, cut * 6 // 7)
    yield Pair(
        "boilerplate",
        replace(body, text=_to_sentence(body.text, cut) + "\n" + tail),
        replace(other, text=_to_sentence(other.text, cut) + "\n" + tail),
        False,
    )
    yield Pair("strangers", body, other, False)


def rewritten(body: Body, other: Body, share: int, chance: random.Random) -> Body:
    """Rewrite the first `share` per cent; names, figures and the rest stay."""
    lead = _to_sentence(body.text, len(body.text) * share // 100)
    rest = body.text[len(lead) :]
    if body.language == "zh":
        foreign = re.findall(r"[\u4e00-\u9fff]{2}", other.text)
        new = re.sub(
            r"[\u4e00-\u9fff]{2}",
            lambda found: chance.choice(foreign) if chance.random() < 0.6 else found[0],
            lead,
        )
        clauses = re.split(r"(?<=[，；])", new)
    else:
        foreign = re.findall(r"\b[a-z]{4,}\b", other.text)
        new = re.sub(
            r"\b[a-z]{3,}\b",
            lambda found: chance.choice(foreign) if chance.random() < 0.6 else found[0],
            lead,
        )
        clauses = re.split(r"(?<=, )", new)
    for at in range(0, len(clauses) - 1, 2):
        clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
    return replace(body, text="".join(clauses) + rest)


def excerpt(body: Body, share: int) -> Body:
    """Keep the first `share` per cent, to the end of a sentence."""
    return replace(body, text=_to_sentence(body.text, len(body.text) * share // 100))


def teaser(body: Body) -> Body:
    """Keep what a feed's summary would: a sentence or two, or what fits of them."""
    most = 150 if body.language == "en" else 60
    kept = _to_sentence(body.text, most)
    return replace(body, text=kept if len(kept) <= most * 1.5 else body.text[:most] + "…")


def at_outlet(body: Body, chance: random.Random) -> Body:
    """Put a dateline before the text and an outlet's own lines behind it."""
    day, hour = chance.randint(1, 28), chance.randint(6, 22)
    if body.language == "zh":
        head = f"港湾财经{day}日{hour}:{chance.randint(10, 59)}讯 记者 林示例"
        foot = (
            "更多精彩内容，请下载港湾财经客户端。\n扫描二维码，关注港湾财经公众号。\n"
            "版权声明：未经授权不得转载。\n投资有风险，入市需谨慎。"
        )
    else:
        head = f"HARBOUR CITY, March {day} (Harbour Ledger) -"
        foot = (
            "Sign up for the Harbour Ledger's morning letter, every weekday at 7.\n"
            "Follow us on the usual networks and download our app.\n"
            "Read more: five charts that explain the week\n"
            f"© 20{chance.randint(20, 26)} Harbour Ledger Ltd. All rights reserved."
        )
    return replace(body, text=f"{head}\n{body.text}\n{foot}")


def suffixed(body: Body, chance: random.Random) -> Body:
    """Add an outlet's name to the title's end and a wire's prefix to its beginning."""
    if body.language == "zh":
        before, after = (
            chance.choice(["快讯：", "【更新】", ""]),
            chance.choice(["_港湾财经", " - 港湾网"]),
        )
    else:
        before = chance.choice(["UPDATE 2-", "CORRECTED-", "WRAPUP 1-", ""])
        after = chance.choice([" - Harbour Ledger", " | Ledger"])
    return replace(body, title=f"{before}{body.title}{after}")


def reparagraphed(body: Body, chance: random.Random) -> Body:
    """Join all paragraphs, or give each sentence its own."""
    if chance.random() < 0.5:
        joint = "" if body.language == "zh" else " "
        return replace(body, text=joint.join(body.text.split("\n")))
    return replace(body, text="\n".join(part.strip() for part in _sentences(body.text)))


def requoted(body: Body) -> Body:
    """Set quotation marks, dashes and ellipses in another style."""
    if body.language == "zh":
        table = str.maketrans({"“": "「", "”": "」", "，": ",", "（": "(", "）": ")", "—": "-"})
    else:
        table = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", '"': "”", "—": "-"})
    return replace(body, text=body.text.translate(table).replace("…", "..."))


def retitled(body: Body, chance: random.Random) -> Body:
    """Write another headline out of words of the first half."""
    half = body.text[: len(body.text) // 2]
    found = [part.strip() for part in _sentences(half) if len(part.strip()) > 20]
    line = chance.choice(found or [body.title])
    if body.language == "zh":
        return replace(body, title=re.sub(r"\W", "", line)[:22])
    return replace(body, title=" ".join(line.split()[:9]))


def other_figures(body: Body, chance: random.Random) -> Body:
    """Change every figure of title and text, the same one in the same way."""
    table: dict[str, str] = {}

    def change(found: re.Match[str]) -> str:
        figure = found[0]
        if figure not in table:
            table[figure] = "".join(
                chance.choice([d for d in "123456789" if d != c]) if c.isdigit() else c
                for c in figure
            )
        return table[figure]

    return replace(body, title=_NUMBER.sub(change, body.title), text=_NUMBER.sub(change, body.text))


def other_names(body: Body, chance: random.Random) -> Body:
    """Put other names in the place of the most frequent ones, and change figures."""
    text, title = body.text, body.title
    if body.language == "zh":
        grams = [text[at : at + 3] for at in range(len(text) - 3)]
        grams = [gram for gram in grams if _HAN.sub("", gram) == "" and gram in title]
        names = sorted(set(grams), key=lambda gram: (-grams.count(gram), gram))[:1]
        fresh = ["兆麟达", "锦穗源", "凌波湾"]
    else:
        found = _NAME.findall(text)
        names = sorted(set(found), key=lambda name: (-found.count(name), name))[:3]
        fresh = ["Harwick Dunmore", "Tesselby", "Corrantine"]
    for name, new in zip(names, fresh, strict=False):
        text, title = text.replace(name, new), title.replace(name, new)
    figures = sorted(set(_NUMBER.findall(text)))
    for figure in figures[::3]:
        new = str(chance.randint(11, 9999))
        text = re.sub(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,])", new, text)
        title = re.sub(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,])", new, title)
    return replace(body, title=title, text=text)


def next_day(body: Body, other: Body, chance: random.Random) -> Body:
    """Write tomorrow's wrap: the frame stays, figures, days and two in five sentences change."""
    moved = other_figures(body, chance)
    week = [f"{day}day" for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")]
    text = moved.text
    text = re.sub("|".join(week), lambda day: week[(week.index(day[0]) + 1) % 7], text)
    text = re.sub("周[一二三四]", lambda day: "周" + "二三四五"["一二三四".index(day[0][1])], text)
    foreign = _sentences(other.text)
    parts = [chance.choice(foreign) if chance.random() < 0.4 else part for part in _sentences(text)]
    return replace(moved, text="".join(parts))


def furniture(body: Body, other: Body, chance: random.Random) -> str:
    """Borrow the lines that a publisher would put around every article of its own."""
    wanted = min(len(body.text), len(other.text)) // 3
    sentences = [part for part in _sentences(body.text[len(body.text) // 2 :]) if part.strip()]
    chance.shuffle(sentences)
    return _to_sentence("".join(sentences), wanted)


def dressed(body: Body, lines: str) -> Body:
    """Put the second half of the article's own text away and the publisher's lines after it."""
    own = _to_sentence(body.text, len(body.text) // 2)
    return replace(body, text=f"{own}\n{lines}")


def boilerplate(body: Body, chance: random.Random, letters: int) -> str:
    """Borrow a paragraph about the company from the body's end, with cautionary words."""
    parts = _sentences(body.text[len(body.text) // 2 :])
    chance.shuffle(parts)
    own = _to_sentence("".join(parts), letters)
    if body.language == "zh":
        return f"关于我们\n{own}\n风险提示：前瞻性陈述涉及风险，实际结果可能有重大差异。"
    return (
        f"About the company\n{own}\nThis release contains forward-looking statements; actual "
        "results may differ materially from those expressed or implied."
    )


def _sentences(text: str) -> list[str]:
    """Cut a text into sentences, each with the white space that follows it."""
    cuts, last = [], 0
    for found in re.finditer(r"(?:[.!?][”\"’]?\s+|[。！？][”」]?\s*|\n+)", text):
        cuts.append(text[last : found.end()])
        last = found.end()
    if last < len(text):
        cuts.append(text[last:])
    return cuts


def _to_sentence(text: str, letters: int) -> str:
    """Take about so many letters, to the end of a sentence."""
    taken = ""
    for part in _sentences(text):
        if taken and len(taken) + len(part) / 2 > letters:
            break
        taken += part
    return taken


def _fundus(shared: Path) -> Iterator[Body]:
    path = shared / "corpora" / "fundus" / "gold.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        pages = json.load(stream)
    for page in pages:
        if page["country"] in (
            "us",
            "uk",
            "gb",
            "ca",
            "au",
            "ie",
            "za",
            "ng",
            "nz",
            "in",
            "cn",
            "hk",
        ):
            body = page.get("body") or {}
            lines = list(body.get("summary") or [])
            for section in body.get("sections") or []:
                lines += section["paragraphs"]
            text = "\n".join(lines)
            language = "zh" if len(_HAN.findall(text)) * 3 > len(text) else "en"
            yield Body(page["id"], language, page["title"] or "", text)


def _benchmark(shared: Path) -> Iterator[Body]:
    folder = shared / "corpora" / "article-extraction-benchmark"
    with gzip.open(folder / "ground-truth.json.gz", "rt", encoding="utf-8") as stream:
        gold = json.load(stream)
    for key, page in gold.items():
        with gzip.open(folder / "html" / f"{key}.html.gz", "rt", encoding="utf-8") as stream:
            found = re.search(
                r"<title[^>]*>(.*?)</title>", stream.read(), re.DOTALL | re.IGNORECASE
            )
        title = " ".join(html.unescape(found[1]).split()) if found else ""
        text = page["articleBody"]
        language = "zh" if len(_HAN.findall(text)) * 3 > len(text) else "en"
        if text.isascii() or " the " in text or language == "zh":
            yield Body(key, language, title, text)


def _chinese(shared: Path) -> Iterator[Body]:
    folder = shared / "corpora" / "chinese"
    for name in ("gold.json", "rsshub/gold.json"):
        for key, page in json.loads((folder / name).read_text(encoding="utf-8")).items():
            text = "\n".join(page.get("body") or [])
            if not page.get("dup_of") and len(_HAN.findall(text)) * 3 > len(text):
                yield Body(key, "zh", page.get("title") or "", text)
