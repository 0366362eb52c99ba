"""The headline, out of the several forms in which a page states it.

A JSON-LD headline without the site's name is the best single claim; where there is none,
the forms vote. On Chinese pages the longest heading that starts `<title>` wins, since
their Open Graph titles are cut at quotes and their first h1 may be a promotion.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.characters import one_line
from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from pipelines.extract.declared import Declared

SEPARATOR = re.compile(r"\s+[|\-–—·•»«:/]+\s+|\s*[|｜_]+\s*|\s*--+\s*|\s*——\s*")
WEIGHTS = {"headline": 1.3, "h1": 1.0, "heading": 1.0, "og": 0.9, "title": 0.8, "twitter": 0.2}
HAN_SITE = re.compile(r"(?<=\S{8})\s?[-–—·]\s?[^-–—·]{2,16}$")
LONGEST = 300
KICKER = re.compile(r"[^:]{2,60}:\s+")
SECTION = 15
"""Characters of a title beyond which it is more than a section's name."""
MARKUP = re.compile(r"<[^>]{1,200}>")
HEADINGS = ("h1", "h2", "h3")
MOST_HEADINGS = 100


def choose_title(
    tree: HtmlElement,
    declared: Declared,
    *,
    sites: Iterable[str] = (),
    han: bool = False,
    feed_title: str | None = None,
) -> str | None:
    """Return the headline, or None where neither page nor feed states one.

    `sites` are names of the site (its own, learned suffixes, its host); `feed_title`
    stands in where the page's own title is a section's or the site's name.
    """
    names = {fold(site) for site in sites} - {""}
    candidates = [
        (kind, cut)
        for kind, text in title_forms(tree, declared)
        if (cut := without_site(text, names)) and fold(cut) not in names
    ]
    best = _of_han(tree, names, candidates) if han else None
    best = best or next((text for kind, text in candidates if kind == "headline"), None)
    best = best or _vote(candidates)
    best = _as_shared(best, candidates) if best else None
    if feed_title and (best is None or _is_section(best, feed_title)):
        return one_line(feed_title)
    return best


def title_forms(tree: HtmlElement, declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for every form of the title on the page."""
    stated = [("headline", declared.headline), ("og", declared.first("og:title"))]
    stated += [("twitter", declared.first("twitter:title")), ("title", page_title(tree))]
    for kind, text in stated:
        if text and (line := tidy_title(text)):
            yield kind, line
    for heading in islice(tree.iter("h1"), MOST_HEADINGS):
        if line := tidy_title(heading.text_content()):
            yield "h1", line


def page_title(tree: HtmlElement) -> str:
    """The text of the page's `<title>`."""
    node = tree.find(".//title")
    return one_line(node.text_content()) if node is not None else ""


def tidy_title(text: str) -> str:
    """One line of plain text; entities escaped twice and stray markup undone."""
    if "&" in text:
        text = html.unescape(text)
    return one_line(MARKUP.sub("", text))[:LONGEST]


def without_site(title: str, names: set[str]) -> str:
    """Cut the site's name off either end, where a separator parts it from the rest."""
    for _ in range(3):
        parts = list(SEPARATOR.finditer(title))
        if not parts:
            break
        head, tail = title[: parts[0].start()], title[parts[-1].end() :]
        if _names_site(tail, names):
            title = title[: parts[-1].start()]
        elif _names_site(head, names) and len(title) - len(head) > 15:
            title = title[parts[0].end() :]
        else:
            break
    return title.strip()


def learn_suffixes(titles: Iterable[str]) -> frozenset[str]:
    """The endings that a source's titles share: what its pages append to every headline.

    Folded, for `Hints.suffixes`. An ending counts when it follows a separator in at least
    three different titles and in half of them.
    """
    seen = set(titles)
    endings = Counter(
        fold(title[parts[-1].end() :])
        for title in seen
        if (parts := list(SEPARATOR.finditer(title)))
    )
    least = max(3, len(seen) / 2)
    return frozenset(text for text, count in endings.items() if text and count >= least)


def _names_site(text: str, names: set[str]) -> bool:
    folded = fold(text)
    if not folded:
        return True
    return folded in names or any(
        len(folded) >= 4 and len(name) >= 4 and (folded.startswith(name) or name == folded)
        for name in names
        if len(folded) <= len(name) + 12
    )


def _cut(title: str) -> str:
    """A `<title>` up to the last separator, if what follows looks like a site's name."""
    parts = list(SEPARATOR.finditer(title))
    while parts:
        last = parts.pop()
        head, tail = title[: last.start()], title[last.end() :]
        if len(tail) > 40 or len(head) < len(tail) or len(head) < 8:
            break
        title = head
    return title


def _of_han(tree: HtmlElement, names: set[str], candidates: list[tuple[str, str]]) -> str | None:
    title = tidy_title(page_title(tree))
    if not title:
        return next((text for kind, text in candidates if kind == "h1"), None)
    folded = fold(title)
    headings = [
        line
        for node in tree.iter(*HEADINGS)
        if (line := tidy_title(node.text_content())) and len(line) >= 6
        if folded.startswith(fold(line)) and fold(line) not in names
    ]
    if headings:
        return max(headings, key=len)
    first = HAN_SITE.sub("", SEPARATOR.split(title)[0])
    return first if len(first) >= 6 else (without_site(title, names) or None)


def _as_shared(title: str, candidates: list[tuple[str, str]]) -> str:
    """The title without a section behind it, or a kicker before it, that another form lacks.

    `Rates rise | Markets` beside `Rates rise`; `Harbours: Rates rise again` beside an Open
    Graph title `Rates rise again`. On pages of news the Open Graph form is the headline there.
    """
    others = {fold(text) for _, text in candidates}
    for part in reversed(list(SEPARATOR.finditer(title))):
        if part.start() > SECTION and fold(title[: part.start()]) in others:
            title = title[: part.start()]
            break
    kicker = KICKER.match(title)
    if kicker and len(title) - kicker.end() > SECTION:
        rest = fold(title[kicker.end() :])
        if any(kind == "og" and fold(text) == rest for kind, text in candidates):
            return title[kicker.end() :]
    return title


def _vote(candidates: list[tuple[str, str]]) -> str | None:
    scores: dict[str, float] = defaultdict(float)
    forms: dict[str, str] = {}
    starts = fold(next((text for kind, text in candidates if kind == "title"), ""))
    seen: set[tuple[str, str]] = set()
    for kind, text in candidates:
        line = _cut(text) if kind == "title" else text
        key = fold(line)
        if not key or (kind, key) in seen:
            continue
        seen.add((kind, key))
        forms.setdefault(key, line)
        first_of_kind = sum(k == kind for k, _ in seen) == 1
        scores[key] += WEIGHTS[kind] * (1.0 if first_of_kind else 0.3)
        if kind == "h1" and starts.startswith(key) and len(key) > 8:
            scores[key] += WEIGHTS["heading"]
    return forms[max(scores, key=scores.__getitem__)] if scores else None


def _is_section(title: str, feed_title: str) -> bool:
    """Whether the page's title is too short to be the headline that the feed promised."""
    return len(fold(title)) < 12 and len(fold(feed_title)) >= 2 * len(fold(title))
