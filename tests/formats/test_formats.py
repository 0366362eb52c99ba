"""Bytes of feeds, and the entries a reader would find in them."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dates import from_text, to_text
from pipelines.items import FeedDocument, NotAFeed, SymbolHint
from tests.formats.helpers import document, item, read, rss


def test_rss_entry() -> None:
    media = (
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    body = rss(
        "<ttl>15</ttl>"
        + item(
            "Rates &amp;amp; &lt;b&gt;bonds&lt;/b&gt;",
            "<guid>g1</guid><dc:creator>By Ada Quill</dc:creator><category>Markets</category>"
            "<source url='https://wire.example.com/'>Harbour Wire</source>"
            "<media:title>A chart</media:title><media:thumbnail url='/chart.png'/>"
            "<description>&lt;p&gt;Yields fell.&lt;/p&gt;</description>"
            "<pubDate>Fri, 08 Mar 2024 09:30:00 GMT</pubDate>",
            link="/story/1",
        ),
        media,
    )
    found = document(body)
    entry = found.entries[0]
    assert (found.format, found.title, found.hint_s) == ("rss20", "Ledger", 900)
    assert entry.title == "Rates & bonds"
    assert entry.link == "https://ledger.example.com/story/1"
    assert (entry.guid, entry.authors, entry.publisher) == ("g1", ("Ada Quill",), "Harbour Wire")
    assert (entry.summary, entry.content) == ("Yields fell.", None)
    assert entry.categories == ("Markets",)
    assert entry.image == "https://ledger.example.com/chart.png"
    assert entry.published is not None
    assert to_text(entry.published.at) == "2024-03-08T09:30:00Z"


def test_atom_entry_tells_summary_from_content_and_update_from_publication() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://w.example.com/">
      <title>Desk</title><author><name>Desk A</name></author>
      <entry><id>urn:x:9</id><title>Nine</title><updated>2024-03-08T09:30:00Z</updated>
      <link rel="self" href="9.atom"/><link rel="alternate" type="application/json" href="9.json"/>
      <link href="p/9"/><summary>Short.</summary>
      <content type="html">&lt;p&gt;Full.&lt;/p&gt;</content></entry></feed>"""
    entry = document(body).entries[0]
    assert entry.link == "https://w.example.com/p/9"
    assert (entry.summary, entry.content, entry.authors) == ("Short.", "<p>Full.</p>", ("Desk A",))
    assert entry.published is None
    assert entry.updated is not None


def test_a_guid_is_kept_as_written_and_may_be_the_link() -> None:
    entry = document(rss("<item><title>A</title><guid>/story/7</guid></item>")).entries[0]
    assert (entry.guid, entry.link) == ("/story/7", "https://ledger.example.com/story/7")
    opaque = '<item><title>A</title><guid isPermaLink="false">s7</guid></item>'
    assert (document(rss(opaque)).entries[0].guid, document(rss(opaque)).entries[0].link) == (
        "s7",
        None,
    )


def test_links_behind_wrappers() -> None:
    burner = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    original = "<feedburner:origLink>https://ledger.example.com/2</feedburner:origLink>"
    google = "https://www.google.com/url?rct=j&amp;url=https%3A//ledger.example.com/3&amp;ct=ga"
    opaque = "https://news.google.com/rss/articles/CBMiAUFV_yqLabc?oc=5"
    body = rss(
        item("A", original, "https://feeds.example.com/~r/2") + item("B", link=google)
        + item("C", link=opaque),
        burner,
    )  # fmt: skip
    entries = document(body).entries
    assert [e.link for e in entries[:2]] == [
        "https://ledger.example.com/2",
        "https://ledger.example.com/3",
    ]
    assert entries[2].flags == ("redirect-link",)


