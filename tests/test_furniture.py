"""Furniture: what the lists know, what repetition teaches, and what prose must survive."""

from __future__ import annotations

import pytest

from pipelines.furniture import Edge, fold, is_listed, is_pointer, learn, reclean, strip_learned


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our daily newsletter",
        "Read more: Why the bond market is nervous",
        "12 Comments",
        "© 2026 Example Media. All rights reserved.",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "Lesen Sie auch: Was die Zinsen bedeuten",
        "À lire aussi : la Bourse de Paris",
        "责任编辑：王某某",
        "（责任编辑：李某）",
        "原标题：某公司发布年报",
        "来源：某某证券报",
        "海量资讯、精准解读，尽在某某APP",
        "扫描二维码关注公众号",
        "免责声明：本文内容仅供参考，不构成投资建议",
        "無断転載を禁じます",
        "무단 전재 및 재배포 금지",
        "Facebook Twitter LinkedIn",
        "* * *",
        "Have a tip? Ada Quill may be reached at quill@ledger.example. Follow her on Twitter.",
        "Ben Ledgerman contributed to this report.",
        "If you buy through our links, the Ledger may earn a commission.",
        "Already a subscriber? Sign in",
        "To read the full story, please subscribe to the Ledger.",
        "Do you want to be told of new surveys? Sign up here",
        "Weitere Informationen finden Sie unter www.ledger.example",
        "Weitere Informationen zum Hafen:",
        "Auch auf ledger.example",
        "Sie sind aktuell nicht angemeldet.",
        "东海新闻记者 林珺",
        "编辑 陈小舟 校对 李某",
        "特别声明",
        "关键词 >> 港口,运价",
        "转载请注明出处",
    ],
)
def test_listed_furniture(line: str) -> None:
    assert is_listed(line)


@pytest.mark.parametrize(
    "line",
    [
        "The bank said it would share more details on Monday.",
        "Comments by the governor moved the yen.",
        "Subscribers rose by 4.2 million in the third quarter, the company said.",
        "Revenue",
        "公司表示，未经授权的交易已被叫停，损失约3亿元。",
        "来源于海外的收入同比增长12%，占总收入的三成。",
        "编辑部搬迁后，该报发行量下降。",
        "Die Aktie verlor 3,2 Prozent.",
        "3.5%",
        "Croatia is already a member of the euro area, and its banks must register in Frankfurt.",
        "To access the market, lenders must register with the regulator.",
        "Shareholders may receive a share in the new company for every ten they hold.",
        "Higher freight rates contributed to this rise in prices.",
        "A deal may be reached by Friday, officials said.",
        "Auch auf dem Ölmarkt gaben die Preise am Nachmittag nach.",
        "Weitere Informationen zum Geschäftsverlauf will die Reederei am Mittwoch vorlegen.",
        "Mit der Anmeldung der Insolvenz endet die Geschichte der Reederei.",
        "记者从港务公司获悉，下月起集装箱作业费下调一成。",
        "公司的原创作品已有三成售出海外，收入同比增长12%。",
    ],
)
def test_prose_is_not_furniture(line: str) -> None:
    assert not is_listed(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Why the bond market is nervous, and what the harbours have to do with it",
        "ALSO READ | Forty shipping lines, one strait",
        "Lesen Sie auch: Warum die Frachtraten im Herbst wohl nicht mehr sinken werden",
        "À lire aussi : les ports du Nord, entre espoir et inquiétude devant la hausse du fret",
        "Te puede interesar: los puertos del norte ante la subida de los fletes",
        "延伸阅读：北线运价创新高",
        "An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt.",
    ],
)
def test_pointers_to_other_articles_go_wherever_they_stand(line: str) -> None:
    assert is_pointer(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read the report and it is plain: the bond market is nervous.",
        "Externe Inhalte werden künftig geprüft, sagte der Minister.",
        "He said that he could not watch it any longer.",
    ],
)
def test_prose_leads_nowhere(line: str) -> None:
    assert not is_pointer(line)


PROMO = "Bright ideas for busy desks, every dawn"
TAILS = ("Harbour Ledger keeps watch so that you need not", "Ledger on paper: ask your newsagent")


def article(number: int) -> list[str]:
    body = [
        f"Sentence {n} of story {number}: shares of firm {number * 7 + n} moved." for n in range(9)
    ]
    return [PROMO, *body, *TAILS]


def test_what_repeats_is_learned_and_prose_stays() -> None:
    edges: list[Edge] = []
    stored = []
    for number in range(60):
        learned = learn(edges)
        kept, removed = strip_learned(article(number), learned)
        if number >= 9:
            assert list(kept) == article(number)[1:-2]
            assert set(removed) == {PROMO, *TAILS}
        stored.append(("\n".join(kept), removed))
        edges.append(Edge.of(number, "\n".join(kept), removed))
    learned = learn(edges)
    for number, (text, removed) in enumerate(stored):
        text, gone = reclean(text, removed, learned) or (text, removed)
        assert text.split("\n") == article(number)[1:-2]
        assert set(gone) == {PROMO, *TAILS}
        assert reclean(text, gone, learned) is None


def test_copies_of_one_story_teach_nothing() -> None:
    text = "\n".join(article(1))
    assert learn([Edge.of("one story", text) for _ in range(20)]) == frozenset()


def test_a_repeated_sentence_in_the_middle_is_never_removed() -> None:
    middle = "The index is calculated every evening."
    learned = frozenset({fold(middle)})
    lines = [f"Line {n}." for n in range(10)] + [middle] + [f"More {n}." for n in range(20)]
    assert strip_learned(lines, learned) == (tuple(lines), ())


def test_figures_are_part_of_a_line() -> None:
    edges = [Edge.of(n, f"Market report {n}\nText {n}.\nClose: {3000 + n}") for n in range(10)]
    assert learn(edges) == frozenset()


def test_a_text_of_nothing_but_furniture_is_left_alone() -> None:
    assert strip_learned([PROMO], frozenset({fold(PROMO)})) == ((PROMO,), ())
    assert reclean(PROMO, (), frozenset({fold(PROMO)})) is None
