"""Articles -> the bytes of pages and feeds, as their publishers write them. Always the same."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from html import escape
from string import Template
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from data.sample.articles import Article, Publisher

COMPANY = re.compile(r"\{([^|{}]+)\|((?:sh|sz|bj)\d{6})\}")


def page(publisher: Publisher, article: Article, base: str, others: Sequence[Article]) -> bytes:
    """The article's page; `base` is the publisher's address, `others` its related links."""
    published = _local(publisher, article.published)
    url = base + path(publisher, article)
    related = "\n".join(
        f'<li><a href="{path(publisher, other)}">{escape(other.title)}</a></li>' for other in others
    )
    html = Template(publisher.page).substitute(
        title=escape(article.title),
        url=escape(url),
        summary=escape(article.summary),
        author=escape(article.author),
        editor=escape(article.editor),
        source=escape(article.source or publisher.name),
        original_title=f"<p>　　原标题：{escape(article.original_title)}</p>"
        if article.original_title
        else "",
        published=published.isoformat(),
        updated=_local(publisher, article.changed).isoformat(),
        shown=published.strftime(publisher.shown_date),
        stocks="&".join(dict.fromkeys(code for _, code in COMPANY.findall(article.text))),
        body=_body(publisher, article.text),
        related=related,
        json_ld=_json_ld(publisher, article, url),
    )
    return html.encode(publisher.encoding)


def feed(publisher: Publisher, articles: Sequence[Article], base: str) -> bytes:
    """The publisher's feed of these articles, newest first."""
    newest = sorted(articles, key=lambda article: article.published, reverse=True)
    make = _atom if publisher.feed == "atom" else _rss
    return make(publisher, newest, base).encode(publisher.encoding)


def path(publisher: Publisher, article: Article) -> str:
    """Where the article lives at its publisher."""
    return publisher.article_path.format(slug=article.slug, day=article.published.date())


def _body(publisher: Publisher, text: str) -> str:
    indent = "　　" if publisher.language == "zh" else ""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text):
        line = " ".join(paragraph.split("\n"))
        if line.startswith("## "):
            parts.append(f"<h2>{escape(line[3:])}</h2>")
        else:
            parts.append(f"<p>{indent}{COMPANY.sub(_company, escape(line))}</p>")
    return "\n".join(parts)


def _company(match: re.Match[str]) -> str:
    """The markup Chinese finance portals put around the name of a listed company."""
    name, code = match.groups()
    link = f"https://finance.sina.com.cn/realstock/company/{code}/nc.shtml"
    return (
        f'<span id="stock_{code}"><a href="{link}" class="keyword" target="_blank">{name}</a>'
        f'</span><span id="quote_{code}"></span>'
    )


def _json_ld(publisher: Publisher, article: Article, url: str) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "datePublished": _local(publisher, article.published).isoformat(),
        "dateModified": _local(publisher, article.changed).isoformat(),
        "author": [{"@type": "Person", "name": article.author}] if article.author else [],
        "publisher": {"@type": "Organization", "name": publisher.name},
        "mainEntityOfPage": url,
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _rss(publisher: Publisher, articles: Sequence[Article], base: str) -> str:
    items = "\n".join(
        f"""  <item>
   <title>{escape(article.title)}</title>
   <link>{base}{path(publisher, article)}</link>
   <guid isPermaLink="false">{publisher.domain}/{article.slug}</guid>
   <pubDate>{format_datetime(_local(publisher, article.published))}</pubDate>
   <description>{escape(escape(article.summary))}</description>
  </item>"""
        for article in articles
    )
    return f"""<?xml version="1.0" encoding="{publisher.encoding}"?>
<rss version="2.0">
 <channel>
  <title>{escape(publisher.feed_name)}</title>
  <link>{base}/</link>
  <description>{escape(publisher.name)}</description>
  <language>{publisher.language}</language>
{items}
 </channel>
</rss>
"""


def _atom(publisher: Publisher, articles: Sequence[Article], base: str) -> str:
    entries = "\n".join(
        f"""  <entry>
    <title>{escape(article.title)}</title>
    <link rel="alternate" type="text/html" href="{base}{path(publisher, article)}"/>
    <id>tag:{publisher.domain},{article.published.year}:{article.slug}</id>
    <published>{_local(publisher, article.published).isoformat()}</published>
    <updated>{_local(publisher, article.changed).isoformat()}</updated>
    <author><name>{escape(article.author)}</name></author>
    <summary>{escape(article.summary)}</summary>
  </entry>"""
        for article in articles
    )
    updated = max((article.changed for article in articles), default=None)
    stamp = _local(publisher, updated).isoformat() if updated else "2026-01-01T00:00:00Z"
    return f"""<?xml version="1.0" encoding="{publisher.encoding}"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>{escape(publisher.feed_name)}</title>
  <id>tag:{publisher.domain},2026:feed</id>
  <link rel="alternate" href="{base}/"/>
  <link rel="self" href="{base}{publisher.feed_path}"/>
  <updated>{stamp}</updated>
{entries}
</feed>
"""


def _local(publisher: Publisher, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(publisher.timezone))
