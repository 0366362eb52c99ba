"""The whole article: what extractors lose of it, and what is not it though it stands amid it."""

from __future__ import annotations

import json

import pytest

from pipelines.items import Article, Entry, Hints, Source
from tests.extract.pages import article_of

URL = "https://ledger.example/freight/rates"
HINTS = Hints(source=Source(name="Harbour Ledger", domain="ledger.example"), entry=Entry(link=URL))
TITLE = "Harbour rates rise again"
SENTENCES = [
    f"Freight broker number {n} said that rates on the northern route had risen by {n} percent "
    f"since the winter, and that it expected no relief before the autumn."
    for n in range(2, 9)
]
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def read(body: str, head: str = "") -> Article:
    text = (
        f"<!doctype html><html lang=en><head><title>{TITLE}</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a></nav><main>{body}</main></body></html>"
    )
    return article_of(text, URL, HINTS)


LINKED = (
    "<p>It follows <a href='/a'>a report by the port authority</a>, <a href='/b'>a survey of "
    "forty shipping lines</a> and <a href='/c'>last year's study of the northern route</a>.</p>"
)


@pytest.mark.parametrize(
    "lost",
    [
        LINKED,
        "<h3>Where does that leave the <a href='/q'>shippers</a>?</h3>",
        "<ul><li>Book early, for space is short on every line until October.</li>"
        "<li>Ask for fixed rates before the surcharge of the autumn.</li></ul>",
    ],
)
def test_what_is_marked_up_like_its_neighbours_is_never_lost(lost: str) -> None:
    half = len(PROSE) // 2
    half = PROSE.index("<p>", half)
    found = read(f"<h1>{TITLE}</h1><div class=story>{PROSE[:half]}{lost}{PROSE[half:]}</div>")
    words = lost.replace("</li><li>", "\n")
    for tag in ("<p>", "</p>", "<h3>", "</h3>", "<ul>", "</ul>", "<li>", "</li>", "</a>"):
        words = words.replace(tag, "")
    for link in "abcq":
        words = words.replace(f"<a href='/{link}'>", "")
    lines = found.text.replace("\n- ", "\n").split("\n")
    assert [line for line in lines if line in SENTENCES] == SENTENCES
    start = lines.index(words.split("\n")[0])
    assert lines[start : start + words.count("\n") + 1] == words.split("\n")
    assert 0 < start < len(lines) - 1


def test_a_caption_between_paragraphs_is_not_put_back() -> None:
    caption = (
        "<figure><img src=/a.jpg><figcaption>A quay at dawn, with cranes.</figcaption></figure>"
    )
    half = PROSE.index("<p>", len(PROSE) // 2)
    found = read(f"<h1>{TITLE}</h1><div>{PROSE[:half]}{caption}{PROSE[half:]}</div>")
    assert found.text.split("\n") == SENTENCES


def test_articles_that_lead_elsewhere_are_not_this_one() -> None:
    teasers = "".join(
        f"<article class=post><h2><a href='/story-{n}'>Another story, number {n}</a></h2>"
        f"<p>In another harbour, {n} cranes were idle for a week, and nobody could say why, for "
        f"the company that runs them has not answered its telephone since Monday at noon …</p>"
        f"</article>"
        for n in range(5)
    )
    own = (
        f"<article class=post><h1>{TITLE}</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"
    )
    assert read(own + teasers).text.split("\n") == SENTENCES[:2]


def test_a_story_whose_own_headline_is_a_link_stays() -> None:
    body = (
        f"<article><h2><a href='/teaser'>Another story</a></h2><p>{SENTENCES[5]}</p></article>"
        f"<article><h1><a href='/freight/rates/print'>{TITLE}</a></h1>{PROSE}</article>"
    )
    assert SENTENCES[0] in read(body).text


def test_a_card_that_opens_over_a_name_is_not_in_the_sentence() -> None:
    card = (
        "<span class=person><a href='/ada'>Ada Quill</a><span><span><img src=/ada.jpg>"
        "<a href='/ada'>Ada Quill</a><a href='/x'>Quill on tides</a><a href='/y'>More</a>"
        "</span></span></span>"
    )
    found = read(f"<h1>{TITLE}</h1><div>{PROSE}<p>So said {card}, the harbour master.</p></div>")
    assert "So said Ada Quill, the harbour master." in found.text


DECK = "Brokers see no relief for shippers before the autumn, says a survey of eight houses."


@pytest.mark.parametrize("name", ["standfirst", "article-lead", "entry-excerpt", "c-vorspann"])
def test_a_standfirst_is_known_by_its_markup(name: str) -> None:
    found = read(f"<header><h1>{TITLE}</h1><p class='{name}'>{DECK}</p></header><div>{PROSE}</div>")
    assert found.summary == DECK or found.text.startswith(DECK)
    assert found.text.count(DECK) + (found.summary == DECK) == 1


def test_what_merely_stands_under_the_headline_is_no_standfirst() -> None:
    for name in ("", "photo-caption-intro", "newsletter-teaser"):
        body = (
            f"<header><h1>{TITLE}</h1><div class='{name}'>{DECK}</div></header><div>{PROSE}</div>"
        )
        assert read(body).summary is None


def test_a_description_that_breaks_off_gives_back_the_first_paragraph() -> None:
    opening = SENTENCES[0]
    rest = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[1:])
    found = read(
        f"<h1>{TITLE}</h1><div class=a><div class=opening>{opening}</div></div>"
        f"<div class=story>{rest}</div>",
        head=f"<meta name=description content='{opening[:90]}...'>",
    )
    assert found.text.split("\n") == SENTENCES
    assert found.summary is None