def test_instruments_that_feeds_name() -> None:
    spaces = 'xmlns:nasdaq="http://nasdaq.example.com/" xmlns:sa="https://sa.example.com/"'
    body = rss(
        item("A", '<category type="symbol">HBR</category><category>Ships</category>')
        + item("B", "<nasdaq:tickers>AAA,BBB</nasdaq:tickers>")
        + item("C", "<sa:stock><sa:symbol>HBR</sa:symbol><sa:company_name>Harbour</sa:company_name>"
               "</sa:stock>"),
        spaces,
    )  # fmt: skip
    first, second, third = document(body).entries
    assert first.symbols == (SymbolHint(rule="category-symbol", text="HBR"),)
    assert [hint.text for hint in second.symbols] == ["AAA", "BBB"]
    assert third.symbols == (SymbolHint(rule="stock-symbol", text="HBR", name="Harbour"),)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("钢材期货".encode("gb18030"), "text/xml; charset=gbk"),
        ("钢材期货".encode(), "text/xml; charset=iso-8859-1"),
        ("钢材期货".encode("gb18030"), "text/xml"),
        ("钢材期货".encode("gb18030"), None),
    ],
)
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1"])
def test_the_title_is_readable_whatever_is_claimed(
    body: bytes, content_type: str | None, declared: str
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    more = "螺纹钢主力合约收涨市场成交活跃"
    text = rss(item("@@", f"<description>{more}</description>")).encode()
    codec = "utf-8" if body == "钢材期货".encode() else "gb18030"
    text = text.replace(more.encode(), more.encode(codec)).replace(b"@@", body)
    assert document(head.encode() + text, content_type).entries[0].title == "钢材期货"


def test_utf8_that_its_publisher_took_for_latin_is_mended() -> None:
    spoilt = "Der Ölpreis steigt".encode().decode("latin-1")
    (entry,) = document(rss(item(spoilt))).entries
    assert entry.title == "Der Ölpreis steigt"


def test_what_nobody_sees_parts_no_words() -> None:
    (entry,) = document(rss(item("央行\u200b宣布 降\u00ad息\ufeff \u3000 Repo\u00a0rate"))).entries
    assert entry.title == "央行宣布 降息 Repo rate"


def test_stray_bytes_do_not_spoil_utf8() -> None:
    text = rss(item("Überschuss „@@“")).encode().replace(b"@@", b"Gr\xfc\xdfe")
    assert document(text).entries[0].title == "Überschuss „Grüße“"


@pytest.mark.parametrize(
    "broken",
    [
        rss(item("First") + item("Oil & gas: Q&A") + item("Third")),
        rss(item("First") + item("Oil\x08 gas") + item("Third")),
        rss(item("First") + item("Oil &nbsp; gas") + item("Third")),
        rss(item("First") + item("Second") + item("Third"))[:-40],
        "Warning: line 3\n" + rss(item("First") + item("Second") + item("Third")),
    ],
)
def test_broken_documents_give_every_entry_and_name_the_defect(broken: str) -> None:
    found = document(broken)
    assert [e.title for e in found.entries][::2] == ["First", "Third"]
    assert found.defects


def test_dates_are_null_or_flagged_never_now() -> None:
    dates = ["Fri, 8 Mar 2024 19:40:17", "Sun, 30 Feb 2024 10:00:00 GMT",
             "Sat, 09 Mar 2024 10:00:00 GMT", "Fri, 08 Mar 2024 10:00:00 XYZ"]  # fmt: skip
    body = rss("".join(item("x", f"<pubDate>{date}</pubDate>") for date in dates) + item("y"))
    naive, impossible, future, unknown, absent = document(body).entries
    for entry in (naive, impossible, unknown):
        assert (entry.published, entry.flags) == (None, ("date-unreadable",))
        assert entry.published_raw in dates
    assert future.published is not None
    assert future.flags == ("date-in-future",)
    assert (absent.published, absent.published_raw, absent.flags) == (None, None, ())


def test_json_feed() -> None:
    data = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Ledger",
        "items": [{"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>x</p>",
                   "date_published": "2024-03-08T09:30:00Z", "authors": [{"name": "Ada"}]}, 3],
    }  # fmt: skip
    found = document(json.dumps(data))
    entry = found.entries[0]
    assert (entry.guid, entry.link, entry.authors) == (
        "7",
        "https://ledger.example.com/7",
        ("Ada",),
    )
    assert (entry.content, len(found.defects)) == ("<p>x</p>", 1)


SINA = {
    "result": {"status": {"code": 0, "msg": "succ"}, "data": [{
        "docid": "comos:abc", "url": "http://finance.sina.com.cn/china/2022-03-04/doc-abc.shtml",
        "title": "对标国际先进水平，深圳推出优化口岸营商环境32条",
        "intro": "摘要", "media_name": "21世纪经济报道",
        "ctime": "1646395910", "intime": "1646395910", "mtime": "1646395999", "img": [],
    }]},
}  # fmt: skip


def test_sina_and_its_rsshub_rendering_are_the_same_article() -> None:
    row = SINA["result"]["data"][0]  # type: ignore[index]
    rendering = rss(
        f"<item><title><![CDATA[{row['title']}]]></title><author>{row['media_name']}</author>"
        f"<link>{row['url'].replace('http:', 'https:')}</link>"
        "<description>&lt;p&gt;全文&lt;/p&gt;</description>"
        "<pubDate>Fri, 04 Mar 2022 12:11:50 GMT</pubDate></item>"
    )
    own = document(json.dumps(SINA), kind="sina-roll", zone="Asia/Shanghai").entries[0]
    theirs = document(rendering, kind="rsshub", zone="Asia/Shanghai").entries[0]
    for entry in (own, theirs):
        assert entry.published is not None
        assert entry.published.at == from_text("2022-03-04T12:11:50Z")
    assert (own.link, own.title, own.publisher) == (theirs.link, theirs.title, theirs.publisher)
    assert own.publisher == "21世纪经济报道"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", "empty"),
        (" \r\n ", "empty"),
        (
            "<!DOCTYPE html><html><head><title>Home</title></head><body>x</body></html>",
            "not_a_feed",
        ),
        ("plain words", "not_a_feed"),
        ('{"error": "rate limit"}', "error"),
        ('{"result": {"status": {"code": 11, "msg": "no such list"}}}', "error"),
        ('{"items": [', "error"),
        ("<catalogue><book/></catalogue>", "not_a_feed"),
        ('jsonp([{"result": 1}])', "not_a_feed"),
        ('jsonp({"result": [1]})', "not_a_feed"),
        ('jsonp({"result": {"data"})', "error"),
        (b"\x1f\x8b broken", "error"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: str | bytes, outcome: str) -> None:
    result = read(body)
    assert isinstance(result, NotAFeed)
    assert result.outcome == outcome
    assert result.reason


