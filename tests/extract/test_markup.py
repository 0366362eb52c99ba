"""The stored HTML: tables of figures, lists, pictures, links, and nothing that acts."""

from __future__ import annotations

import pytest

from tests.extract.test_whole import PROSE, SENTENCES, TITLE, read

HALF = PROSE.index("<p>", len(PROSE) // 2)


def html_of(between: str) -> str:
    """The stored HTML of a story with this between two of its paragraphs, those as dots."""
    page = f"<h1>{TITLE}</h1><div class=story>{PROSE[:HALF]}{between}{PROSE[HALF:]}</div>"
    html = read(page).html or ""
    for sentence in SENTENCES:
        assert html.count(f"<p>{sentence}</p>") == 1
        html = html.replace(f"<p>{sentence}</p>", ".")
    return html.replace("\n", "").strip(".")


FIGURES = (
    "<table class=figures><caption>Rates by route</caption><thead><tr><th>Route</th><th "
    "colspan=2>Rate</th></tr></thead><tbody><tr><td>North</td><td>1,204</td><td>1,310</td></tr>"
    "<tr><td>South</td><td>980</td><td>975</td></tr></tbody></table>"
)


@pytest.mark.parametrize("around", ["{}", "<div class=wrap>{}</div>", "<figure>{}</figure>"])
def test_a_table_of_figures_keeps_its_rows_and_cells(around: str) -> None:
    assert html_of(around.format(FIGURES)) == (
        '<table><caption>Rates by route</caption><tr><th>Route</th><th colspan="2">Rate</th></tr>'
        "<tr><td>North</td><td>1,204</td><td>1,310</td></tr>"
        "<tr><td>South</td><td>980</td><td>975</td></tr></table>"
    )


def test_a_table_is_in_the_text_too() -> None:
    text = read(f"<h1>{TITLE}</h1><div>{PROSE[:HALF]}{FIGURES}{PROSE[HALF:]}</div>").text
    assert "| North | 1,204 | 1,310 |\n| South | 980 | 975 |" in text


@pytest.mark.parametrize("name", ["ul", "ol"])
def test_lists_stay_lists(name: str) -> None:
    items = (
        "<li>Book early, for <a href='/space'>space</a> is short on every line.</li>"
        "<li><p>Ask for fixed rates before the autumn surcharge.</p></li>"
    )
    assert html_of(f"<{name}>{items}</{name}>") == (
        f'<{name}><li>Book early, for <a href="https://ledger.example/space" rel="noopener '
        f'nofollow">space</a> is short on every line.</li><li><p>Ask for fixed rates before the '
        f"autumn surcharge.</p></li></{name}>"
    )


@pytest.mark.parametrize(
    "picture",
    [
        "<img src='/quay.jpg' alt='A quay' width=800>",
        "<img src='data:image/gif;base64,R0lG' data-src='/quay.jpg' alt='A quay'>",
        "<picture><source srcset='/quay.webp'><img src='/quay.jpg' alt='A quay'></picture>",
    ],
)
def test_a_picture_stays_where_it_stood_with_its_caption(picture: str) -> None:
    caption = "<figcaption>A quay at dawn. <b>Photo: Ada Quill</b></figcaption>"
    assert html_of(f"<figure>{picture}{caption}</figure>") == (
        '<figure><img src="https://ledger.example/quay.jpg" alt="A quay">'
        "<figcaption>A quay at dawn. Photo: Ada Quill</figcaption></figure>"
    )


@pytest.mark.parametrize(
    "picture",
    [
        "<img src='/pixel.gif' width=1 height=1>",
        "<div class=author-box><img src='/ada.jpg'></div>",
        "<aside><img src='/promo.jpg'></aside>",
        "<img src='javascript:alert(1)'>",
        "<img class=share-icon src='/share.png'>",
    ],
)
def test_icons_counters_and_boxes_are_no_pictures_of_the_article(picture: str) -> None:
    assert "src=" not in html_of(picture)


def test_quotations_and_headings() -> None:
    quoted = (
        "<blockquote><p>“We see no end of it before the spring,” the broker said.</p></blockquote>"
    )
    assert html_of(f"<h3>What brokers say</h3>{quoted}") == (
        "<h3>What brokers say</h3><blockquote><p>“We see no end of it before the spring,” the "
        "broker said.</p></blockquote>"
    )


def test_nothing_in_it_acts() -> None:
    html = html_of(
        "<p onclick=steal()>One <a href='javascript:steal()'>broker</a> said <em style='color:red'>"
        "no</em>,<script>steal()</script> and another <iframe src=/x></iframe>agreed with her.</p>"
    )
    assert html == (
        '<p>One <a rel="noopener nofollow">broker</a> said <em>no</em>, and another agreed with '
        "her.</p>"
    )
