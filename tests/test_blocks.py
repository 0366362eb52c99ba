"""Who refused: the right name for each refusal, and none for an honest page."""

from __future__ import annotations

import pytest

from crawler.blocks import name_blocker

CHALLENGE = b"<html><head><title>Just a moment...</title></head><body>Enable cookies</body></html>"
ARTICLE = (
    b"<html><head><title>Rates rise</title></head><body><p>The bank raised rates.</p>%s</body>"
)


@pytest.mark.parametrize(
    ("status", "headers", "body", "name"),
    [
        (403, {"CF-Mitigated": "challenge"}, b"", "Cloudflare"),
        (503, {"Server": "cloudflare"}, CHALLENGE, "Cloudflare"),
        (200, {}, CHALLENGE, "Cloudflare"),
        (403, {}, b'<script src="https://ct.captcha-delivery.com/c.js"></script>', "DataDome"),
        (
            403, {"Server": "AkamaiGHost"},
            b"<title>Access Denied</title> Reference #18.0 https://errors.edgesuite.net/18.0",
            "Akamai",
        ),
        (200, {}, b"<iframe src='/_Incapsula_Resource?x'>incident ID: 1</iframe>", "Imperva"),
        (405, {"x-amzn-waf-action": "captcha"}, b"", "AWS WAF"),
        (200, {}, b"<html><script>var arg1='A';document.cookie='acw_sc__v2='+x</script></html>",
         "Alibaba Cloud"),
        (405, {}, b"<script src='//errors.aliyun.com/error.js'></script>", "Alibaba Cloud"),
        (405, {}, b"", "HTTP 405"),
        (200, {}, b"Request unsuccessful. Incapsula incident ID: 7-1", "Imperva"),
        (403, {"X-Sucuri-Block": "BLK"}, b"", "Sucuri"),
        (200, {}, b"<img src='/ks-waf-error.png'>", "Knownsec"),
        (521, {}, b"<script>document.cookie='__jsl_clearance=1'</script>", "Knownsec"),
        (
            200, {},
            b"<title>Your privacy choices</title><form><button>Accept all</button></form>",
            "consent wall",
        ),
        (200, {}, "<title>登录</title><input type='password'>".encode(), "login page"),
        (200, {}, b"<title>Sign in - Desk</title><input name=p type=password>", "login page"),
        (401, {}, b"", "login page"),
        (403, {}, b"no", "HTTP 403"),
        (406, {}, b"", "HTTP 406"),
    ],
)  # fmt: skip
def test_a_refusal_is_named(status: int, headers: dict[str, str], body: bytes, name: str) -> None:
    assert name_blocker(status, headers, body) == name


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"Server": "cloudflare", "CF-RAY": "1"}, ARTICLE % b""),
        (200, {"X-DataDome": "protected"}, ARTICLE % b""),
        (
            200,
            {},
            ARTICLE % b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        ),
        (200, {}, ARTICLE % b"<form action='/login'><input type='password'></form>"),
        (200, {}, ARTICLE % b"<div>We use cookies. <button>Accept all</button></div>"),
        (200, {}, b"<rss><channel><title>Privacy law news</title></channel></rss>"),
        (404, {}, b"not here"),
        (500, {}, b"oops"),
    ],
)
def test_an_honest_answer_is_nobodys_block(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    assert name_blocker(status, headers, body) is None
