"""Page → Article: the whole article and nothing but the article.

    bytes ──decode──► text ──parse──► tree ──declared──► claims
                                       │                    │
                     instruments ◄─────┤                    ▼
                        cards dropped, └──body──► lines ──restore, clean──► text ──► Article
                                                            ▲
                     title, standfirst, people, times, furniture

Runs in a worker process and only there: everything here reads somebody else's bytes.
Each step is a room of its own and a pure function of what the steps before it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipelines.characters import without_controls
from pipelines.dates import choose
from pipelines.encoding import decode, is_binary
from pipelines.extract.about import site_names, stated_image, stated_tags, true_publisher
from pipelines.extract.blocks import Block, in_cards, read_blocks, restore
from pipelines.extract.body import Body, choose_body, is_han
from pipelines.extract.boxes import boxed
from pipelines.extract.cards import drop_cards
from pipelines.extract.clean import clean
from pipelines.extract.declared import Declared, read_declared
from pipelines.extract.engines import Engines
from pipelines.extract.hidden import plain
from pipelines.extract.labels import labelled
from pipelines.extract.language import choose_language
from pipelines.extract.likeness import is_cut
from pipelines.extract.lines import link_lines
from pipelines.extract.markup import article_html
from pipelines.extract.people import read_people
from pipelines.extract.standfirst import choose_standfirst, lead
from pipelines.extract.status import judge, outweighs, weigh
from pipelines.extract.times import read_times
from pipelines.extract.title import choose_title, title_forms
from pipelines.extract.tree import parse, pruned, tame, without_comments
from pipelines.items import Article, Failure
from pipelines.symbols import find_mentions, read_markup
from pipelines.symbols.names import names_in
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.html import HtmlElement

    from pipelines.items import Hints, Page
    from pipelines.symbols.markup import Markup

__all__ = ["EXTRACTOR", "extract", "from_entry"]

# The versions of both whose work the text is: another of either may read a page otherwise.
EXTRACTOR = f"broadtape {version('broadtape')}+{version('trafilatura')}"
MOST_MARKED_UP = 500_000
"""Characters of a text beyond which it is kept without its markup."""
NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")


def extract(page: Page, hints: Hints) -> Article | Failure:
    """Return what the page says, or why it is no article.

    Safe on hostile bytes: what cannot be read is a `Failure`, what is too much is cut. A
    page that holds less text than its feed gave is an article with the feed's text.
    """
    if page.body.startswith(NOT_TEXT) or is_binary(page.body):
        return Failure(reason="not a page of text", final=True)
    text = tame(decode(page.body, page.content_type).text)
    parsed = parse(text) if text.strip() else None
    if parsed is None:
        return Failure(reason="the page is empty")
    return without_controls(_article(page, hints, _open(page, hints, *parsed)))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A page as every later step reads it: its tree, its claims, its readers.

    `engines` have a tree of their own, free of comments, teasers and whatever the source
    prunes; `titles` are the forms in which the page states its title.
    """

    tree: HtmlElement
    declared: Declared
    named: Markup
    titles: list[str]
    engines: Engines


def _open(page: Page, hints: Hints, tree: HtmlElement, text: str) -> _Opened:
    declared = read_declared(tree)
    named = read_markup(tree, hints.source)
    titles = [form for _, form in title_forms(tree, declared)]
    readable = without_comments(pruned(tree, hints.source.prune))
    if not declared.is_live:  # each post of a live blog may be an article with a link
        drop_cards(readable, page.final_url, titles)
    return _Opened(tree, declared, named, titles, Engines(readable, text))


