"""Who wrote, edited and published it: names, and nothing but names.

Declared authors come first, then the byline beside the title; what turns out to be the
site itself, an address, a role or a whole sentence is no name. Chinese pages state people
in lines of their own (作者, 记者, 责任编辑, 来源), which are read here and leave the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.characters import one_line
from pipelines.extract.declared import texts
from pipelines.extract.names import (
    FULL_NAME,
    NOBODY,
    PLACEHOLDERS,
    SPLIT,
    is_cjk,
    is_house,
    names_in_claims,
)
from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.extract.declared import Declared
    from pipelines.extract.engines import Engines

WRITTEN_BY = re.compile(
    r"(?:(?:written |posted )?by|von|par|por|di|door|autor(?:in)?|auteur)\s*:?\s(.{5,80})",
    re.IGNORECASE,
)
BYLINES = (
    "//*[@rel='author' or @itemprop='author' or contains(@class,'author-name') or "
    "contains(@class,'byline__name') or contains(@class,'article__author') or "
    "contains(@class,'article-author') or contains(@class,'byline') or "
    "contains(@class,'author__name') or contains(@data-testid,'author')]"
)
HAN_EDITOR = re.compile(
    r"[（(【\[]?(?:责任编辑|責任編輯|责编|编辑)[ \u3000]*[:：][ \u3000]*([\u4e00-\u9fff·A-Za-z]{2,12})"
)
HAN_AUTHOR = re.compile(
    r"^[（(【]?(?:作者|记者|文|撰文|本报记者|见习记者|特约撰稿)\s*[:：/｜|]\s*((?:[\u4e00-\u9fff·]{2,4}[\s、，,]?){1,4})"
)
HAN_REPORTER = re.compile(
    r"(?:本报|本网|网|社|报|日报|晚报|早报)?记者\s?([\u4e00-\u9fff]{2,3})(?=\s|$|）|\))(?!\s*[摄攝])"
)
HAN_DATELINE = re.compile(
    r"^[\u4e00-\u9fff]{2,12}\s?记者\s?([\u4e00-\u9fff]{2,3})\s[\u4e00-\u9fff]{2,6}(?:报道|讯|电)"
    r"|^[\u4e00-\u9fff]{2,12}\d{1,2}月\d{1,2}日(?:讯|电)\s?[（(]记者\s?([\u4e00-\u9fff]{2,3})[)）]"
)
HAN_SOURCE = re.compile(
    r"(?:文章|本文|新闻|稿件)?(?:来源|來源)[ \u3000]*[:：][ \u3000]*([^\s:：()（）|]{2,20}?)"
    r"(?=[ \u3000]*\d{4}[-/年.]|(?:作者|记者|编辑|责编|责任编辑|时间|日期)\s*[:：]|[\s:：()（）|]|$)",
    re.MULTILINE,
)
ORIGINAL_TITLE = re.compile(r"[（(]?\s*原标题\s*[:：]\s*(.{4,100}?)\s*[)）]?")
REPORTING = re.compile(r"^\W*(?:additional )?reporting by ([^;.]{3,120})", re.IGNORECASE)
EDITING = re.compile(r"\bediting by ([^;.)]{3,120})", re.IGNORECASE)
DISCLOSURE = re.compile(r"^\W*disclosures?\s*[:：]\s*(.{10,})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who made an article, as far as page and text tell."""

    authors: tuple[str, ...] = ()
    editor: str | None = None
    publisher: str | None = None
    original_title: str | None = None
    disclosure: str | None = None


def read_people(
    engines: Engines,
    declared: Declared,
    lines: Sequence[str],
    *,
    shown: Iterable[str],
    sites: Iterable[str],
    han: bool,
) -> People:
    """Gather people from declarations, bylines and the article's own credit lines.

    `lines` are the body before cleaning: credit lines stand at its ends. `shown` are all
    lines of the page.
    """
    not_people = {fold(site) for site in sites} - {""}
    edges = [*lines[:6], *lines[-6:]]
    authors = _stated(declared, not_people, han=han)
    if not authors:
        authors = names_in_claims(_text_authors(edges, han=han), not_people, han=han)
    if not authors and not han:
        authors = _undeclared(engines, declared, shown, not_people) or _collective(
            declared, not_people
        )
    whole = "\n".join(edges)
    if editor := HAN_EDITOR.search(whole):
        edited = editor[1]
    else:
        match = EDITING.search(whole)
        edited = " and ".join(names_in_claims([match[1]], set())) if match else ""
    source = next((m[1] for m in HAN_SOURCE.finditer(whole) if m[1] not in NOBODY), None)
    houses = _other_houses(_declared_authors(declared), not_people)
    return People(
        authors=authors,
        editor=edited or None,
        publisher=source or next(filter(is_cjk, houses), None),
        original_title=_whole_line(ORIGINAL_TITLE, edges),
        disclosure=_whole_line(DISCLOSURE, edges),
    )