def test_a_feed_without_entries_is_still_a_feed() -> None:
    assert document(rss("")).entries == ()


def test_a_husk_is_left_out_and_counted() -> None:
    found = document(
        rss("<item><title> </title><pubDate>Invalid Date</pubDate></item>" + item("A"))
    )
    assert [e.title for e in found.entries] == ["A"]
    assert "1 entries say nothing" in found.defects


def bomb() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'
    return (head + rss(item("&l9;"))).encode()


@pytest.mark.parametrize(
    "body",
    [
        bomb(),
        b"<rss><channel>" + b"<a>" * 4_000_000,
        b"<rss><channel>" + b"<a>" * 40_000_000,
        b"<rss><channel>" + b"<!DOCTYPE [" * 400_000,
        b"<rss><channel>" + b"<media:title><![CDATA[" * 400_000,
        b"<!-- " * 400_000 + b"<rss/>",
        b"<urlset>" + b"<a>" * 100_000,
        b"[" * 1_000_000,
        b'{"items": ' + b"[" * 100_000,
        gzip.compress(b"<rss>" + b" " * 50_000_000),
    ],
    ids=[
        "entities",
        "nested 12 MB",
        "nested 120 MB",
        "doctypes",
        "open",
        "comments",
        "sitemap",
        "json",
        "json feed",
        "gzip",
    ],
)
def test_hostile_bytes_cost_little(body: bytes) -> None:
    started = time.process_time()
    result = read(body)
    assert isinstance(result, NotAFeed) or len(result.entries) <= 1
    assert time.process_time() - started < 20


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_value(body: bytes) -> None:
    for wrapped in (body, b"<rss><channel><item><title>" + body, b'{"items": [' + body):
        assert isinstance(read(wrapped), (FeedDocument, NotAFeed))


def reads_as_utf8_taken_for_latin(text: str) -> bool:
    """Whether a text looks like `Ã¼ber`, which feedparser mends."""
    try:
        return not text.isascii() and bool(text.encode("latin-1").decode())
    except UnicodeError:
        return False


WORDS = st.text(
    st.characters(categories=["L", "Nd"], max_codepoint=0x9FFF), min_size=1, max_size=20
).filter(lambda text: not reads_as_utf8_taken_for_latin(text))
ENTRIES = st.lists(
    st.tuples(WORDS, WORDS, st.datetimes(datetime(1991, 1, 1), datetime(2024, 3, 1))),  # noqa: DTZ001
    min_size=1,
    max_size=5,
)


@given(ENTRIES)
@settings(max_examples=60, deadline=None)
def test_rendered_entries_are_read_back(entries: list[tuple[str, str, datetime]]) -> None:
    expected, items, atoms = [], "", ""
    for number, (title, summary, clock) in enumerate(entries):
        link, at = f"https://ledger.example.com/{number}", clock.replace(microsecond=0, tzinfo=UTC)
        expected.append((f"k{number}", link, title, summary, at))
        guid, date = f"<guid>k{number}</guid>", f"{at:%a, %d %b %Y %H:%M:%S} GMT"
        text = f"<description>{escape(summary)}</description><pubDate>{date}</pubDate>"
        items += item(escape(title), guid + text, link)
        atoms += (
            f'<entry><id>k{number}</id><title>{escape(title)}</title><link href="{link}"/>'
            f"<summary>{escape(summary)}</summary><published>{to_text(at)}</published></entry>"
        )
    for body in (rss(items), f'<feed xmlns="http://www.w3.org/2005/Atom">{atoms}</feed>'):
        found = document(body).entries
        assert [
            (e.guid, e.link, e.title, e.summary, e.published and e.published.at) for e in found
        ] == expected


def test_no_entry_holds_what_orders_a_terminal_about() -> None:
    awkward = "Rates\x1b[2J rise\x0bagain\x00 \x9b1mtoday\ud800 at\tnoon"
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ledger",
        "items": [
            {
                "id": f"g\x1b{kind}",
                "url": "https://ledger.example.com/1",
                "title": awkward if kind == "title" else "Rates",
                "content_text": awkward if kind == "text" else "Yields fell.",
                "authors": [{"name": "Ada\x1b]0;x\x07 Quill"}],
                "tags": ["ra\x08tes"],
            }
            for kind in ("title", "text")
        ],
    }
    first, second = document(json.dumps(told)).entries
    assert first.title == "Rates[2J rise again 1mtoday at noon"
    assert first.guid == "gtitle"
    assert first.authors == ("Ada]0;x Quill",)
    assert first.categories == ("rates",)
    assert "rise again" in f"{second.content or second.summary}"
    for said in (second.guid, second.title, second.summary, second.content, *second.authors):
        assert not set("\x00\x07\x0b\x1b\x9b\ud800") & set(said or "")
