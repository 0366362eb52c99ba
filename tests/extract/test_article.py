"""A page that we wrote ourselves, through every room of the extraction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract, from_entry
from pipelines.extract.declared import read_json
from pipelines.extract.title import learn_suffixes
from pipelines.items import Article, Entry, Failure, Hints, Page, Source

NOW = datetime(2026, 3, 5, tzinfo=UTC)
ENGLISH = Hints(
    source=Source(name="Harbour Ledger", domain="ledger.example", language="en"),
    entry=Entry(link="https://ledger.example/a", title="Harbour rates rise again"),
)
CHINESE = Hints(
    source=Source(
        name="海湾财经", domain="haiwan.example", language="zh", timezone="Asia/Shanghai"
    ),
    entry=Entry(title="港口运价再度上涨"),
)
SENTENCES = [
    f"Freight broker number {n} said that rates on the northern route had risen by {n} percent "
    f"since the winter, and that it expected no relief before the autumn."
    for n in range(2, 9)
]
DECK = "Brokers see no relief for shippers before the autumn, a survey of eight houses shows"
PAGE = f"""<!doctype html><html lang="en-GB"><head>
<title>Harbour rates rise again | Harbour Ledger</title>
<meta property="og:site_name" content="Harbour Ledger">
<meta name="description" content="{DECK}">
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[
 {{"@type":"Person","@id":"#p1","name":"Ada Quill"}},
 {{"@type":"NewsArticle","headline":"Harbour rates rise again","author":[{{"@id":"#p1"}},
  {{"@type":"Person","name":"By Ben Ledgerman"}}],
  "datePublished":"2026-03-04T09:30:00+01:00","dateModified":"2026-03-04T11:00:00+01:00",}}]}}
