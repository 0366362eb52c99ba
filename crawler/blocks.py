"""Who refused us: bot challenges, consent walls and login pages, named.

An answer of this kind is never "ok", whatever its status: several of them come with 200.
The marks are those of each product's own refusal page; a header or script that the product
puts on every page it protects does not count. Cloudflare's and AWS's headers are documented
(https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/,
https://docs.aws.amazon.com/waf/latest/APIReference/API_ChallengeAction.html); Imperva's,
Sucuri's, Knownsec's error image and Alibaba's error page are those that wafw00f knows them by
(https://github.com/EnableSecurity/wafw00f); the others are the words that these pages showed
when they were last seen, and may change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOK_AT = 65_536
REFUSING = (401, 403, 405, 406, 407, 418, 451)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A blocker's name and what its page says: all of `body` (lower case), or a header."""

    name: str
    body: tuple[bytes, ...] = ()
    header: tuple[str, str] | None = None


_MARKS = (
    _Mark("Cloudflare", header=("cf-mitigated", "challenge")),
    _Mark("Cloudflare", (b"<title>just a moment...</title>",)),
    _Mark("Cloudflare", (b"<title>attention required! | cloudflare</title>",)),
    _Mark("Cloudflare", (b"cf-error-details", b"sorry, you have been blocked")),
    _Mark("Cloudflare", (b"error code: 1020",)),
    _Mark("DataDome", (b"captcha-delivery.com",)),
    _Mark("Akamai", (b"access denied", b"edgesuite.net")),
    _Mark("Akamai", (b"access denied", b"reference&#32;&#35;")),
    _Mark("Imperva", (b"_incapsula_resource", b"incident")),
    _Mark("Imperva", (b"incapsula incident id",)),
    _Mark("HUMAN", (b"px-captcha",)),
    _Mark("AWS WAF", header=("x-amzn-waf-action", "")),
    _Mark("AWS WAF", (b"awswaf.com", b"challenge")),
    _Mark("Sucuri", (b"sucuri website firewall", b"access denied")),
    _Mark("Sucuri", header=("x-sucuri-block", "")),
    _Mark("DDoS-Guard", (b"ddos-guard", b"checking your browser")),
    _Mark("Anubis", (b"making sure you&#39;re not a bot",)),
    _Mark("Anubis", (b"making sure you're not a bot",)),
    _Mark("Alibaba Cloud", (b"acw_sc__v2", b"<script")),
    _Mark("Alibaba Cloud", (b"_____tmd_____/punish",)),
    _Mark("Alibaba Cloud", (b"errors.aliyun.com",)),
    _Mark("Knownsec", (b"__jsl_clearance",)),
    _Mark("Knownsec", (b"ks-waf-error.png",)),
    _Mark("Google", (b"our systems have detected unusual traffic",)),
    _Mark("consent wall", (b"consent.yahoo.com", b"<form")),
    _Mark("consent wall", (b"guce.", b"collectconsent")),
    _Mark("consent wall", (b"consent.google.", b"before you continue")),
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.DOTALL)
_PASSWORD = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password")
_CONSENT = re.compile(
    r"\b(cookie|privacy|consent|before you continue|gdpr|datenschutz|cookies)\b|隐私|同意"
)
_AGREE = re.compile(
    r"accept all|agree and|i agree|alle akzeptieren|tout accepter|全部接受|接受所有"
)
_LOGIN = re.compile(
    r"\b(log ?in|sign ?in|log ?on|anmelden|connexion|iniciar sesión)\b|登录|登入|登錄"
)


def name_blocker(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name what stands between us and the document, or None if nothing does.

    Args:
        status: the HTTP status.
        headers: names in any case.
        body: the body, decompressed; only its beginning is looked at.

    Returns:
        A product's name, "consent wall", "login page", or "HTTP 403" (401, 406, ...) where
        nobody in particular can be named.
    """
    text = body[:LOOK_AT].lower()
    lower = {name.lower(): value.lower() for name, value in headers.items()}
    for mark in _MARKS:
        if mark.header is not None and _has_header(lower, *mark.header):
            return mark.name
        if mark.body and all(part in text for part in mark.body):
            return mark.name
    if status == 401:
        return "login page"
    if status == 403 and "akamaighost" in lower.get("server", ""):
        return "Akamai"
    return _wall(text) or (f"HTTP {status}" if status in REFUSING else None)


def _has_header(headers: Mapping[str, str], name: str, value: str) -> bool:
    return value in headers.get(name, "") if name in headers else False


def _wall(text: bytes) -> str | None:
    """A page that is all consent or all login, by its title and its form."""
    found = _TITLE.search(text)
    title = found[1].decode("utf-8", errors="replace") if found else ""
    if _PASSWORD.search(text) and _LOGIN.search(title):
        return "login page"
    if _CONSENT.search(title) and _AGREE.search(text.decode("utf-8", errors="replace")):
        return "consent wall"
    return None
