"""Article + what is known -> verdict: new, revision, the same, or another copy of a story.

Pure: the store looks up what is `Known` within its transaction and writes what is decided.

    known by entry, URL key, canonical ──► which article is this, if any
        matched    ──► Revision | Same          (what changed: `pipelines.changes`)
        unmatched  ──► Copy of a story | New    (which story: `pipelines.stories`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.changes import compare
from pipelines.identity import bands, text_hash
from pipelines.items import Copy, New, Revision, Same
from pipelines.stories import Telling, same_story, similarity, titles_agree
from pipelines.volatile import linked_lines
from pipelines.wire import wire_flags

if TYPE_CHECKING:
    from pipelines.items import Article, ArticleStatus, Known, Stored, Verdict

# A canonical address that this many other addresses claim already is a template's mistake.
CANONICAL_CLAIMS = 3
# The same body under so many addresses of one source is a wall, not a story.
SAME_BODY_WALL = 3
# Below this, what came under a known guid or canonical address is another article.
RELATED = 0.3

# The flag of a revision that another version of the extractor may have made, and not the publisher.
OTHER_EXTRACTOR = "other-extractor"
# What the record itself has found out about an article stays with its later revisions.
STICKY_FLAGS = frozenset({"same-body"})
# Statuses that say nothing about the article itself: a worse reading is no revision.
UNREAD: frozenset[ArticleStatus] = frozenset({"paywalled", "blocked", "empty"})

# What a text that another extractor chose may have more or less of, on an unchanged page.
LAYOUT = frozenset({"heading", "caption", "moved"})


def decide(article: Article, known: Known) -> Verdict:
    """Say what an article is to the record; the same for the same arguments."""
    matched = match(article, known)
    if matched is not None:
        return revise(article, matched)
    return place(article, known)


def match(article: Article, known: Known) -> Stored | None:
    """Find which stored article this is.

    Its own address decides. A guid or a canonical address decides only where the text is
    related: "latest release" is one guid with a new article each day, and a template may
    give every page one canonical address.
    """
    if known.by_url is not None:
        return known.stored[known.by_url]
    if known.by_entry is not None and _related(article, known.stored[known.by_entry]):
        return known.stored[known.by_entry]
    if known.by_canonical is None or known.canonical_claims >= CANONICAL_CLAIMS:
        return None
    stored = known.stored[known.by_canonical]
    return stored if _related(article, stored) else None


def revise(article: Article, stored: Stored) -> Revision | Same:
    """Compare an article with its latest revision."""
    kept = tuple(flag for flag in stored.flags if flag in STICKY_FLAGS)
    if article.status == "gone" or "withdrawn" in _merged(article):
        if stored.status == "gone" or "withdrawn" in stored.flags:
            return Same(article_id=stored.id)
        return Revision(
            article_id=stored.id,
            change="withdraw",
            flags=_merged(article, "withdrawn", *kept),
            reasons=("withdrawn",),
        )
    if article.status in UNREAD or not _fuller(article, stored):
        return Same(article_id=stored.id)
    if stored.status in (*UNREAD, "gone", "summary") and article.status != stored.status:
        reason = "returned" if stored.status == "gone" else "fuller"
        return Revision(
            article_id=stored.id,
            flags=_merged(article, *kept),
            material=stored.status == "gone",
            reasons=(reason,),
        )
    difference = compare(
        stored.title,
        _known_text(stored, article),
        article.title,
        article.text,
        furniture=_furniture(stored, article),
    )
    another_reader = article.extractor != stored.extractor
    if difference.kind == "none" or (another_reader and LAYOUT.issuperset(difference.reasons)):
        return Same(article_id=stored.id)
    doubtful = article.title == stored.title and _version(article) != _version(stored)
    return Revision(
        article_id=stored.id,
        flags=_merged(article, *kept, *([OTHER_EXTRACTOR] if doubtful else ())),
        material=difference.kind == "material",
        reasons=difference.reasons,
    )


def _version(reading: Article | Stored) -> str:
    """Name and version of what made the text, without which of its engines did."""
    return " ".join((reading.extractor or "").split()[:2])


def told_text(article: Article) -> str:
    """Return the text by which an article is compared with others; "" where it is no article.

    What a wall, an error page or a withdrawal notice says is the same everywhere.
    """
    return "" if article.status in ("blocked", "empty", "gone") else article.text


def signature(article: Article) -> tuple[int, ...]:
    """Return the bands under which an article is stored and looked up."""
    return bands(told_text(article), article.title)


def place(article: Article, known: Known) -> New | Copy:
    """Find the story an unknown article tells, or none."""
    flags = _merged(article)
    twins = [twin for twin in known.twins if twin.source == known.source]
    mark: tuple[int, ...] = ()
    walled = False
    if twins and article.text and article.status != "empty":
        flags = _merged(article, "same-body")
        mark = tuple(twin.id for twin in twins if "same-body" not in twin.flags)
        walled = len(twins) >= SAME_BODY_WALL or not all(
            titles_agree(article.title, twin.title) for twin in twins
        )
    if walled or not known.candidates:
        return New(flags=flags, mark=mark)
    telling = Telling.of(article.title, told_text(article), seen=known.now)
    found: dict[int, tuple[float, int]] = {}
    for candidate in known.candidates:
        other = Telling.of(candidate.title, candidate.text, seen=candidate.first_seen_at)
        if (score := same_story(telling, other)) is not None:
            best = found.get(candidate.story_id)
            if best is None or (score, -candidate.id) > (best[0], -best[1]):
                found[candidate.story_id] = (score, candidate.id)
    if not found:
        return New(flags=flags, mark=mark)
    story_id = min(found)
    score, article_id = found[story_id]
    return Copy(
        story_id=story_id,
        of_article_id=article_id,
        similarity=score,
        merges=tuple(sorted(set(found) - {story_id})),
        flags=flags,
        mark=mark,
    )


def _related(article: Article, stored: Stored) -> bool:
    """Whether two readings can be one article: a shared title, or much shared text."""
    if titles_agree(article.title, stored.title) or not (article.text and stored.text):
        return True
    if text_hash(article.text) == stored.text_hash:
        return True
    return similarity(article.text, stored.text) >= RELATED


def _known_text(stored: Stored, article: Article) -> str:
    """Return the stored text; of one past its retention only the hash can tell what it was."""
    forgotten = not stored.text and stored.text_hash
    same = forgotten and stored.text_hash == text_hash(article.text, article.title)
    return article.text if same else stored.text


def _furniture(stored: Stored, article: Article) -> frozenset[str]:
    """Collect the lines that neither reading has as the article's own: taken out, or mere links."""
    if article.text == stored.text:
        return frozenset()
    linked = linked_lines(stored.html) | linked_lines(article.html)
    return linked.union(stored.removed, article.removed)


def _fuller(article: Article, stored: Stored) -> bool:
    """Whether a reading may replace the stored one: not a summary in place of the page."""
    return not (article.status == "summary" and stored.status == "full")


def _merged(article: Article, *more: str) -> tuple[str, ...]:
    """Join the article's flags with what its title and first lines say of its version."""
    found = (*article.flags, *wire_flags(article.title, article.text), *more)
    return tuple(dict.fromkeys(found))
