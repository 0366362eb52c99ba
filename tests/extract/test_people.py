"""Who wrote it: people, and neither houses, titles, departments nor photographers."""

from __future__ import annotations

import json

import pytest

from pipelines.items import Article, Entry, Hints, Source
from tests.extract.pages import article_of

HINTS = Hints(
    source=Source(
        name="海湾财经", domain="haiwan.example", language="zh", timezone="Asia/Shanghai"
    ),
    entry=Entry(),
)
PROSE = "".join(
    f"<p>业内人士{n}表示，北线运价自冬季以来上涨了百分之{n}，预计秋季之前不会有明显缓解，航运公司已着手调整运力。</p>"
    for n in range(1, 9)
)
URL = "https://haiwan.example/a"


def article(
    *, author: object = None, above: str = "", before: str = "", after: str = ""
) -> Article:
    stated = {"@type": "NewsArticle", "headline": "港口运价再度上涨", "author": author}
    stated["publisher"] = {"@type": "Organization", "name": "海湾财经"}
    text = (
        f'<html><head><script type="application/ld+json">{json.dumps(stated)}</script>'
        f"<title>港口运价再度上涨_海湾财经</title></head><body><h1>港口运价再度上涨</h1>{above}"
        f"<div class=article>{before}{PROSE}{after}</div></body></html>"
    )
    return article_of(text, URL, HINTS)


@pytest.mark.parametrize("kind", ["Organization", "Person"])
@pytest.mark.parametrize("house", ["东湾通讯社", "北港日报", "南岛スポーツ"])
def test_a_house_declared_as_author_is_whom_the_text_comes_from(kind: str, house: str) -> None:
    found = article(author={"@type": kind, "name": house})
    assert found.authors == ()
    assert found.publisher == house


def test_people_beside_a_house_stay() -> None:
    found = article(author=[{"@type": "Person", "name": "林一舟"}, {"name": "北港日报"}])
    assert found.authors == ("林一舟",)
    assert found.publisher == "北港日报"


def test_the_source_that_the_text_credits_comes_first() -> None:
    found = article(
        author={"@type": "Organization", "name": "北港日报"}, after="<p>来源：东湾证券报</p>"
    )
    assert found.publisher == "东湾证券报"


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("来源：东湾时报作者：林一舟", "东湾时报"),
        ("来源：东湾时报 作者：林一舟", "东湾时报"),
        ("2026-03-05 12:11 来源：东湾时报", "东湾时报"),
        ("来源：东湾网-《海湾日报》2026-03-05", "东湾网-《海湾日报》"),
        ("来源：网络", "海湾财经"),
        ("稿件来源：本站原创", "海湾财经"),
    ],
)
def test_a_source_ends_where_the_next_label_begins_and_names_somebody(
    line: str, publisher: str
) -> None:
    assert article(after=f"<p>{line}</p>").publisher == publisher


def test_entities_in_what_a_page_declares_are_read() -> None:
    found = article(author=[{"@type": "Person", "name": "Ann O&#39;Hara &amp; Bo Lind"}])
    assert found.authors == ("Ann O'Hara", "Bo Lind")


@pytest.mark.parametrize(
    ("where", "line", "authors"),
    [
        ("before", "<p>作者：林一舟 周小满</p>", ("林一舟", "周小满")),
        ("before", "<p>东湾证券报记者 林一舟 海州报道</p>", ("林一舟",)),
        ("after", "<p>东湾通讯社记者 林一舟 摄</p>", ()),
        ("after", "<p>（作者：评论部）</p>", ()),
        ("above", "<div><span>作者：网络整理</span> <span>阅读：1644</span></div>", ()),
    ],
)
def test_people_in_lines_of_their_own(where: str, line: str, authors: tuple[str, ...]) -> None:
    assert article(**{where: line}).authors == authors


def test_a_title_behind_a_name_is_no_part_of_it() -> None:
    found = article(author={"@type": "Person", "name": "林一舟 东湾大学航运研究院院长"})
    assert found.authors == ("林一舟",)


def test_an_editor_left_blank_is_none() -> None:
    found = article(after="<p>责任编辑：</p><p>海州港务局：新航线下月开通，欢迎乘坐。</p>")
    assert found.editor is None
    assert article(after="<p>责任编辑： 陈小舟</p>").editor == "陈小舟"
