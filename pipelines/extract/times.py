"""When the page says it was published, and when changed: claims, weighed elsewhere.

Only claims about *this* article count: declared ones first; the visible text is read only
where no declaration has a clock. `pipelines.dates` decides between them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import XPath

from pipelines.dates import choose, is_exact, read_date
from pipelines.extract.declared import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from lxml.html import HtmlElement

    from pipelines.extract.declared import Declared
    from pipelines.items import Hints, Moment, Origin

PUBLISHED = (
    "weibo: article:create_at", "article:published_time", "article:published", "og:published_time",
    "datepublished", "publishdate", "publish_date", "publish-date", "pubdate", "published",
    "article:post_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxense:publish_time", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date.created",
    "dcterms.date", "dc.date", "article.published", "published_at", "date", "originalpublicationdate",
    "article_date_original", "og:article:published_time", "bt:pubdate", "rnews:datepublished",
    "displaydate", "date.release", "last-publish", "og:regdate", "regdate", "reg_date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "weibo: article:update_at",
    "last-modified", "lastmod", "dcterms.modified", "dc.date.modified", "article:modified",
    "modified", "revised", "date.updated",
)  # fmt: skip
CLOCK = r"\d{1,2}\s?[:：时時]\s?\d{2}(?:\s?[:：分]\s?\d{2})?\s?秒?"
VISIBLE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}\s?[日일.]?(?:\s|,|T|\(.{1,3}\)|（.{1,3}）|星期.|오전|오후|午前|午後)*"
    + CLOCK
    + r"|(?<!\d)(?:\d{1,2}\.\s?\d{1,2}\.\s?|\d{1,2}\.?\s[^\W\d]{3,10}\.?,?\s|[^\W\d]{3,10}\.?\s\d{1,2},?\s)"
    r"(?:19|20)\d\d(?:,|\s|-|–|\||um|at|à|kl\.?|ore|à las|a las){1,6}\d{1,2}[:.h]\d{2}(?!\d)(?:\s?[ap]\.?m\.?)?",
    re.IGNORECASE,
)
VISIBLE_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}(?!\d)\s?[日일]?"
    r"|(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d(?!\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d]{3,10}\.?,?\s+(?:19|20)\d\d\b"
    r"|\b[^\W\d]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"
)
IN_URL = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\D|$)"
)
MOST_LINES, MOST_TEXT = 10_000, 60_000
MOST_SCRIPT = 2_000_000
IN_SCRIPT = re.compile(
    r"(?:date_?published|publish(?:ed)?_?(?:at|date|time)|pub_?date|first_?published(?:_?at)?|"
    r"deploy_?date|reg_?(?:date|dt)|display_?date)(?:\\?[\"'])?\s*:\s*"
    r"\\?[\"']([^\"'\\]{8,40})\\?[\"']"
)
"""A date of publication in a script made lower case, which is seven times as quick to search."""
YEAR = re.compile(r"(?:19|20)\d\d")
BEFORE_YEAR, AFTER_YEAR = 24, 120
"""Characters around a year within which the patterns above find all of a date."""
_ITEMPROP = XPath("//*[@itemprop='datePublished'][not(self::meta)]")


def read_times(
    tree: HtmlElement,
    declared: Declared,
    hints: Hints,
    *,
    lines: Iterable[str],
    url: str,
    now: datetime,
) -> tuple[Moment | None, Moment | None]:
    """Return the best published and modified claims of feed and page together.

    `lines` are the page's visible text, read only so far as nothing else has a clock.
    """
    source = hints.source

    def read(raw: str, origin: Origin) -> Moment | None:
        return read_date(
            raw,
            origin=origin,
            zone=source.timezone,
            zone_is_wrong=source.zone_is_wrong and origin == "feed",
            now=now,
        )

    claims = [m for origin, raw in _stated(declared) if (m := read(raw, origin))]
    if not any(is_exact(claim, now) for claim in claims):
        claims += [m for raw in _marked(tree) if (m := read(raw, "page"))]
    if hints.entry.published is not None:
        claims.insert(0, hints.entry.published)
    if not any(claim.precision != "day" for claim in claims):
        claims += _visible(lines, read)
    if not any(claim.precision != "day" for claim in claims):
        claims += _in_scripts(tree, read, claims)
    if not claims and (match := IN_URL.search(url)):
        claims += filter(None, [read("-".join(match.groups()), "url")])
    changed = [m for origin, raw in _modified(declared) if (m := read(raw, origin))]
    if hints.entry.updated is not None:
        changed.append(hints.entry.updated)
    published, modified = choose(claims, now=now), choose(changed, now=now)
    if modified and published and modified.at <= published.at:
        modified = None
    return published, modified


def _stated(declared: Declared) -> Iterator[tuple[Origin, str]]:
    weibo, *others = PUBLISHED
    for raw in declared.meta.get(weibo, ())[:1]:
        yield "meta", raw
    for key in ("datePublished", "dateCreated"):
        for raw in texts(declared.ld.get(key)):
            yield "json-ld", raw
            break
        else:
            continue
        break
    for name in others:
        for raw in declared.meta.get(name, ())[:1]:
            yield "meta", raw


def _marked(tree: HtmlElement) -> Iterator[str]:
    """What the page's markup says is its date."""
    for node in tree.iter("time"):
        raw = node.get("datetime") or node.text_content()
        about = f"{node.get('itemprop', '')} {node.get('class', '')}".lower()
        if raw and not re.search("modif|updat", about):
            yield raw
            break
    for node in _ITEMPROP(tree)[:1]:
        yield node.get("content") or node.get("datetime") or node.text_content()


def _modified(declared: Declared) -> Iterator[tuple[Origin, str]]:
    for raw in texts(declared.ld.get("dateModified")):
        yield "json-ld", raw
    for name in MODIFIED:
        for raw in declared.meta.get(name, ())[:1]:
            yield "meta", raw


def _visible(lines: Iterable[str], read: Callable[[str, Origin], Moment | None]) -> list[Moment]:
    """The first date with a clock in the visible text; failing that, the first day."""
    text = " ".join(islice(lines, MOST_LINES))[:MOST_TEXT]
    for pattern in (VISIBLE, VISIBLE_DAY):
        for match in islice(_around_years(pattern, text), 5):
            if moment := read(match[0], "page"):
                return [moment]
    return []


def _in_scripts(
    tree: HtmlElement, read: Callable[[str, Origin], Moment | None], days: Sequence[Moment]
) -> list[Moment]:
    """The dates of publication in the page's own data; those of the days known, if any are.

    Data beside an article often hold a whole list of others.
    """
    scripts = "".join(script.text or "" for script in tree.iter("script"))[:MOST_SCRIPT]
    scripts = scripts.replace("\u0130", "i")  # the one letter that grows when made lower case
    written = (scripts[slice(*match.span(1))] for match in IN_SCRIPT.finditer(scripts.lower()))
    found = [moment for raw in islice(written, 200) if (moment := read(raw, "page"))]
    return [m for m in found if not days or any(_same_day(m, day) for day in days)]


def _same_day(moment: Moment, day: Moment) -> bool:
    """Whether a bare day, midnight of its zone, may be the day of that moment."""
    return timedelta(0) <= moment.at - day.at < timedelta(days=1)


def _around_years(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `finditer` yields, tried only near a year: everywhere, it takes ten times as long."""
    end = 0
    for year in YEAR.finditer(text):
        if year.start() >= end:
            start = max(end, year.start() - BEFORE_YEAR)
            near = pattern.search(text, start, year.end() + AFTER_YEAR)
            if near and (match := pattern.match(text, near.start())):
                yield match
                end = match.end()
