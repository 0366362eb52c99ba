"""One address, however it is written: the URL key, the clean URL, the canonical claim."""

from __future__ import annotations

import hashlib
import html
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit, urlunsplit

from pipelines.tracking import is_tracking

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Hosts of many publishers that the public suffix list does not name.
_LANDLORDS = ("wordpress.com", "substack.com", "tumblr.com", "typepad.com", "livejournal.com")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What stands around an address in running text or markup (RFC 3986, appendix C).
_EDGES = re.compile(
    r"^(?:<!\[CDATA\[|[\x00-\x20\ufeff<\"])+|(?:\]\]>|<(?:/\w*>?)?|[\x00-\x20\">])+$", re.IGNORECASE
)
_NOISE = re.compile(r"[\x00-\x20\x7f\u200b\u200e\u200f\ufeff]+")
_DOUBLED_SCHEME = re.compile(r"^https?:[\\/]+(?=https?:[\\/])", re.IGNORECASE)
_SCHEME = re.compile(r"^(https?):[\\/]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# RFC 3986's, and the marks that RFC 2396 §2.3 counted among them: half of all libraries
# escape those still, and no server takes them for delimiters.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'()*")
_AMP_CACHE = re.compile(r"^/[cv]/(s/)?(?P<host>[^/]+\.[^/]+)(?P<path>/.*)?$")
# Addresses that only lead to another one: host and path, and the parameter that names it.
_REDIRECTORS = {
    "google.com/url": ("url", "q"),
    "facebook.com/l.php": ("u",),
    "l.facebook.com/l.php": ("u",),
    "facebook.com/sharer.php": ("u",),
    "facebook.com/sharer/sharer.php": ("u",),
    "twitter.com/share": ("url",),
    "twitter.com/intent/tweet": ("url",),
    "x.com/share": ("url",),
    "x.com/intent/tweet": ("url",),
}
_VARIANT = re.compile(r"(^|/)(amp|print|printable|mobile|m|full|single|all)(\.s?html?|/)?$", re.I)
# The root, an index page, a language's or a country's edition.
_FRONT = re.compile(r"(?:[a-z]{2}(?:[-_][a-z]{2})?)?/?(?:(?:index|default|home)(?:\.\w+)?)?", re.I)
_PAGE_NUMBER = re.compile(r"^/?(page[/_-]?)?\d{1,3}(\.s?html?)?/?$", re.IGNORECASE)


def url_key(url: str) -> str:
    """Return what an http(s) address is compared by: `host[:port]/path[?query]`.

    Scheme, `www.`, the scheme's default port, the fragment, a trailing slash and the listed
    tracking parameters go; the rest of the query is kept and sorted; the case of the path
    stays. A fragment that routes (`#!/a`, `#/a`) is kept, for there it is the address.
    Percent-encoding is brought to one form (RFC 3986 §6.2.2). An address of Google's AMP
    cache stands for the page it holds, a redirector's for the page it leads to. What is no
    http(s) address comes back stripped.
    """
    parts = _split(url)
    if parts is None:
        return url.strip()
    parts = _goal(_out_of_amp_cache(parts))
    path = re.sub(r"(?<!:)/{2,}", "/", _one_encoding(parts.path, "/:@!$&'()*+,;="))
    path = re.sub(r";jsessionid=[^/?]*", "", path, flags=re.IGNORECASE).rstrip("/&")
    query = "&".join(sorted(_kept(parts)))
    routing = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    key = _address(parts).removeprefix("www.") + (path or "/")
    return key + (f"?{query}" if query else "") + (f"#{routing}" if routing else "")


def key_hash(key: str) -> int:
    """Return 64 bits of a URL key, signed: what keys are looked up by.

    Among ten million keys, two share a hash with a chance of one in 400,000.
    """
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def clean_url(url: str) -> str:
    """Drop tracking parameters and the fragment; the address can still be fetched."""
    parts = _split(url)
    if parts is None:
        return url.strip()
    if len(kept := _kept(parts, encode=False)) == len(_parameters(parts)):
        query = parts.query
    else:
        query = "&".join(kept)
    routing = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit((parts.scheme, _address(parts), parts.path or "/", query, routing))


def same_site(a: str, b: str) -> bool:
    """Whether two addresses (or host names) share a registrable domain.

    `example.blogspot.com` and `other.blogspot.com` do not: the public suffix list knows
    who rents out subdomains. Addresses without one (IP, localhost) must be the same host.
    """
    first, second = site_of(a), site_of(b)
    return bool(first) and first == second


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """Return the registrable domain of an address or host name; without one, the host."""
    parts = _split(url if "/" in url else f"http://{url}")
    host = (_out_of_amp_cache(parts).hostname or "") if parts else ""
    host = host.removeprefix("www.")
    return _suffix_list()(host).top_domain_under_public_suffix or host


@cache
def _suffix_list() -> TLDExtract:
    """The snapshot that comes with tldextract: no network, nothing written to a cache."""
    # Late: it brings an HTTP client along, a third of what `show` or `search` takes to start.
    from tldextract import TLDExtract

    return TLDExtract(
        suffix_list_urls=(),
        cache_dir=None,
        include_psl_private_domains=True,
        extra_suffixes=_LANDLORDS,
    )


def canonical_url(page_url: str, claimed: str | None) -> str:
    """Say where the article lives: the page's own claim when it is to be believed.

    Believed on the same registrable domain only, and not when an article's page claims to
    be the front page or the section it is listed in (common in templates gone wrong).
    Otherwise the page's address, cleaned.
    """
    own = clean_url(page_url)
    if not claimed or not claimed.strip():
        return own
    page, claim = _split(page_url), _split(urljoin(page_url, claimed.strip()))
    if page is None or claim is None or not same_site(page.geturl(), claim.geturl()):
        return own
    if _is_front(claim) and not _is_front(page):
        return own
    if _is_section_of(claim, page):
        return own
    return clean_url(claim.geturl())


def _is_front(parts: SplitResult) -> bool:
    return bool(_FRONT.fullmatch(parts.path.strip("/"))) and not _kept(parts)


def _is_section_of(claim: SplitResult, page: SplitResult) -> bool:
    """Whether the claim is a folder above the page, and the rest no mere variant of it."""
    if claim.query or claim.path.rstrip("/") == page.path.rstrip("/"):
        return False
    folder = claim.path.rstrip("/") + "/"
    if not page.path.startswith(folder):
        return False
    rest = page.path[len(folder) :]
    return not (_VARIANT.search(rest) or _PAGE_NUMBER.match(rest))


def _split(url: str) -> SplitResult | None:
    """Split an http(s) address, the usual slips of the pen mended; None for others."""
    text = re.sub(r"(?<=\S) (?=\S)", "%20", _EDGES.sub("", url))
    text = _NOISE.sub("", text)
    text = html.unescape(text) if "&amp;" in text or "&#" in text else text
    text = _DOUBLED_SCHEME.sub("", text)
    if text.startswith("//"):
        text = f"http:{text}"
    text = _SCHEME.sub(lambda found: f"{found[1].lower()}://", text, count=1)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    if not usable or re.search(r"[\s|<>\"{}^`\\]", parts.netloc):
        return None
    return parts


def _address(parts: SplitResult) -> str:
    """Give the host in lower case and IDNA, with the port unless it is the scheme's own."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = host.lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port in (None, _DEFAULT_PORTS[parts.scheme]):
        return host
    return f"{host}:{parts.port}"


def _out_of_amp_cache(parts: SplitResult) -> SplitResult:
    """`www-example-com.cdn.ampproject.org/c/s/www.example.com/a` is `www.example.com/a`."""
    if not (parts.hostname or "").endswith(".cdn.ampproject.org"):
        return parts
    found = _AMP_CACHE.match(parts.path)
    if not found:
        return parts
    return parts._replace(netloc=found["host"], path=found["path"] or "/")


def _goal(parts: SplitResult) -> SplitResult:
    """Return the address that a redirector's address names; any other as it is."""
    names = _REDIRECTORS.get(_address(parts).removeprefix("www.") + parts.path)
    if names is None:
        return parts
    named = dict(parse_qsl(parts.query))
    goals = (_split(named[name]) for name in names if name in named)
    return next(filter(None, goals), parts)


def _parameters(parts: SplitResult) -> list[str]:
    return [part for part in parts.query.split("&") if part]


def _kept(parts: SplitResult, *, encode: bool = True) -> list[str]:
    """List the query's parameters without the tracking ones, in the order written."""
    kept = []
    for parameter in _parameters(parts):
        name, _, value = parameter.partition("=")
        if not is_tracking(name, value, parts.hostname or ""):
            plain = parameter.replace("+", "%20")
            kept.append(_one_encoding(plain, _QUERY) if encode else parameter)
    return kept


_QUERY = "/:@!$'()*,;=?"


def _one_encoding(text: str, safe: str) -> str:
    """Bring percent-encoding to one form: unreserved characters plain, hex digits in capitals."""

    def tidy(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return _ESCAPE.sub(tidy, quote(text, safe=safe + "%~"))
