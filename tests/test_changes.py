"""What counts as a change, what as cosmetic, and what a page does by itself."""

from __future__ import annotations

import pytest

from pipelines.changes import compare
from pipelines.volatile import linked_lines

TITLE = "Harwick port raises its dues"
TEXT = (
    "The port of Harwick will raise its dues by 4.2% in March, its first rise in six years, the "
    "harbour board said on Tuesday.\n"
    "Shippers had expected less. The board denied that cranes were to be sold before the summer, "
    "and said that 310 people would keep their work.\n"
    "Mara Quill, who chairs it, told reporters that the money would pay for a deeper quay."
)
ZH_TITLE = "哈维克港上调港口费"
ZH = (
    "哈维克港周二表示，将于三月把港口费上调4.2%，为六年来首次上调。\n"
    "此前航运商的预期较低。港务局否认将在夏季之前出售起重机，并称310名员工将继续留任。\n"
    "港务局主席奎尔对记者说，这笔钱将用于加深码头。"
)
MORE = "Three lines from Oslo have said that they will call at Belmere instead from the autumn on."


def kind(old: str, new: str, title: str = TITLE) -> str:
    return compare(title, old, title, new).kind


def with_lists(text: str, *between: str, after: tuple[str, ...] = ()) -> str:
    """The text with lines after its first paragraph, and after its end."""
    first, rest = text.split("\n", 1)
    return "\n".join([first, *between, rest, *after])


ONE = {
    "between": ("Read more: Is this the end for the herring fleet?", "Brew like a baron"),
    "after": (
        "Related articles",
        "Quay wall to be mended, says mayor.",
        "3 things to know about dues",
        "'We like it here...'",
        "57 comments",
    ),
}
OTHER = {
    "between": ("Sofas at half price", "Read more: Tugs wanted. Pilots too!"),
    "after": (
        "Related articles",
        "Gulls: a nuisance, or the soul of the harbour?",
        "Belmere opens its third lock.",
        "12 comments",
    ),
}


def test_furniture_of_two_fetches_is_no_change() -> None:
    one = with_lists(TEXT, *ONE["between"], after=ONE["after"])
    other = with_lists(TEXT, *OTHER["between"], after=OTHER["after"])
    assert kind(one, other) == "none"
    assert kind(TEXT, with_lists(TEXT, after=OTHER["after"])) == "none"


def test_furniture_of_two_fetches_is_no_change_in_chinese() -> None:
    one = with_lists(
        ZH,
        "5分钟前更新",
        "延伸阅读：鲱鱼船队的末日？",
        "新车直降三万元",
        after=("相关阅读", "码头要修了。"),
    )
    other = with_lists(
        ZH,
        "59分钟前更新",
        "扫码领取理财红包",
        "延伸阅读：招聘引航员",
        after=("相关阅读", "海鸥：港口之魂？", "贝尔米尔第三座船闸启用"),
    )
    assert kind(one, other, ZH_TITLE) == "none"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("4.2%", "4.7%", "material"),
        ("denied", "said", "material"),
        ("deeper quay.", f"deeper quay.\n{MORE}", "material"),
        ("Shippers had expected less. ", "", "material"),
        ("reporters", "reportres", "cosmetic"),
        ("before the summer", "beofre the summer", "cosmetic"),
        ("\nMara", "\nWhat comes next\nMara", "cosmetic"),
    ],
)
def test_an_edit_shows_whatever_furniture_is_around_it(old: str, new: str, expected: str) -> None:
    edited = TEXT.replace(old, new)
    assert kind(TEXT, edited) == expected
    one = with_lists(TEXT, *ONE["between"], after=ONE["after"])
    other = with_lists(edited, *OTHER["between"], after=OTHER["after"])
    assert kind(one, other) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("4.2%", "4.7%", "material"),
        ("否认", "承认", "material"),
        ("出售起重机", "出售售起重机", "cosmetic"),
        ("留任。", "留任。三家航运公司称，秋季起将改为停靠贝尔米尔港。", "material"),
    ],
)
def test_an_edit_shows_in_chinese(old: str, new: str, expected: str) -> None:
    assert kind(ZH, ZH.replace(old, new), ZH_TITLE) == expected


def test_a_paragraph_after_a_list_is_prose() -> None:
    listed = f"{TEXT}\nRelated articles\nIs this the end for the herring fleet?\n"
    assert kind(listed + MORE, listed + MORE.replace("Three", "Four")) == "material"
    assert kind(listed.strip(), listed + MORE) == "material"


def test_a_row_of_a_table_is_no_advertisement() -> None:
    table = f"{TEXT}\nDues in 2026: 14\nDues in 2027: 18\n{MORE}"
    assert kind(table, table.replace("2027: 18", "2027: 19")) == "material"
    assert kind(table, table.replace("\nDues in 2027: 18", "")) == "material"


def test_letters_abut_chinese() -> None:
    old = "新款手机的Face ID相机的前部缺口与去年相同。"
    assert kind(old, old.replace("相机的前", "相机的的前"), ZH_TITLE) == "cosmetic"


def test_furniture_learned_between_two_readings_is_no_edit() -> None:
    tail = "Tides and timetables are in the Harbour Almanac, at every kiosk."
    with_tail = f"{TEXT}\n{tail}"
    assert kind(with_tail, TEXT) == "material"
    assert compare(TITLE, with_tail, TITLE, TEXT, furniture=[tail]).kind == "none"
    edited = TEXT.replace("4.2%", "4.7%")
    assert compare(TITLE, with_tail, TITLE, edited, furniture=[tail]).reasons == ("figures",)


def test_lines_that_are_mere_links_are_told_from_the_markup() -> None:
    markup = (
        '<p>The port <a href="/harwick">Harwick</a> will raise its dues.</p>\n'
        '<p><a href="/ad">Brew &amp; sip like a baron</a></p>\n'
        '<h2>What comes next</h2><ul><li><strong><a href="/1">Tugs wanted.</a></strong></li></ul>'
    )
    linked = linked_lines(markup)
    assert linked == {"Brew & sip like a baron", "Tugs wanted."}
    assert linked_lines(None) == frozenset()
    advertised = with_lists(TEXT, "Brew & sip like a baron")
    assert kind(TEXT, advertised) == "cosmetic"
    assert compare(TITLE, TEXT, TITLE, advertised, furniture=linked).kind == "none"