def _article(page: Page, hints: Hints, opened: _Opened) -> Article:
    tree, declared, engines = opened.tree, opened.declared, opened.engines
    han = is_han("".join(engines.referee))
    sites = site_names(declared, hints, page.final_url)
    title = choose_title(tree, declared, sites=sites, han=han, feed_title=hints.entry.title)
    titles = [*opened.titles, title or ""]
    body, blocks, whole = _body(engines, declared, han=han)
    lines, removed = clean(
        whole,
        titles=titles,
        link_lines=link_lines(tree, whole) | in_cards(whole, blocks),
        boxed=boxed(whole, blocks),
        learned=hints.furniture,
    )
    lines, removed, engine = _or_feed(lines, removed, body.engine, hints)
    credits_ = (*labelled(engines.tree, blocks, whole), *whole) if han else whole
    shown = [block.line for block in blocks]
    people = read_people(engines, declared, credits_, shown=shown, sites=sites, han=han)
    text = "\n".join(lines)
    status, flags = judge(
        page, declared, text=text, visible=" ".join(engines.referee)[:20_000] or text
    )
    if is_cut(body.lines):
        flags = (*flags, "cut")
    claims = (declared.language, hints.entry.language, hints.source.language)
    language = choose_language(text, claims)
    published, modified = read_times(
        tree,
        declared,
        hints,
        lines=shown,
        url=page.final_url,
        now=page.fetched_at,
    )
    return Article(
        url=canonical_url(page.final_url, declared.canonical),
        canonical=declared.canonical,
        title=title,
        original_title=people.original_title,
        authors=people.authors or hints.entry.authors,
        editor=people.editor,
        publisher=true_publisher(people, declared, hints),
        language=language,
        published=published,
        modified=modified,
        status=status,
        text=text,
        html=article_html(engines.tree, blocks, lines, page.final_url)
        if 0 < len(text) <= MOST_MARKED_UP
        else None,
        summary=choose_standfirst(declared, lines, blocks, titles=titles),
        disclosure=people.disclosure,
        image=stated_image(declared, page.final_url) or hints.entry.image,
        tags=stated_tags(declared, hints),
        flags=flags,
        mentions=find_mentions(
            opened.named,
            title=title,
            text=text,
            language=language,
            source=hints.source,
            hints=hints.entry.symbols,
            names=names_in(hints.names_file),
        ),
        removed=removed,
        extractor=f"{EXTRACTOR} {engine}",
    )


def _body(
    engines: Engines, declared: Declared, *, han: bool
) -> tuple[Body, tuple[Block, ...], tuple[str, ...]]:
    """What an extractor found, the blocks of the page, and the text with what it had lost."""
    body, blocks = choose_body(engines, declared, han=han), read_blocks(engines.tree)
    return body, blocks, lead(declared, restore(body.lines, blocks), blocks)


def from_entry(hints: Hints, now: datetime) -> Article:
    """Return the article as the feed alone tells it, with status "summary".

    `now` is the time of asking; a claim of publication after it is not believed.
    """
    entry = hints.entry
    lines = plain(entry.content) if entry.content else ()
    if weigh("".join(lines)) < weigh(entry.summary or ""):
        lines = plain(entry.summary or "")
    lines, removed = clean(lines, titles=[entry.title or ""], learned=hints.furniture)
    text = "\n".join(lines)
    language = choose_language(text, (entry.language, hints.source.language))
    parsed = parse(tame(entry.content)) if entry.content else None
    article = Article(
        url=entry.link or "",
        title=entry.title,
        authors=entry.authors,
        publisher=entry.publisher or hints.source.name,
        language=language,
        published=choose([entry.published] if entry.published else [], now=now),
        modified=entry.updated,
        status="summary",
        text=text,
        summary=entry.summary if entry.content else None,
        image=entry.image,
        tags=entry.categories,
        mentions=find_mentions(
            parsed[0] if parsed else None,
            title=entry.title,
            text=text,
            language=language,
            source=hints.source,
            hints=entry.symbols,
            names=names_in(hints.names_file),
        ),
        removed=removed,
        extractor=f"{EXTRACTOR} feed",
    )
    return without_controls(article)


def _or_feed(
    lines: tuple[str, ...], removed: tuple[str, ...], engine: str, hints: Hints
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The feed's own full text, where the page gives clearly less of it."""
    if not hints.entry.content:
        return lines, removed, engine
    feed, gone = clean(plain(hints.entry.content), learned=hints.furniture)
    if outweighs(weigh("".join(feed)), weigh("".join(lines))):
        return feed, gone, "feed"
    return lines, removed, engine