def _stated(declared: Declared, not_people: set[str], *, han: bool) -> tuple[str, ...]:
    """The authors in JSON-LD: people, and agencies beside them, but not the site itself.

    Not so in East Asia, where the house declared as author is the one a text is taken from.
    """
    claims = _declared_authors(declared)
    people = names_in_claims(
        (name for kind, name in claims if kind != "house"), not_people, han=han
    )
    houses = _other_houses(claims, not_people)
    return tuple(
        dict.fromkeys((*people, *(name for name in houses if not han and not is_cjk(name))))
    )


def _other_houses(claims: Iterable[tuple[str, str]], not_people: set[str]) -> list[str]:
    return [name for kind, name in claims if kind == "house" and fold(name) not in not_people]


def _undeclared(
    engines: Engines, declared: Declared, shown: Iterable[str], not_people: set[str]
) -> tuple[str, ...]:
    """The authors that meta tags or a byline state, each asked only if the one before is silent.

    Where the page declares its house as the author, what stands beside the title is
    believed only if it is a full name: mostly it is initials, an agency or a button.
    """
    house = bool(_declared_authors(declared))
    for claims in (
        lambda: _meta_authors(declared),
        lambda: [engines.byline],
        lambda: _bylines(engines.credits),
        lambda: _written_by(shown),
    ):
        found = names_in_claims(claims(), not_people)
        if house and not any(is_cjk(n) or FULL_NAME.fullmatch(n) for n in found):
            continue
        if found:
            return found
    return ()


def _written_by(shown: Iterable[str]) -> Iterator[str]:
    """Full names in the first line of the page that says no more than who wrote it."""
    for line in shown:
        match = WRITTEN_BY.fullmatch(line) if len(line) <= 90 else None
        if match and FULL_NAME.fullmatch(SPLIT.split(match[1])[0]):
            yield match[1]
            return


def _collective(declared: Declared, not_people: set[str]) -> tuple[str, ...]:
    """The house as author: only where the page declares it, and nobody else."""
    names = (
        name
        for _, name in _declared_authors(declared)
        if len(name) <= 40 and (fold(name) in not_people or not is_cjk(name))
    )
    return tuple(dict.fromkeys(names))[:3]


def _declared_authors(declared: Declared) -> list[tuple[str, str]]:
    """(kind, name) of everybody that JSON-LD calls author; kind is "house" or "person"."""
    for key in ("author", "creator"):
        value = declared.ld.get(key)
        found = []
        for person in (value if isinstance(value, list) else [value])[:20]:
            house = isinstance(person, dict) and "Organization" in str(person.get("@type"))
            found += [
                ("house" if house or is_house(name) else "person", name)
                for name in texts(person)
                if not name.startswith(("http", "www.")) and name.lower() not in PLACEHOLDERS
            ]
        if found:
            return found
    return []


def _meta_authors(declared: Declared) -> Iterator[str]:
    for name in (
        "author",
        "article:author",
        "dc.creator",
        "parsely-author",
        "byl",
        "sailthru.author",
    ):
        if values := declared.meta.get(name):
            yield from values
            return


def _bylines(tree: HtmlElement | None) -> Iterator[str]:
    for node in tree.xpath(BYLINES)[:8] if tree is not None else ():
        line = one_line(node.get("content") or node.text_content())
        if 3 <= len(line) <= 80:
            yield line


def _text_authors(edges: Sequence[str], *, han: bool) -> Iterator[str]:
    for line in edges:
        if match := REPORTING.search(line):
            yield match[1]
        if han and (len(line) <= 60 or HAN_DATELINE.search(line)):
            if match := HAN_AUTHOR.search(line) or HAN_DATELINE.search(line):
                yield from re.split(r"[\s、，,]+", match[match.lastindex or 1])
            else:
                yield from (m[1] for m in HAN_REPORTER.finditer(line))


def _whole_line(pattern: re.Pattern[str], lines: Sequence[str]) -> str | None:
    return next((m[1].strip() for line in lines if (m := pattern.fullmatch(line))), None)
