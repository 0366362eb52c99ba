"""What Chinese pages say around the text: who published and edited it, and live quotes in it."""

from __future__ import annotations

import pytest

from pipelines.extract.clean import clean
from pipelines.items import Article, Entry, Hints, Source
from tests.extract.pages import article_of

URL = "https://haiwan.example/a.html"
HINTS = Hints(
    source=Source(name="海湾财经", domain="haiwan.example", timezone="Asia/Shanghai"),
    entry=Entry(link=URL),
)
PROSE = [
    f"业内人士{n}表示，北线运价自冬季以来上涨了百分之{n}，预计秋季之前不会有明显缓解，航运公司已着手调整运力。"
    for n in "二三四五六七八九"
]


def read(body: str) -> Article:
    text = (
        "<html><head><meta charset=utf-8><title>港口运价再度上涨_海湾财经</title></head>"
        f"<body><h1>港口运价再度上涨</h1>{body}</body></html>"
    )
    return article_of(text, URL, HINTS)


def paragraphs(sentences: list[str]) -> str:
    return "<div class=content>" + "".join(f"<p>{s}</p>" for s in sentences) + "</div>"


@pytest.mark.parametrize(
    "head",
    [
        "<div class=info><span>2026-03-04 20:11</span><span>来源：东海证券报</span></div>",
        "<div>2026年03月04日 20:11 来源：东海证券报 作者：林珺</div>",
        "<div>2026-03-04 20:11来源：东海证券报责任编辑：陈小舟</div>",
        "<div><span class='date'>2026年03月04日 20:11</span><a class='source'>东海证券报</a></div>",
    ],
)
def test_the_source_in_the_head_of_a_page_is_the_publisher(head: str) -> None:
    found = read(head + paragraphs(PROSE))
    assert found.publisher == "东海证券报"
    assert found.text.split("\n") == PROSE


def test_the_editor_below_the_text() -> None:
    found = read(paragraphs(PROSE) + "<div class=foot><span>责任编辑：陈小舟</span></div>")
    assert found.editor == "陈小舟"
    assert found.text.split("\n") == PROSE


def test_a_source_named_in_prose_is_not_the_publisher() -> None:
    prose = [
        *PROSE[:4],
        "公司称，来源：海外的收入增长百分之十二，占总收入的三成，同比提高两个百分点。",
        *PROSE[4:],
    ]
    found = read(paragraphs(prose))
    assert found.publisher == "海湾财经"
    assert found.text.split("\n") == prose


def test_prices_of_the_moment_are_no_part_of_a_sentence() -> None:
    quoted = (
        "<span id=stock_sz000088><a href='/q'>盐田港</a></span><span id=quote_sz000088>(5.31, "
        "<font>0.02</font>, 0.38%)</span>"
    )
    prose = [
        *PROSE[:4],
        f"{quoted}昨日公告，下月起下调集装箱作业费，并与三家航运公司签订长期协议。",
        *PROSE[4:],
    ]
    assert "盐田港昨日公告" in read(paragraphs(prose)).text


def test_a_pointer_amid_the_text_does_not_end_it() -> None:
    prose = [
        f"第{number}段：港务局表示，将于三月上调港口费，为六年来首次上调。" for number in "一二三四"
    ]
    lines = [*prose[:2], "推荐阅读：鲱鱼船队的末日", *prose[2:], "推荐阅读", "海鸥之歌"]
    kept, removed = clean(lines)
    assert list(kept) == prose
    assert removed == ("推荐阅读：鲱鱼船队的末日", "推荐阅读", "海鸥之歌")