</script></head><body>
<nav><a href="/">Home</a> <a href="/markets">Markets</a></nav>
<article><h1>Harbour rates rise again</h1>
<p>{DECK}</p>
{"".join(f"<p>{s} <a href='/more'>More</a></p>" for s in SENTENCES)}
<p>Reporting by Ada Quill; Editing by Cy Marks</p>
<p>Sign up for our daily newsletter</p></article>
<footer>© 2026 Harbour Ledger. All rights reserved.</footer></body></html>"""


def page(text: str | bytes, status: int = 200, url: str = "https://ledger.example/a") -> Page:
    body = text.encode() if isinstance(text, str) else text
    return Page(
        url=url, final_url=url, status=status, content_type="text/html", body=body, fetched_at=NOW
    )


def article(text: str | bytes, hints: Hints = ENGLISH, status: int = 200) -> Article:
    result = extract(page(text, status), hints)
    assert isinstance(result, Article)
    return result


def test_the_whole_article_and_nothing_but_the_article() -> None:
    found = article(PAGE)
    assert found.title == "Harbour rates rise again"
    assert found.status == "full"
    assert found.language == "en"
    for sentence in SENTENCES:
        assert sentence in found.text
    assert "newsletter" not in found.text
    assert "All rights" not in found.text
    assert found.authors == ("Ada Quill", "Ben Ledgerman")
    assert found.editor == "Cy Marks"
    assert found.published is not None
    assert found.published.at == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    assert found.modified is not None
    assert found.modified.at == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    assert found.html is not None
    assert 'href="https://ledger.example/more"' in found.html
    assert found.extractor.startswith("broadtape ")


def test_markup_is_sanitised() -> None:
    found = article(
        PAGE.replace("Freight broker number 2", "Freight <img src=x onerror=a()> broker number 2")
    )
    assert found.html is not None
    assert "onerror" not in found.html
    assert "<script" not in found.html


ZH = "".join(
    f"<p>业内人士{n}表示，北线运价自冬季以来上涨了百分之{n}，预计秋季之前不会有明显缓解，航运公司已着手调整运力。</p>"
    for n in range(1, 9)
)
ZH_PAGE = (
    '<html><head><meta charset="gb2312"><title>港口运价再度上涨_海湾财经</title></head><body>'
    "<h1>港口运价再度上涨</h1><div>2026年03月04日 20:11 来源：东海证券报</div>"
    f"<div class=article><p>原标题：北线运价创新高</p>{ZH}<p>责任编辑：陈小舟</p></div></body>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_chinese_page_in_every_encoding(encoding: str) -> None:
    found = article(ZH_PAGE.encode(encoding), CHINESE)
    assert found.title == "港口运价再度上涨"
    assert found.text.count("业内人士") == 8
    assert "责任编辑" not in found.text
    assert "原标题" not in found.text
    assert found.editor == "陈小舟"
    assert found.language == "zh"
    assert found.published is not None
    assert found.published.at == datetime(2026, 3, 4, 12, 11, tzinfo=UTC)


def test_what_nobody_sees_is_in_no_title() -> None:
    prose = "".join(f"<p>{s}</p>" for s in SENTENCES)
    found = article(f"<title>Repo\u200b rate&shy;s &#8288;held</title><body>{prose}</body>")
    assert found.title == "Repo rates held"


def test_an_early_end_of_html_hides_nothing() -> None:
    text = PAGE.replace("<nav>", "</body></html><nav>")
    assert SENTENCES[-1] in article(text).text


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ('{"headline": "A", }', "A"),
        ('<!-- {"headline": "B"} -->', "B"),
        ('{"@type":"NewsArticle","headline":"C","articleBody":"say "hi" now"}', "C"),
        ('{"headline": "D\nE"}', "D\nE"),
    ],
)
def test_broken_json_ld_is_mended(text: str, headline: str) -> None:
    assert read_json(text)[0]["headline"] == headline


def test_walls_are_told() -> None:
    teaser = (
        PAGE.split("<article>", maxsplit=1)[0]
        + f"<article><h1>Harbour rates</h1><p>{SENTENCES[0]}</p>"
    )
    wall = "<p>Subscribe now to continue reading</p></article></body></html>"
    assert article(teaser + wall).status == "paywalled"
    assert (
        article("<html><title>Just a moment...</title><body><p>Verify you are human</p>").status
        == "blocked"
    )
    assert article(PAGE, status=403).status == "blocked"
    assert article("<html><body><nav>Home</nav></body></html>").status == "empty"


def test_a_picture_is_no_article() -> None:
    result = extract(page(b"\x89PNG\r\n"), ENGLISH)
    assert result == Failure(reason="not a page of text", final=True)


def test_the_feeds_own_text_wins_over_a_stub() -> None:
    content = "".join(f"<p>{s}</p>" for s in SENTENCES)
    hints = Hints(source=ENGLISH.source, entry=Entry(title="Harbour rates", content=content))
    assert article("<html><body><p>Loading the page, please wait</p>", hints).text == "\n".join(
        SENTENCES
    )


def test_from_entry() -> None:
    hints = Hints(
        source=ENGLISH.source,
        entry=Entry(link="https://ledger.example/b", title="B", summary="Short & plain."),
    )
    found = from_entry(hints, NOW)
    assert (found.status, found.text, found.url) == (
        "summary",
        "Short & plain.",
        "https://ledger.example/b",
    )


def test_learned_furniture_is_removed_and_kept_aside() -> None:
    promo = "Harbour Ledger keeps watch so that you need not"
    text = PAGE.replace("<p>Reporting by", f"<p>{promo}</p><p>Reporting by")
    assert promo in article(text).text
    hints = Hints(
        source=ENGLISH.source,
        entry=ENGLISH.entry,
        furniture=frozenset({"harbourledgerkeepswatchsothatyouneednot"}),
    )
    found = article(text, hints)
    assert promo not in found.text
    assert promo in found.removed


def test_line_ends_inside_a_paragraph_of_a_feed_are_spaces() -> None:
    hints = Hints(
        source=ENGLISH.source,
        entry=Entry(title="B", content="<p>Rates rose\nagain.</p><p>Brokers\nwait.</p>"),
    )
    assert from_entry(hints, NOW).text == "Rates rose again.\nBrokers wait."


def test_what_every_title_of_a_source_ends_in_is_learned() -> None:
    titles = [f"Story {n} of the day - Quayside Report" for n in range(5)] + ["Rates - and trains"]
    suffixes = learn_suffixes(titles)
    assert suffixes == {"quaysidereport"}
    hints = Hints(source=ENGLISH.source, entry=ENGLISH.entry, suffixes=suffixes)
    text = "<html><head><title>Rates - and trains - Quayside Report</title></head><body>"
    assert article(text + f"<p>{SENTENCES[0]}</p>", hints).title == "Rates - and trains"
    assert learn_suffixes(["Rates - a survey", "Oil - a survey"]) == frozenset()


@pytest.mark.parametrize(
    ("opening", "author"),
    [
        ("港城经济报 记者林珺 盐湾报道 港务公司昨日公告，下月起下调集装箱作业费。", "林珺"),
        ("港城财讯11月20日讯（记者 林珺）港务公司昨日公告，下月起下调集装箱作业费。", "林珺"),
    ],
)
def test_the_reporter_in_a_chinese_dateline_is_the_author(opening: str, author: str) -> None:
    prose = "".join(
        f"<p>第{n}家货代表示，北线运价自冬季以来持续上涨，预计秋季之前不会回落，货主成本因此增加。</p>"
        for n in range(9)
    )
    text = f"<html><body><h1>港口运价再度上涨</h1><p>{opening}</p>{prose}</body></html>"
    found = article(text, CHINESE)
    assert found.authors == (author,)
    assert opening in found.text


def _by(declared: str, byline: str) -> tuple[str, ...]:
    prose = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return article(
        f"""<html><head><script type="application/ld+json">{{"@type":"NewsArticle",
        "headline":"Harbour rates rise again","author":{declared}}}</script></head><body>
        <h1>Harbour rates rise again</h1>{byline}{prose}</body></html>"""
    ).authors


def test_a_house_that_is_declared_author_yields_only_to_a_full_name() -> None:
    house = '{"@type":"Organization","name":"Ledger Markets Wire"}'
    assert _by(house, "<span class='author'>qz</span>") == ("Ledger Markets Wire",)
    own = '{"@type":"Organization","name":"Harbour Ledger"}'
    assert _by(own, "<span class='author'>qz</span>") == ("Harbour Ledger",)
    assert _by(own, "<span class='author'>Ada Quill</span>") == ("Ada Quill",)
    assert _by('{"@type":"Person","givenName":"Ada","familyName":"Quill"}', "") == ("Ada Quill",)


def test_a_line_that_says_who_wrote_it_is_the_last_to_be_asked() -> None:
    assert _by("[]", "<p>By Ada Quill</p>") == ("Ada Quill",)
    assert _by("[]", "<p>By Monday rates rose</p>") == ()


def test_the_credit_line_of_a_wire_leaves_the_body() -> None:
    found = article(PAGE)
    assert "Editing by" not in found.text
    assert "Reporting by Ada Quill; Editing by Cy Marks" in found.removed


@pytest.mark.parametrize(
    ("headline", "shared"),
    [
        ("Harbours on edge: Freight rates rise again", "Freight rates rise again"),
        ("Freight rates rise again | Markets", "Freight rates rise again"),
        ("Harbours on edge: Freight rates rise again", "Something else altogether"),
    ],
)
def test_a_title_loses_the_kicker_or_section_that_the_page_also_leaves_out(
    headline: str, shared: str
) -> None:
    found = article(
        f"""<html><head><meta property="og:title" content="{shared}">
        <script type="application/ld+json">
        {{"@type":"NewsArticle","headline":"{headline}"}}</script>
        </head><body><p>{SENTENCES[0]}</p></body></html>"""
    )
    assert found.title == (shared if shared in headline else headline)
