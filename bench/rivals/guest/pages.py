"""A page's HTML → title, text and publication time, by each rival as its documentation says.

A question has `url`, `html` (decoded text), and where they are known `language` and `seen`
(the day of the capture). Times are ISO 8601; one without an offset is the rival's own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Question = dict[str, Any]
Found = dict[str, Any]
Reading = Callable[[Question], Found]
BLOCKS = set("p div li br tr td th h1 h2 h3 h4 h5 h6 blockquote pre section article dd dt".split())


def found(title: str | None, text: str | None, published: object) -> Found:
    if isinstance(published, (datetime, date)):
        published = published.isoformat()
    stated = str(published) if published else None  # goose3 may give what a page's JSON gives
    return {"title": title or "", "text": text or "", "published": stated}


def offline(read: Reading) -> Reading:
    """Leave out the pages for whose language NLTK would download data at run time."""

    def reading(page: Question) -> Found:
        try:
            return read(page)
        except LookupError as error:
            if "NLTK Downloader" in str(error):
                return {"unsupported": True}
            raise

    return reading


def news_please() -> Reading:
    from newsplease import NewsPlease

    @offline
    def read(page: Question) -> Found:
        article = NewsPlease.from_html(page["html"], url=page["url"], fetch_images=False)
        return found(article.title, article.maintext, article.date_publish)

    return read


def newspaper4k() -> Reading:
    import newspaper

    @offline
    def read(page: Question) -> Found:
        told = {"language": page["language"]} if page.get("language") else {}
        article = newspaper.article(
            page["url"], input_html=page["html"], fetch_images=False, **told
        )
        return found(article.title, article.text, article.publish_date)

    return read


def trafilatura(**settings: Any) -> Reading:
    from trafilatura import bare_extraction

    # With a time of day; by default there would be only the day.
    dates = {
        "original_date": True,
        "extensive_search": True,
        "outputformat": "%Y-%m-%dT%H:%M:%S%z",
    }

    def read(page: Question) -> Found:
        document: Any = bare_extraction(
            page["html"],
            url=page["url"],
            with_metadata=True,
            date_extraction_params=dates,
            **settings,
        )
        return found(document.title, document.text, document.date) if document else {}

    return read


def trafilatura_precision() -> Reading:
    return trafilatura(favor_precision=True)


def readability() -> Reading:
    from lxml import html
    from readability import Document

    def read(page: Question) -> Found:
        document = Document(page["html"])
        tree = html.fromstring(document.summary(html_partial=True))
        for element in tree.iter():
            if element.tag in BLOCKS:
                element.tail = "\n" + (element.tail or "")
        return found(document.short_title(), tree.text_content(), None)

    return read


def goose3() -> Reading:
    from goose3 import Goose
    from goose3.text import StopWordsChinese, StopWordsKorean

    words = {"zh": StopWordsChinese, "ko": StopWordsKorean}

    def settings(language: str | None) -> dict[str, Any]:
        if language not in words:
            return {}
        told = {"use_meta_language": False, "target_language": language}
        return {**told, "stopwords_class": words[language]}

    def read(page: Question) -> Found:
        with Goose(settings(page.get("language"))) as goose:
            article = goose.extract(url=page["url"], raw_html=page["html"])
        published = article.publish_datetime_utc or article.publish_date
        return found(article.title, article.cleaned_text, published)

    return read


def mediacloud() -> Reading:
    import mcmetadata

    logging.disable(logging.CRITICAL)

    def read(page: Question) -> Found:
        told = mcmetadata.extract(page["url"], page["html"])
        published = told["publication_date"]
        return found(
            told["article_title"],
            told["text_content"],
            published.date() if isinstance(published, datetime) else published,
        )

    return read


def fundus() -> Reading:
    from urllib.parse import urlsplit

    from fundus import PublisherCollection

    def host(url: str) -> str:
        return (urlsplit(url).hostname or "").removeprefix("www.")

    known = {host(publisher.domain): publisher for publisher in PublisherCollection}

    def publisher_of(url: str) -> Any:
        parts = host(url).split(".")
        names = (".".join(parts[at:]) for at in range(len(parts)))
        return next((known[name] for name in names if name in known), None)

    def read(page: Question) -> Found:
        publisher = publisher_of(page["url"])
        if publisher is None:
            return {"unsupported": True}
        seen = date.fromisoformat(page["seen"]) if page.get("seen") else None
        told = publisher.parser(seen).parse(page["html"], error_handling="suppress")
        body = told.get("body")
        lines = list(body.summary) if body else []
        for section in body.sections if body else ():
            lines += [*section.headline, *section.paragraphs]
        return found(told.get("title"), "\n".join(lines), told.get("publishing_date"))

    return read


TASKS: dict[str, Callable[[], Reading]] = {
    "page:news-please": news_please,
    "page:newspaper4k": newspaper4k,
    "page:trafilatura": trafilatura,
    "page:trafilatura-precision": trafilatura_precision,
    "page:readability": readability,
    "page:goose3": goose3,
    "page:mediacloud": mediacloud,
    "page:fundus": fundus,
}
