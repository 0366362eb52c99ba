"""What a page's markup names: the article's own part and its declarations, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest

from pipelines.extract import from_entry
from pipelines.items import Entry, Hints, Source, SymbolHint
from pipelines.symbols import find_mentions
from pipelines.symbols.links import QUOTE_LINKS, QuoteLink, read_links

FILE = Path(__file__).parents[1] / "data" / "symbols" / "fragments.txt"


def fragments() -> list[tuple[str, str, str]]:
    found = []
    for block in FILE.read_text("utf-8").split("\n== ")[1:]:
        head, _, html = block.partition("\n")
        symbols, _, host = head.partition(" | ")
        found.append((symbols, host.strip(), html))
    return found


@pytest.mark.parametrize(("symbols", "host", "html"), fragments())
def test_a_page_names_these_and_no_others(symbols: str, host: str, html: str) -> None:
    tree = lxml.html.document_fromstring(html)
    text = "\n".join(main.text_content() for main in tree.iter("main"))
    source = Source(name="a", domain=host)
    found = find_mentions(tree, title=None, text=text, language=None, source=source)
    assert {mention.symbol for mention in found} == set(symbols.split()) - {"-"}
    assert all(mention.place == "markup" for mention in found)
    assert all(mention.certainty == "tag" for mention in found)


@pytest.mark.parametrize("link", QUOTE_LINKS, ids=lambda link: link.seen)
def test_every_form_of_link_reads_the_address_it_was_seen_in(link: QuoteLink) -> None:
    """The address is read by this very form, alone, and through the whole table."""
    host, _, path = link.seen.partition("//")[2].partition("/")
    assert host.endswith(link.host)
    assert link.path.match(f"/{path}")
    ((number, listed),) = read_links(["https://www.example.com/a", link.seen], "a.example")
    assert number == 1
    assert listed.code.lstrip("0") in link.seen.upper()


def test_there_are_forty() -> None:
    assert len(fragments()) >= 40


@pytest.mark.parametrize(
    ("rule", "text", "symbols"),
    [
        ("category-symbol", "AAPL", ["US:AAPL"]),
        ("stock_tickers", "NASDAQ:AAPL, NYSE:BRK/A", ["XNAS:AAPL", "XNYS:BRK.A"]),
        ("stock_tickers", "US:SPX", ["US:SPX"]),
        ("stock_tickers", "TSE:TD, LON:BP/, VTX:UBSG", ["XTSE:TD", "XLON:BP", "XSWX:UBSG"]),
        ("tickers", "GS,AAPL,nonsense words", ["US:GS", "US:AAPL"]),
    ],
)
def test_what_a_feed_says(rule: str, text: str, symbols: list[str]) -> None:
    hint = SymbolHint(rule=rule, text=text)
    source = Source(name="a", domain="a.example")
    found = find_mentions(None, title=None, text="", language=None, source=source, hints=[hint])
    assert [mention.symbol for mention in found] == symbols
    assert {mention.certainty for mention in found} == {"tag"}


def test_an_exchange_stated_anywhere_settles_a_bare_ticker() -> None:
    source = Source(name="a", domain="a.example")
    found = find_mentions(
        None, title="$TSLA soars", text="Teslar (NASDAQ: TSLA) soared.", language=None,
        source=source,
    )  # fmt: skip
    assert [(mention.symbol, mention.place) for mention in found] == [
        ("XNAS:TSLA", "title"),
        ("XNAS:TSLA", "body"),
    ]


def test_the_markup_in_a_feed_counts_where_there_is_no_page() -> None:
    """Sina's anchors and its comment survive in the content of a feed."""
    content = (
        '<p>加快<span id="stock_sz000088"><a href="https://finance.sina.com.cn/realstock/company/'
        'sz000088/nc.shtml">盐田港</a></span>区东作业区建设。</p>'
        "<!-- news_keyword_pub,stock,sz000088&sh600519 -->"
    )
    source = Source(name="a", domain="finance.sina.com.cn")
    entry = Entry(link="https://finance.sina.com.cn/a.shtml", title="东作业区开工", content=content)
    article = from_entry(Hints(source=source, entry=entry), datetime(2026, 11, 2, tzinfo=UTC))
    assert {(found.symbol, found.place) for found in article.mentions} == {
        ("XSHE:000088", "markup"),
        ("XSHG:600519", "markup"),
    }


def test_a_live_quote_beside_a_link_is_no_part_of_the_words_around_it() -> None:
    tree = lxml.html.document_fromstring(
        '<p><a href="http://stock.finance.sina.com.cn/usstock/quotes/BLK.html">黑石山</a>'
        '<span id="quote_BLK">(431.2, 7.37, 1.74%)</span>首席投资官谈债券市场。</p>'
    )
    source = Source(name="a", domain="finance.sina.com.cn")
    text = "黑石山首席投资官谈债券市场。"
    (found,) = find_mentions(tree, title=None, text=text, language="zh", source=source)
    assert (found.symbol, found.name) == ("US:BLK", "黑石山")
