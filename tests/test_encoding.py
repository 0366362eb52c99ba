"""Bytes of pages and feeds, whatever is claimed of their encoding, or nothing."""

from __future__ import annotations

import pytest

from pipelines.encoding import decode

SENTENCES = {
    "gb18030": "央行周四宣布维持基准利率不变，符合经济学家的普遍预期，人民币汇率小幅走高。",
    "big5": "央行週四宣布維持基準利率不變，符合經濟學家的普遍預期，台幣匯率小幅走高。",
    "euc_kr": "한국은행은 목요일 기준금리를 동결했다. 시장의 예상과 같은 결정이며 원화는 올랐다.",
    "shift_jis": "日本銀行は木曜日、政策金利を据え置くと発表した。円相場は小幅に上昇した。",
    "euc_jp": "日本銀行は木曜日、政策金利を据え置くと発表した。円相場は小幅に上昇した。",
    "cp1251": "Центральный банк в четверг оставил ключевую ставку без изменений, рубль вырос.",
    "koi8_r": "Центральный банк в четверг оставил ключевую ставку без изменений, рубль вырос.",
    "cp1253": "Η κεντρική τράπεζα διατήρησε αμετάβλητο το επιτόκιο, όπως ανέμεναν όλοι.",
    "cp1252": "Die Bank ließ den Leitzins unverändert, wie Ökonomen für möglich hielten.",
    "utf-8": "The bank’s rate is unchanged; 央行维持利率不变。",
    "utf-16": "The bank’s rate is unchanged; 央行维持利率不变。",
}


def page(sentence: str, head: str = "") -> str:
    return f"<html><head>{head}<title>Rates</title></head><body><p>{sentence}</p></body></html>"


@pytest.mark.parametrize("encoding", SENTENCES)
def test_nothing_is_declared(encoding: str) -> None:
    assert SENTENCES[encoding] in decode(page(SENTENCES[encoding]).encode(encoding)).text


@pytest.mark.parametrize("encoding", SENTENCES)
def test_the_page_declares_it(encoding: str) -> None:
    body = page(SENTENCES[encoding], f'<meta charset="{encoding}">').encode(encoding)
    assert SENTENCES[encoding] in decode(body, "text/html").text


@pytest.mark.parametrize("encoding", SENTENCES)
def test_the_header_declares_it(encoding: str) -> None:
    body = page(SENTENCES[encoding]).encode(encoding)
    assert SENTENCES[encoding] in decode(body, f"text/html; charset={encoding}").text


@pytest.mark.parametrize("encoding", SENTENCES)
def test_a_server_claims_latin_1_for_all_it_sends(encoding: str) -> None:
    body = page(SENTENCES[encoding]).encode(encoding)
    assert SENTENCES[encoding] in decode(body, "text/html; charset=ISO-8859-1").text


@pytest.mark.parametrize("text", ["a £“test”", "“Größe”", "l’été… «é»"])
def test_a_few_accents_side_by_side_are_latin_still(text: str) -> None:
    assert text in decode(page(text).encode("cp1252"), "text/html; charset=ISO-8859-1").text


@pytest.mark.parametrize("claim", ["euc-jp", "gb2312", "iso-8859-1", "no-such", "utf-16"])
def test_utf8_wins_over_any_claim(claim: str) -> None:
    body = page(SENTENCES["utf-8"], f'<meta charset="{claim}">').encode()
    assert SENTENCES["utf-8"] in decode(body, f"text/html; charset={claim}").text


def test_the_language_tells_what_accents_do_not() -> None:
    polish = "Złoty umocnił się, bank pozostawił stopy procentowe bez zmian."
    body = f'<html lang="pl"><title>x</title><p>{polish}</p>'.encode("cp1250")
    assert polish in decode(body).text


def test_one_character_outside_gb2312_loses_nothing() -> None:
    body = page("朱镕基", '<meta charset="gb2312">').encode("gb18030")
    assert "朱镕基" in decode(body).text


def test_one_bad_byte_does_not_lose_the_rest() -> None:
    body = page("央行@维持利率不变，符合市场预期。", '<meta charset="gbk">').encode("gb18030")
    found = decode(body.replace(b"@", b"\xff"))
    assert "维持利率不变，符合市场预期。" in found.text
    assert found.defects


def test_a_document_cut_in_mid_character_ends_before_it() -> None:
    found = decode("央行维持利率".encode()[:-1])
    assert found.text == "央行维持利"
    assert found.defects


@pytest.mark.parametrize(
    ("stray", "read"),
    [(b"Gr\xfc\xdfe", "Grüße"), (b"\x93rate\x94", "“rate”"), (b"papieros\xc3...", "papieros�...")],
)
def test_strays_in_utf8_are_read_as_what_they_were(stray: bytes, read: str) -> None:
    body = page(SENTENCES["utf-8"] * 3 + "@").encode().replace(b"@", stray)
    assert f"{read}</p>" in decode(body).text


def test_a_snippet_in_another_encoding_is_lost_alone() -> None:
    body = page(SENTENCES["utf-8"] * 9 + "@").encode().replace(b"@", "广告".encode("gbk"))
    found = decode(body)
    assert found.text.count(SENTENCES["utf-8"]) == 9
    assert f"{SENTENCES['utf-8']}\ufffd" in found.text
