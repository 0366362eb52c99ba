"""What comes instead of a page, and pages that say wrong things of themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = (
    "Freight brokers said on Thursday that rates on the northern route had risen by {} percent "
    "since the winter, and that they expected no relief before the autumn."
)
LINES = [SAID.format(number) for number in range(2, 9)]
PAGE = (
    "<html><head><title>Rates rise</title></head><body><h1>Rates rise</h1>{}</body></html>".format(
        "".join(f"<p>{line}</p>" for line in LINES)
    ).encode()
)
CHINESE = "货运经纪人周四表示，北方航线的运价自冬季以来上涨了百分之五，预计秋季之前不会回落。"
CHINESE_PAGE = (
    f"<html><head><title>运价</title></head><body>{f'<p>{CHINESE}</p>' * 5}</body></html>"
)
PDF = b"%PDF-1.7\n" + b"\x00\x01\x02\xff" * 500

READ = {
    "xhtml": {"body": PAGE, "content_type": "application/xhtml+xml"},
    "without a type": {"body": PAGE, "content_type": ""},
    "as a download": {"body": PAGE, "content_type": "application/octet-stream"},
    "plain text": {"body": "\n\n".join(LINES).encode(), "content_type": "text/plain"},
    "GBK, undeclared": {"body": CHINESE_PAGE.encode("gbk"), "content_type": "text/html"},
    "GBK as Latin-1": {
        "body": CHINESE_PAGE.encode("gbk"),
        "content_type": "text/html; charset=ISO-8859-1",
    },
}
ONWARD = '<html><head><meta http-equiv="refresh" content="{}"></head><body>{}</body></html>'
READ |= {
    "reloads itself": {
        "body": PAGE.replace(b"<head>", b'<head><meta http-equiv="refresh" content="300">')
    },
    "in a circle": {
        "body": PAGE.replace(b"<head>", b'<head><meta http-equiv="refresh" content="0;url=?">')
        + b" " * 4096
    },
    "sends on": {"body": ONWARD.format("0;url=/onward.html", "").encode()},
}
REFUSED = {
    "a PDF": ({"body": PDF, "content_type": "application/pdf"}, "not a page of text"),
    "a PDF as HTML": ({"body": PDF}, "not a page of text"),
    "JSON": ({"body": b"{}", "content_type": "application/json"}, "not a page of text"),
    "nothing": ({"body": b""}, "the page is empty"),
    "no content": ({"body": b"", "status": 204}, "HTTP 204"),
    "a half": ({"body": PAGE, "status": 206}, "HTTP 206"),
    "a challenge": ({"body": b"<script>wait()</script>", "status": 202}, "HTTP 202"),
    "broken gzip": (
        {"body": b"\x1f\x8bbroken", "headers": {"Content-Encoding": "gzip"}},
        "end-of-stream",
    ),
    "to nowhere": ({"body": b"", "status": 302}, "HTTP 302"),
    "to a script": (
        {"body": b"", "status": 302, "headers": {"Location": "javascript:alert(1)"}},
        "javascript:alert(1)",
    ),
    "sends on to itself": ({"body": ONWARD.format("0;url=?", "").encode()}, "too many redirects"),
    "sends on to a page that is missing": (
        {"body": ONWARD.format("1; url='/gone.html'", "Moved.").encode()},
        "HTTP 404",
    ),
    "to a page that is missing": (
        {"body": b"", "status": 302, "headers": {"Location": "/gone.html"}},
        "HTTP 404",
    ),
}


class Crawled:
    """A crawl of all of these pages; `urls` are their addresses by name."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.user = User.of(site, folder)
        self.urls: dict[str, str] = {}
        answers = READ | {name: answer for name, (answer, _) in REFUSED.items()}
        for number, (name, answer) in enumerate(answers.items()):
            url = site.add_article("meridian", f"odd-{number}", title=f"Odd: {name}")
            site.add_page("meridian", urlsplit(url).path, **answer)  # type: ignore[arg-type]
            self.urls[name] = url
        site.add_page("meridian", "/onward.html", PAGE)
        self.user.run("crawl")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with Site() as site:
        yield Crawled(site, tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize("name", READ)
def test_a_page_is_read_whatever_it_says_of_itself(crawled: Crawled, name: str) -> None:
    sql = "SELECT status, text FROM articles JOIN entries ON article_id = articles.id"
    ((status, text),) = query(crawled.user, f"{sql} WHERE link = '{crawled.urls[name]}'")
    assert status == "full"
    assert (CHINESE if "GBK" in name else LINES[3]) in text


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_page_has_its_reason_and_no_article(crawled: Crawled, name: str) -> None:
    failed = crawled.user.run("status", "--failed").stdout.splitlines()[1:]
    (line,) = [line for line in failed if crawled.urls[name] in line]
    assert REFUSED[name][1] in line
    assert not query(
        crawled.user, f"SELECT 1 FROM articles WHERE url = '{crawled.urls[name]}' AND text <> ''"
    )


def test_what_is_tried_again_says_when_and_what_was_given_up_does_not(crawled: Crawled) -> None:
    failed = json.loads(crawled.user.run("status", "--failed", "--json").stdout)
    again = {row["link"]: row["next_try_at"] for row in failed}
    assert again[crawled.urls["a half"]] > max(row["last_seen_at"] for row in failed)
    assert again[crawled.urls["a PDF"]] is None


def test_how_many_failures_are_listed(crawled: Crawled) -> None:
    some = crawled.user.run("status", "--failed", "--limit", "3")
    assert len(some.stdout.splitlines()) == 1 + 3
    assert "--limit" in some.stderr
    every = crawled.user.run("status", "--failed", "--limit", "50")
    assert len(every.stdout.splitlines()) == 1 + len(REFUSED) + 1  # and one of the sample
    assert every.stderr == ""
