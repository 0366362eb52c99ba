"""Two publishers on loopback whose pages are edited, and whose furniture never stands still.

The bodies are real ones of ../shared (see bench/story_set.py), 200 English and 100 Chinese,
published over a week by the clock of the process. 17.9 % of them are edited, a third of
these with a new headline, 1.5 % are withdrawn (see bench/edits.py). Half of the edits the
feed tells: half of these by a new summary, half by a later date alone.

Every page is different at each fetch: clock and weather line, quotes, "updated 5 minutes
ago", counters, a promotion and an advertisement amid the text, related and most-read lists,
readers' comments. In three arrangements, of which one has the lists inside the article.

What a server says of its pages:

    honest   ETag and Last-Modified of the article's version; 304 where it has not changed
    none     no validators
    bytes    an ETag of the bytes, which differ each time
    liar     304 to whoever has fetched the page before
"""

from __future__ import annotations

import hashlib
import random
import re
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from bench.changes import EDITS
from bench.edits import BODIES, TITLES, WITHDRAWN, edit_age
from bench.story_set import Body, bodies
from data.sample.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVERS = ("honest", "none", "bytes", "liar")
SHARES = {"en": 2 / 3, "zh": 1 / 3}
LISTED = 40
PUBLISHING = timedelta(days=7)
MATERIAL = ("figure", "name", "negation", "direction", "sentence less", "sentence more")
COSMETIC = ("slip", "doubled word", "comma", "heading")
HEADINGS = ("What comes next", "市场怎么看")
CREATIVES = {
    "en": (
        "Brew like a baron", "Sofas at half price", "Learn Danish in a week", "Fly to Bergen",
        "The last umbrella you will buy", "Cheese by post", "Is your roof insured?", "Sleep deeper",
    ),
    "zh": (
        "新车直降三万元", "秋季养生全攻略", "扫码领取理财红包", "一周学会丹麦语", "奶酪送到家",
        "沙发半价", "你的屋顶投保了吗？", "飞往卑尔根",
    ),
}  # fmt: skip
READERS = (
    "I told you so.",
    "Sell while you can!",
    "What about the pensioners?",
    "楼主说得对",
    "顶",
)


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens to an article: when, of what kind, and whether the feed shows it.

    `told`: "summary", "date", or "" where no feed tells of it.
    """

    at: datetime
    kind: str
    told: str

    @property
    def label(self) -> str:
        """Whether it is material, cosmetic, or a withdrawal."""
        return EDITS[self.kind][0] if self.kind in EDITS else self.kind


@dataclass(slots=True)
class Story:
    """An article as its publisher has it, and what will become of it."""

    number: int
    before: Body
    after: Body
    published: datetime
    edit: Edit | None = None

    def body(self, now: datetime) -> Body:
        """What it says now."""
        return self.after if self.edited(now) else self.before

    def edited(self, now: datetime) -> bool:
        """Whether it has been edited by now."""
        return self.edit is not None and self.edit.at <= now

    def gone(self, now: datetime) -> bool:
        """Whether its page has been taken away by now."""
        return self.edited(now) and self.edit is not None and self.edit.kind == "withdrawn"

    def told_at(self, now: datetime) -> datetime:
        """The date that its feed states now."""
        if self.edited(now) and self.edit is not None and self.edit.told:
            return self.edit.at
        return self.published


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server saw it."""

    at: datetime
    path: str
    status: int
    size: int


