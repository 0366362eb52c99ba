"""Verdicts: new, a copy, a revision, the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.changes import compare, readable_diff
from pipelines.dedupe import decide, signature
from pipelines.identity import text_hash
from pipelines.items import Article, Candidate, Copy, Known, New, Revision, Same, Stored, Twin
from pipelines.wire import strip_prefixes, wire_flags

TITLE = "Tesselby Freight lifts its outlook after a strong quarter"
TEXT = (
    "Tesselby Freight said on Tuesday that revenue rose 12.4% to $318 million in the quarter.\n"
    "Chief executive Mara Quill told reporters the group would not close its Corrantine depot.\n"
    "Analysts at Dunmore Research had expected revenue of $301 million and a smaller margin.\n"
    "The shares gained 3.1% in early trade before giving back half of the move by noon."
)
OTHER = (
    "The port of Harwick will be dredged next spring, its authority announced at a meeting.\n"
    "Fishermen asked for a pause during the herring season, and were promised an answer soon.\n"
    "A first contract went to a builder from the north, which won against four competitors."
)


def article(title: str = TITLE, text: str = TEXT, **more: object) -> Article:
    return Article(url="https://example.com/a", title=title, text=text, **more)  # type: ignore[arg-type]


def stored(title: str = TITLE, text: str = TEXT, **more: object) -> Known:
    held = Stored(
        id=7,
        title=title,
        text=text,
        status="full",
        text_hash=text_hash(text),
        **more,  # type: ignore[arg-type]
    )
    return Known(source="Ledger", by_url=7, stored={7: held})


def told(text: str, title: str = TITLE, article_id: int = 3, story_id: int = 2) -> Candidate:
    return Candidate(id=article_id, story_id=story_id, source="Wire", title=title, text=text)


def test_nothing_known_is_new() -> None:
    assert decide(article(), Known(source="Ledger")) == New()


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n", " "),
        "Updated March 5, 2024, 10:32 a.m. GMT\n" + TEXT,
        TEXT + "\n1,204 views",
        TEXT + "\nRelated articles\nHarwick port to be dredged\nWhat comes next?",
    ],
)
def test_what_changes_by_itself_is_no_revision(text: str) -> None:
    assert decide(article(text=text), stored()) == Same(article_id=7)


@pytest.mark.parametrize(
    ("old", "new", "reason", "material"),
    [
        ("12.4%", "14.2%", "figures", True),
        ("Mara Quill", "Nora Quill", "names", True),
        ("would not close", "would close", "negation", True),
        ("gained", "lost", "sense", True),
        ("by noon.", "by noon. The board meets on Friday.", "sentence added", True),
        ("reporters", "reportres", "spelling", False),
        ("\nAnalysts", "\nPhoto: the Corrantine depot\nAnalysts", "caption", False),
    ],
)
def test_a_revision_says_what_it_is_worth(
    old: str, new: str, reason: str, *, material: bool
) -> None:
    verdict = decide(article(text=TEXT.replace(old, new)), stored())
    assert isinstance(verdict, Revision)
    assert reason in verdict.reasons
    assert verdict.material is material
    assert readable_diff(TITLE, TEXT, TITLE, TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("title", "before", "doubtful"),
    [
        (TITLE, "broadtape 0.9 trafilatura", True),
        (TITLE, "broadtape 1.0 readability", False),  # another engine of the same version
        (TITLE.upper() + "!?", "broadtape 0.9 trafilatura", False),  # the publisher's own hand
    ],
)
def test_an_edit_that_a_new_version_may_have_made_is_flagged(
    title: str, before: str, *, doubtful: bool
) -> None:
    known = stored(extractor=before)
    new = article(
        title, TEXT + "\nThe board meets on Friday.", extractor="broadtape 1.0 trafilatura"
    )
    verdict = decide(new, known)
    assert isinstance(verdict, Revision)
    assert ("other-extractor" in verdict.flags) is doubtful


def test_a_withdrawal_is_a_revision_once() -> None:
    verdict = decide(article(text="", status="gone"), stored())
    assert isinstance(verdict, Revision)
    assert verdict.change == "withdraw"
    assert "withdrawn" in verdict.flags
    assert decide(article(text="", status="gone"), stored(flags=("withdrawn",))) == Same(
        article_id=7
    )


@pytest.mark.parametrize("status", ["blocked", "paywalled", "empty", "summary"])
def test_a_worse_reading_is_no_revision(status: str) -> None:
    assert decide(article(text="Please log in.", status=status), stored()) == Same(article_id=7)


def test_a_correction_is_flagged() -> None:
    verdict = decide(article(title="CORRECTED-" + TITLE), stored())
    assert isinstance(verdict, Revision)
    assert "corrected" in verdict.flags


def test_a_copy_joins_and_shows_two_stories_to_be_one() -> None:
    known = Known(source="Ledger", candidates=(told(TEXT), told(TEXT, article_id=9, story_id=5)))
    verdict = decide(article(title=TITLE + " - Harbour Ledger"), known)
    assert isinstance(verdict, Copy)
    assert (verdict.story_id, verdict.of_article_id, verdict.merges) == (2, 3, (5,))


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("12.4", "9.8")
        .replace("318", "287")
        .replace("301", "290")
        .replace("3.1", "1.7"),
        TEXT.replace("Mara Quill", "Ivo Lant")
        .replace("Corrantine", "Belmere")
        .replace("Dunmore", "Ashby"),
        OTHER,
    ],
)
def test_a_look_alike_is_another_story(text: str) -> None:
    assert isinstance(decide(article(text=text), Known(source="L", candidates=(told(TEXT),))), New)


TEASER = "The group's quickest ferry yet is refitted for islands, wind farms and winter routes."


@pytest.mark.parametrize(
    ("title", "text", "joins"),
    [
        ("Harwick Lines launches the Merlin", TEASER, True),
        ("Meet Merlin, our new ferry", TEASER + " Read more.", True),
        ("Meet Merlin, our new ferry", TEASER.replace("quickest ferry yet", "fast boat"), False),
        ("Harwick Lines launches the Merlin", "It sails in May, the yard says.", True),
    ],
)
def test_a_teaser_must_be_the_same_or_have_the_same_title(
    title: str, text: str, *, joins: bool
) -> None:
    known = Known(source="L", candidates=(told(TEASER, "Harwick Lines launches the Merlin"),))
    assert isinstance(decide(article(title, text), known), Copy if joins else New)


def test_what_two_houses_say_instead_of_an_article_makes_no_story() -> None:
    wall = "Register for free to go on with this page, or log in. " * 6
    known = Known(source="L", candidates=(told(wall, "Harwick port to be dredged"),))
    assert isinstance(decide(article(text=wall), known), New)


def test_one_body_at_several_addresses_of_a_source_rings_the_alarm() -> None:
    twins = (Twin(id=4, source="Ledger", title="Another headline altogether"),)
    verdict = decide(article(), Known(source="Ledger", twins=twins, candidates=(told(TEXT),)))
    assert verdict == New(flags=("same-body",), mark=(4,))


def test_a_guid_that_carries_another_article_each_day_is_no_revision() -> None:
    held = Stored(id=7, title="Port to be dredged", text=OTHER, status="full")
    assert decide(article(), Known(source="L", by_entry=7, stored={7: held})) == New()


def test_a_canonical_that_everybody_claims_is_not_believed() -> None:
    held = Stored(id=7, title=TITLE, text=TEXT, status="full", text_hash=text_hash(TEXT))
    known = Known(source="L", by_canonical=7, canonical_claims=9, stored={7: held})
    assert not isinstance(decide(article(), known), Same)


def _stories(texts: list[tuple[str, str]]) -> set[frozenset[int]]:
    """Decide a batch in the order given, and return which of `texts` ended in one story."""
    held: list[tuple[Article, tuple[int, ...]]] = []
    story: list[int] = []
    for title, text in texts:
        one = article(title, text)
        bands = signature(one)
        met = tuple(
            Candidate(id=i + 1, story_id=story[i], source="W", title=a.title, text=a.text)
            for i, (a, theirs) in enumerate(held)
            if set(bands) & set(theirs)
        )
        verdict = decide(one, Known(source="L", candidates=met))
        held.append((one, bands))
        story.append(verdict.story_id if isinstance(verdict, Copy) else len(held))
        if isinstance(verdict, Copy):
            story = [verdict.story_id if s in verdict.merges else s for s in story]
    return {
        frozenset(hash(texts[i]) for i, s in enumerate(story) if s == one) for one in set(story)
    }


BATCH = [
    (TITLE, TEXT),
    (TITLE + " | Ledger", TEXT.replace("\n", " ")),
    ("UPDATE 1-" + TITLE, "Sign up for our letter.\n" + TEXT + "\nAll rights reserved."),
    (TITLE, TEXT[:270]),
    (TITLE, TEXT.replace("12.4", "9.8").replace("318", "287").replace("301", "290")),
    ("Harwick port to be dredged next spring", OTHER),
    ("Dredging of Harwick port starts in spring", OTHER + "\nMore soon."),
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(BATCH))
def test_the_order_of_a_batch_does_not_matter(batch: list[tuple[str, str]]) -> None:
    assert _stories(batch) == _stories(BATCH)


@given(st.text(max_size=80), st.text(max_size=80))
def test_comparing_never_fails_and_same_is_same(a: str, b: str) -> None:
    assert compare(a, b, a, b).kind == "none"
    assert compare(a, b, b, a).kind in ("none", "cosmetic", "material")


@pytest.mark.parametrize(
    ("title", "flags", "rest"),
    [
        ("UPDATE 2-CORRECTED-Tesselby falls", ("update-2", "corrected"), "Tesselby falls"),
        ("WRAPUP 3-Markets slip", ("wrapup-3",), "Markets slip"),
        ("更正：港湾公司公告", ("corrected",), "港湾公司公告"),
        ("【更新】港湾公司公告", ("update",), "港湾公司公告"),
        ("STORY WITHDRAWN - Tesselby", ("withdrawn",), "Tesselby"),
        ("Update on the Harwick port", (), "Update on the Harwick port"),
    ],
)
def test_wire_prefixes(title: str, flags: tuple[str, ...], rest: str) -> None:
    assert wire_flags(title) == flags
    assert strip_prefixes(title) == rest
