"""Links of entries: absolute, and out of the wrappers of aggregators."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from tests.formats.helpers import document, item, rss

TARGET = "https://ledger.example.com/story/1"


def old_google_news(target: str) -> str:
    """An id of the older kind, as Google News made them: the address between other bytes."""
    inner = b"\x08\x13\x22" + bytes([len(target)]) + target.encode() + b"\xd2\x01\x00"
    token = base64.urlsafe_b64encode(inner).decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{token}?oc=5"


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://www.google.com/url?rct=j&amp;sa=t&amp;url={TARGET}&amp;ct=ga",
        "https://www.google.com/url?q=https%3A%2F%2Fledger.example.com%2Fstory%2F1",
        f"http://www.bing.com/news/apiclick.aspx?ref=x&amp;url={TARGET.replace('/', '%2f')}",
        f"https://us.rd.yahoo.com/finance/news/rss/story/*{TARGET}",
        f"https://r.search.yahoo.com/_ylt=A/RV=2/RO=10/RU={quote(TARGET, safe='')}/RK=2",
        old_google_news(TARGET),
    ],
)
def test_a_wrapper_that_spells_its_target_out_is_undone(wrapped: str) -> None:
    (entry,) = document(rss(item("Ships", link=wrapped))).entries
    assert entry.link == TARGET


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://news.google.com/rss/articles/CBMiWkFVX3lxTE5hYmNk?oc=5",
        "https://news.google.com/rss/articles/!?oc=5",
        "https://feedproxy.google.com/~r/ledger/~3/abc/",
        "https://www.google.com/url?url=javascript:alert(1)",
    ],
)
def test_a_wrapper_that_hides_its_target_stays(wrapped: str) -> None:
    (entry,) = document(rss(item("Ships", link=wrapped))).entries
    assert entry.link == wrapped


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/story/1", TARGET),
        ("../story/1", TARGET),
        ("//ledger.example.com/story/1", TARGET),
        (" https://ledger.example.com/\n story/1 ", "https://ledger.example.com/%20story/1"),
        ("https://ledger.example.com/a b|c", "https://ledger.example.com/a%20b%7Cc"),
        ("mailto:desk@ledger.example.com", None),
        ("https://[broken", None),
    ],
)
def test_a_link_is_an_address_or_nothing(written: str, read: str | None) -> None:
    (entry,) = document(rss(item("Ships", link=written))).entries
    assert entry.link == read