@dataclass
class Publisher:
    """One of the two, with its server."""

    language: str
    kind: str
    stories: list[Story]
    requests: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Open the server; `serve` lets it answer."""
        self.drawn = random.Random(self.language)
        self.server = Server(("127.0.0.1", 0), partial(_answer, self))

    def url(self, story: Story) -> str:
        """The address of an article."""
        return f"{self.server.url}/news/{story.number}.html"


def stories(shared: Path, count: int, start: datetime, times: str, seed: int) -> list[Story]:
    """Lay out the week: what is published when, and what happens to it."""
    chance = random.Random(seed)
    found = bodies(shared)
    made: list[Story] = []
    for language, share in SHARES.items():
        own = _enough([body for body in found if body.language == language], round(count * share))
        for body in own:
            published = start + PUBLISHING * chance.random()
            made.append(Story(len(made) + 1, body, body, published.replace(microsecond=0)))
    shuffled = made[:]
    chance.shuffle(shuffled)
    edited = round(BODIES * len(made))
    told = ["summary", "", "date", ""] * edited
    retitled = round(TITLES * len(made))
    for at, story in enumerate(shuffled[:edited]):
        _edit(story, shuffled, times, told[at], chance, retitled=at < retitled)
    for story in shuffled[edited : edited + round(WITHDRAWN * len(made))]:
        when = story.published + timedelta(hours=edit_age(chance, times))
        story.edit = Edit(when, "withdrawn", "")
    return made


def _enough(own: list[Body], wanted: int) -> list[Body]:
    """So many bodies: the longest ones are cut in two where there are too few."""
    own = sorted(own, key=lambda body: -len(body.text))
    halves = []
    for body in own[: max(0, wanted - len(own))]:
        lines = body.text.split("\n")
        half = len(lines) // 2
        halves += [
            replace(body, text="\n".join(lines[:half])),
            replace(
                body, id=f"{body.id}-2", title=f"{body.title} (2)", text="\n".join(lines[half:])
            ),
        ]
    return [*halves, *own[len(halves) // 2 :]][:wanted]


def _edit(
    story: Story,
    others: list[Story],
    times: str,
    told: str,
    chance: random.Random,
    *,
    retitled: bool,
) -> None:
    other = next(o for o in others if o is not story and o.before.language == story.before.language)
    kinds = [*chance.sample(MATERIAL, len(MATERIAL)), *chance.sample(COSMETIC, len(COSMETIC))]
    if chance.random() < 0.5:
        kinds = kinds[len(MATERIAL) :] + kinds[: len(MATERIAL)]
    for kind in kinds:
        text = EDITS[kind][1](story.before, other.before, chance)
        if text is not None and text != story.before.text:
            break
    else:
        raise ValueError(f"nothing to edit in {story.before.id}")
    title = story.before.title
    if retitled and EDITS[kind][0] == "material":
        title = f"{title}: {other.before.title.split()[0][:12]}"
    when = story.published + timedelta(hours=edit_age(chance, times))
    story.after = replace(story.before, text=text, title=title)
    story.edit = Edit(when.replace(microsecond=0), kind, told)


def _answer(publisher: Publisher, path: str, asked: Mapping[str, str]) -> Answer:
    with publisher._lock:
        now = datetime.now(UTC)
        answer = _of_path(publisher, path, now)
        known = asked.get("if-none-match") or asked.get("if-modified-since")
        tag = answer.headers.get("ETag")
        lies = publisher.kind == "liar" and path.startswith("/news") and answer.status == 200
        if known and (asked.get("if-none-match") == tag or lies):
            answer = replace(answer, status=304, body=b"")
        publisher.requests.append(Request(now, path, answer.status, len(answer.body)))
        return answer


def _of_path(publisher: Publisher, path: str, now: datetime) -> Answer:
    if path == "/robots.txt":
        return Answer(body=b"User-agent: *\nAllow: /\n", content_type="text/plain")
    if path == "/feed.xml":
        body = _feed(publisher, now).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        return Answer(body=body, content_type="application/xml", headers={"ETag": tag})
    found = re.fullmatch(r"/news/(\d+)\.html", path)
    by_number = {story.number: story for story in publisher.stories}
    story = by_number.get(int(found[1])) if found else None
    if story is None or story.published > now or story.gone(now):
        return Answer(body=b"<h1>Not found</h1>", status=404)
    body = _page(publisher, story, now).encode()
    headers = {}
    if publisher.kind in ("honest", "liar"):
        changed = story.edit.at if story.edited(now) and story.edit else story.published
        version = 1 + (story.edited(now) and publisher.kind == "honest")
        headers["ETag"] = f'"{story.number}-{version}"'
        if publisher.kind == "honest":
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    elif publisher.kind == "bytes":
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
    return Answer(body=body, headers=headers)


def _feed(publisher: Publisher, now: datetime) -> str:
    shown = [s for s in publisher.stories if s.published <= now and not s.gone(now)]
    shown.sort(key=lambda story: story.told_at(now), reverse=True)
    items = []
    for story in shown[:LISTED]:
        telling = story.edited(now) and story.edit is not None and story.edit.told == "summary"
        body = story.after if telling else story.before
        lead = body.text.split("\n")[0][:150]
        summary = f"{lead} (updated)" if telling else lead
        items.append(
            f"<item><title>{escape(body.title)}</title><link>{publisher.url(story)}</link>"
            f"<guid>{story.number}</guid><description>{escape(summary)}</description>"
            f"<pubDate>{format_datetime(story.told_at(now), usegmt=True)}</pubDate></item>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>'
        f"{_name(publisher)}</title><link>{publisher.server.url}</link>{''.join(items)}"
        "</channel></rss>"
    )


def _name(publisher: Publisher) -> str:
    return {"en": "Harbour Ledger", "zh": "港湾日报"}[publisher.language]


def _page(publisher: Publisher, story: Story, now: datetime) -> str:
    draw, body, zh = publisher.drawn, story.body(now), publisher.language == "zh"
    titles = [s.before.title for s in publisher.stories if s.published <= now and s is not story]
    titles = titles or ["Harbour news"]

    def links(count: int) -> list[str]:
        return [
            f'<a href="/news/{draw.randrange(999)}.html">{escape(draw.choice(titles))}</a>'
            for _ in range(count)
        ]

    number = draw.randrange
    paragraphs = [
        f"<h2>{line}</h2>" if line in HEADINGS else f"<p>{escape(line)}</p>"
        for line in body.text.split("\n")
    ]
    middle = len(paragraphs) // 2
    promo = ("推荐阅读：" if zh else "Read more: ") + links(1)[0]
    paragraphs.insert(middle, f'<p class="promo"><strong>{promo}</strong></p>')
    slogan = draw.choice(CREATIVES[publisher.language])
    paragraphs.insert(middle, f'<div class="ad-slot"><a href="/ad">{slogan}</a></div>')
    stamp = f"{story.published:%Y-%m-%d %H:%M}"
    minutes = number(2, 59)
    byline = (
        f"<p>发布时间：{stamp}</p><p>{minutes}分钟前更新</p><p>阅读 {number(100, 99999)}</p>"
        if zh
        else f'<p><time datetime="{stamp}">{stamp}</time></p><p>Updated {minutes} minutes ago</p>'
        f"<p>{number(100, 99999):,} views</p><p>{number(2, 900)} shares</p>"
    )
    heads = (
        ("相关阅读", "热门文章", "评论") if zh else ("Related articles", "Most read", "Comments")
    )
    related = _list(heads[0], links(5), story.number % 3)
    comments = "".join(f"<p>{draw.choice(READERS)}</p>" for _ in range(number(1, 4)))
    inside = related if story.number % 3 == 2 else ""
    outside = "" if story.number % 3 == 2 else related
    quotes = f"<span>DAX {number(17000, 19000):,}</span> <span>+{number(1, 99) / 100} %</span>"
    return (
        f'<!DOCTYPE html><html lang="{publisher.language}"><head><meta charset="utf-8">'
        f"<title>{escape(body.title)} - {_name(publisher)}</title>"
        f'<meta property="og:title" content="{escape(body.title)}">'
        f'<meta property="article:published_time" content="{stamp.replace(" ", "T")}:00Z">'
        f"</head><body><header><p>{now:%A, %d %B %Y %H:%M} {number(2, 30)} °C</p>{quotes}</header>"
        f"<main><article><h1>{escape(body.title)}</h1>{byline}{''.join(paragraphs)}{inside}"
        f"</article>{outside}"
        f'<section class="comments"><h3>{heads[2]} ({number(0, 300)})</h3>{comments}</section>'
        f"</main><aside>{_list(heads[1], links(5), 0)}</aside>"
        f"<footer>© {now:%Y} {_name(publisher)}</footer></body></html>"
    )


def _list(head: str, links: list[str], arrangement: int) -> str:
    if arrangement == 2:
        return f"<p>{head}</p>" + "".join(f"<p>{link}</p>" for link in links)
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<div class="related"><h3>{head}</h3><ul>{items}</ul></div>'
