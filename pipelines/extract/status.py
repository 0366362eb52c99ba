"""What became of the article: whole, walled, blocked, empty. Told honestly.

A wall is believed when something says so: the page's own `isAccessibleForFree`, or the
words of a wall beside a text that is short, or shorter than what the feed already gave.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.extract.declared import Declared
    from pipelines.items import ArticleStatus, Page

SHORT = 1200
"""Characters (Chinese counts threefold) above which a text is no teaser."""
SENTENCE = 25
"""What is shorter is no text but a leftover button."""

WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock)|(?:to )?(?:continue|keep) reading[,.]? .{0,40}"
    r"(?:subscri|sign|log)|this (?:article|content|story) is (?:for|reserved for|only available to) "
    r"(?:our )?(?:subscribers|members)|already a subscriber|subscriber[- ]only|exclusive to subscribers|"
    r"(?:diesen artikel|jetzt) (?:weiterlesen|freischalten)|nur für abonnenten|bereits abonnent|"
    r"réservé aux abonnés|article réservé|contenido exclusivo para suscriptores|solo para suscriptores|"
    r"contenuto riservato agli abbonati|(?:本文|此文章?|内容)(?:为|是)?付费|付费(?:阅读|订阅)后|订阅后(?:阅读|继续)|"
    r"登录后(?:阅读|查看)全文|会員限定|有料会員|この記事は会員",
    re.IGNORECASE,
)
CHALLENGE = re.compile(
    r"checking your browser before|just a moment\.\.\.|verify (?:that )?you are (?:a )?human|"
    r"enable javascript and cookies to continue|access denied|attention required! \| cloudflare|"
    r"are you a robot|unusual traffic from your|request unsuccessful\. incapsula|"
    r"安全验证|访问过于频繁|请完成.{0,6}验证|人机验证",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"before you continue to|we (?:and our partners )?(?:use|value|store).{0,60}(?:cookies|privacy)|"
    r"mit werbung weiterlesen|zustimmung erforderlich|accept(?:er)? (?:all )?(?:et continuer|cookies)|"
    r"continuer sans accepter|your privacy choices",
    re.IGNORECASE,
)
WIDE = re.compile("[\u2e80-\U0010ffff]+")


def judge(
    page: Page,
    declared: Declared,
    *,
    text: str,
    visible: str,
    feed_text: str = "",
    canonical_home: bool = False,
) -> tuple[ArticleStatus, tuple[str, ...]]:
    """Return the status of an article and its flags.

    `text` is the cleaned body, `visible` all the page's text, `feed_text` what the feed
    itself gives of the article.
    """
    flags = ("live blog",) if declared.is_live else ()
    weight = weigh(text)
    if page.status in {401, 403, 429, 503} or (weight < SHORT and CHALLENGE.search(visible[:3000])):
        return "blocked", flags
    if weight < 300 and CONSENT.search(visible[:3000]):
        return "blocked", (*flags, "consent wall")
    if weigh(text) < SENTENCE:
        return "empty", flags
    if weight < SHORT and (not declared.is_free or WALL.search(visible)):
        return "paywalled", flags
    return "full", flags


def outweighs(feed: int, page: int) -> bool:
    """Whether the feed's own text is clearly more than the page's, by their weights."""
    return feed > 1.2 * page + 100


def weigh(text: str) -> int:
    """Length of a text in Latin characters: a Han, kana or Hangul character counts three."""
    return len(text) + 2 * len("".join(WIDE.findall(text)))
