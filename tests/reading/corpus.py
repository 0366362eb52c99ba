"""A small record, written for the tests of reading: invented companies, two languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.database import open_database
from pipelines.items import Article, Mention, Moment

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

LINCHUAN = Mention(
    symbol="XSHE:003977",
    mic="XSHE",
    code="003977",
    name="临川光电",
    rule="suffix",
    certainty="certain",
    place="body",
    matched="003977.SZ",
)

# name, language, source, title, text. The names are what the queries expect.
ARTICLES = (
    ("cut", "en", "Harbour Post", "Norland central bank delivers surprise rate cut",
     "The central bank lowered its policy rate by 25 basis points.\nInflation fell to 1.9% in "
     "October. Governor Ines Falk said a further rate cut was not planned."),
    ("hold", "en", "Harbour Post", "Bank of Estmark holds rates as inflation lingers",
     "Policymakers voted 6-3 to leave the rate at 4.25%. Three wanted to cut. The cut in energy "
     "taxes will lower inflation from January."),
    ("merger", "en", "Quay Street", "Bluefin and Corvane agree $4.2 bln merger",
     "Bluefin Foods will take over Corvane in an all-share merger. Antitrust approval is expected "
     "by June. Moody's put Corvane on review for an upgrade."),
    ("hostile", "en", "Quay Street", "Corvane once rejected takeover by Larch Group",
     "Larch Group's hostile bid for Corvane failed two years ago, filings show."),
    ("chips", "en", "Quay Street", "Semicore raises outlook on memory demand",
     "Semiconductor maker Semicore (NASDAQ: SMCX) expects revenue of $2.4 billion. Memory prices "
     "rose for a fifth month."),
    ("fab", "en", "Harbour Post", "Semiconductors: Ostra to build second fab in Lund",
     "Ostra will spend 3 billion euros on a plant for power chips, without memory."),
    ("oil", "en", "Harbour Post", "Oil slips below $60 as stocks build",
     "Crude fell 2% after US inventories rose by 5.1 million barrels. Gas was flat."),
    ("gas", "en", "Harbour Post", "Europe's gas storage ends October at 83%",
     "Storage levels are below the five-year average. Prices for winter gas rose 4%."),
    ("strike", "en", "Quay Street", "Dockers' strike shuts three ports",
     "Terminal operators in Aldhaven declared force majeure. Grain exports are most affected."),
    ("grain", "en", "Quay Street", "Wheat at 14-month high",
     "A strike by dockers has stopped grain exports from Aldhaven; wheat gained 3%."),
    ("recall", "en", "Harbour Post", "Veltra Motors recalls 41,000 vans",
     "A fault in the brakes of the E-200 led to the recall. Shares in Veltra (XETRA: VLT) fell."),
    ("café", "en", "Quay Street", "Café chain Müller & Søn files for IPO",
     "The coffee chain plans to sell a third of its shares. AT&T's former treasurer chairs it."),
    ("sp", "en", "Harbour Post", "Stocks close mixed; S&P 500 ends flat",
     "The S&P 500 ended unchanged at 6,913.40 while small caps fell. Tariff talk weighed."),
    ("tariff", "en", "Harbour Post", "Estmark delays tariffs on steel",
     "The tariff of 15% will now apply from March. Steelmakers had asked for tariff relief."),
    ("降息", "zh", "临江财经", "诺兰央行意外降息25个基点",
     "诺兰央行周三宣布降息25个基点。行长表示，年内不再考虑进一步宽松。\n市场此前预期利率不变。"),
    ("存款", "zh", "临江财经", "多家银行下调存款利率",
     "六家银行今起下调定期存款利率，幅度10至20个基点。分析人士认为，净息差压力有望缓解。"),
    ("港口", "zh", "临江财经", "澄海港集团前十月吞吐量增长6.2%",
     "澄海港集团公布，前十月港口货物吞吐量3.1亿吨。集装箱业务增长9%，大同航运新开两条航线。"),
    ("并购", "zh", "望远证券报", "青屿科技拟收购临川光电全部股权",
     "青屿科技公告，拟以发行股份方式收购临川光电100%股权，标的作价18.6亿元。公司股票明日复牌。"),
    ("预增", "zh", "望远证券报", "业绩预告：临川光电净利润预增120%",
     "临川光电发布业绩预告，预计全年净利润4.1亿元，同比增长120%左右，主因订单饱满。"),
    ("铜", "zh", "望远证券报", "沪铜主力合约涨2%创年内新高",
     "受矿山停产消息影响，沪铜主力合约涨2%。铜精矿加工费继续走低，金价小幅回落。"),
    ("黄金", "zh", "临江财经", "现货黄金突破4300美元",
     "现货黄金周二升破每盎司4300美元，再创纪录。银价同步走高。美联储降息预期升温。"),
    ("A股", "zh", "望远证券报", "收评：A股三大指数集体收涨",
     "A股今日放量上涨，上证指数涨0.8%，创业板指涨1.5%。半导体板块领涨，银行股走弱。"),
    ("港股", "zh", "望远证券报", "港股收盘：恒指跌0.6%",
     "恒生指数收跌0.6%。科技股走低，青屿科技H股跌3%。上海石化逆市上涨。"),
    ("海上", "zh", "临江财经", "海上风电招标规模创新高",
     "前三季度海上风电招标容量达到12吉瓦，上游铸件企业订单排至明年。ＥＳＧ评级随之上调。"),
    ("地产", "zh", "临江财经", "又有三城下调首套房贷利率",
     "三座城市下调首套房贷款利率下限。有中介称看房量回升，成交仍待观察。Semicore总部附近新盘热销。"),
)  # fmt: skip


def make(path: Path) -> dict[str, int]:
    """Store the record, an hour between articles; the ids by name."""
    ids = {}
    with open_database(path) as database, database.transaction():
        for number, (name, language, source, title, text) in enumerate(ARTICLES):
            at = START + timedelta(hours=number)
            url = f"https://news.example.com/{number}"
            article = Article(
                url=url,
                title=title,
                publisher=source,
                language=language,
                published=Moment(at=at, raw="", precision="second", zone="stated", origin="feed"),
                text=text,
                mentions=(LINCHUAN,) if "临川光电" in title else (),
            )
            ids[name] = database.articles.create(url[8:], source, at, "live")
            database.articles.add_revision(
                ids[name],
                article,
                "add",
                seen_at=at,
                computed_at=at,
                text_hash=f"{number:032x}",
                word_count=len(text.split()),
            )
            database.stories.begin(ids[name])
    return ids