def test_cards_below_the_text_that_are_links_as_a_whole() -> None:
    cards = "".join(
        f"<li><a href='/story-{n}'><img src=/{n}.jpg><h4>Another story, number {n}</h4><p>In "
        f"a harbour {n} cranes were idle for a week, and nobody could say why.</p></a></li>"
        for n in range(4)
    )
    found = read(f"<h1>{TITLE}</h1><div class=story>{PROSE}<ul>{cards}</ul></div>")
    assert found.text.split("\n") == SENTENCES


def test_a_link_that_is_never_closed_takes_nothing_away() -> None:
    broken = f"<h1>{TITLE}</h1><div class=story><a href='/report'>{PROSE}</div>"
    assert read(broken).text.split("\n") == SENTENCES


def test_characters_that_nobody_sees() -> None:
    broken = PROSE.replace("relief", "re&shy;lief").replace("autumn", "aut\u200bumn")
    assert read(f"<h1>{TITLE}</h1><div>{broken}</div>").text.split("\n") == SENTENCES


STATE = {"props": {"article": {"title": TITLE, "body": [{"p": text} for text in SENTENCES]}}}


@pytest.mark.parametrize(
    "script",
    [
        f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps(STATE)}</script>",
        f"<script>window.state = JSON.parse({json.dumps(json.dumps(STATE))});</script>",
        f"<script>window.state = {json.dumps({'article': {'html': PROSE}})};</script>",
        f"<script type='text/template'>{PROSE}</script>",
    ],
)
def test_a_body_that_stands_only_in_a_script(script: str) -> None:
    found = read(f"<div id=root></div><script>var a = {{}};</script>{script}")
    assert found.text.split("\n") == SENTENCES
    assert found.extractor.endswith("script")


def test_code_is_no_body() -> None:
    code = 'function f(a) { return a.b ? "Nothing was found here, so nothing is shown." : c; }'
    assert read(f"<div id=root></div><script>{code * 9}</script>").status == "empty"


def live(posts: list[str], **stated: object) -> Article:
    claim = {"@type": "LiveBlogPosting", "headline": TITLE, **stated}
    shown = "".join(
        f"<article><h2><a href='/live/post-{n}'>Post number {n} of the day</a></h2><p>{post}</p>"
        "</article>"
        for n, post in enumerate(posts)
    )
    head = f"<script type='application/ld+json'>{json.dumps(claim)}</script>"
    return read(f"<h1>{TITLE}</h1><div class=posts>{shown}</div>", head=head)


def test_every_post_of_a_live_blog_is_in_its_body() -> None:
    found = live(SENTENCES)
    assert [line for line in found.text.split("\n") if line in SENTENCES] == SENTENCES
    assert "live blog" in found.flags


def test_posts_of_a_live_blog_that_only_json_ld_states() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": f"Post number {n}", "articleBody": post}
        for n, post in enumerate(SENTENCES)
    ]
    lines = live(SENTENCES[:1], liveBlogUpdate=updates).text.split("\n")
    assert [line for line in lines if line in SENTENCES] == SENTENCES
    assert "Post number 6" in lines


def test_columns_laid_out_as_a_list_leave_paragraphs_apart() -> None:
    shares = "<p>Share</p><p>Save</p>"
    body = (
        f"<ul><li><h1>{TITLE}</h1>{shares}<div>{PROSE}</div></li><li><h4>Most read</h4></li></ul>"
    )
    assert read(body).text.split("\n") == SENTENCES


@pytest.mark.parametrize(
    "box",
    [
        "<div class='newsletter-box'><p>{}</p></div>",
        "<div class=article__author><div><p>{}</p></div></div>",
        "<div id=comments><p>{}</p></div>",
        "<p class='wp-caption-text caption'>{}</p>",
    ],
)
def test_a_box_named_for_what_it_is_is_no_part_of_the_text(box: str) -> None:
    line = "The Ledger has watched the northern harbours since 1871, and tells what it sees there."
    half = PROSE.index("<p>", len(PROSE) // 2)
    for body in (PROSE + box, PROSE[:half] + box + PROSE[half:]):
        found = read(f"<h1>{TITLE}</h1><div class=story>{body.format(line)}</div>")
        assert found.text.split("\n") == SENTENCES


def test_an_article_whose_own_container_is_named_so_is_kept() -> None:
    for name in ("newsletter", "popular", "author"):
        paragraphs = "".join(f"<div class={name}><p>{text}</p></div>" for text in SENTENCES)
        assert read(f"<h1>{TITLE}</h1><div>{paragraphs}</div>").text.split("\n") == SENTENCES
        assert read(f"<h1>{TITLE}</h1><div class={name}>{PROSE}</div>").text
