"""Links of entries: made absolute, and taken out of aggregators' wrappers."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

_HTTP = re.compile(r"https?://[^\s/]", re.I)
_WRAPPERS = {
    "www.google.com": ("url", "q"),
    "google.com": ("url", "q"),
    "www.bing.com": ("url",),
    "l.facebook.com": ("u",),
    "lnks.gd": (),
    "feedproxy.google.com": (),
    "news.google.com": ("url",),
    "c.moreover.com": (),
    "rss.feedsportal.com": (),
    "da.feedsportal.com": (),
    "redirect.viglink.com": ("u",),
    "r.search.yahoo.com": (),
    "us.rd.yahoo.com": (),
    "go.skimresources.com": ("url",),
    "feeds.feedburner.com": (),
    "rss.cnn.com": (),
}
_UNSAFE = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f]")


def absolute(link: str | None, base: str) -> str | None:
    """Resolve a link against its base; None unless the result is an http(s) address.

    White space inside is removed as browsers do (WHATWG URL), other characters that no
    address may hold are percent-encoded.
    """
    if not link:
        return None
    link = re.sub(r"[\t\r\n]+", "", link.strip())
    try:
        joined = urljoin(base, link)
        host = urlsplit(joined).hostname
    except ValueError:
        return None
    if not host or not _HTTP.match(joined):
        return None
    return _UNSAFE.sub(lambda m: quote(m[0]), joined)


def unwrap(link: str) -> tuple[str, bool]:
    """Return the article's own address, and whether it is still hidden behind a redirect.

    Aggregators' addresses that spell out their target (google.com/url?url=…, the older
    Google News ids, Yahoo's `…/*https://…`) are undone; of others only the fact is known.
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    if host not in _WRAPPERS:
        return link, False
    if host == "news.google.com" and "/articles/" in parts.path:
        inner = _google_news(parts.path)
        return (inner, False) if inner else (link, True)
    query = parse_qs(parts.query)
    for key in _WRAPPERS[host]:
        target = query.get(key, [""])[0]
        if _HTTP.match(target):
            return target, False
    starred = re.search(r"/\*(https?(?:://|%3A//?).+)$", link, re.I)
    if starred:
        return unquote(starred[1]), False
    yahoo = re.search(r"/RU=(https?%3a[^/]+)/", link, re.I)
    return (unquote(yahoo[1]), False) if yahoo else (link, True)


def _google_news(path: str) -> str | None:
    """Read the address inside an old Google News id; newer ids are opaque."""
    token = path.rsplit("/", 1)[-1].encode()
    try:
        raw = base64.urlsafe_b64decode(token + b"=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    found = re.search(rb"https?://[\x21-\x7e]+", raw)
    return found[0].decode("ascii") if found else None
