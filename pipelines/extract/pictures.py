"""The pictures of an article: where they stand between its lines, and what is under them."""

from __future__ import annotations

import re
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

SOURCES = ("data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset")
"""Where the address stands; pages that load late hold a placeholder in `src`."""
LEAST_SIDE = 100
"""Pixels of a side below which a picture is an icon or a counter."""
MOST = 60
NEAREST = 5
ASIDE = frozenset(("aside", "nav", "footer", "form", "button"))
NOT_IT = re.compile(
    r"avatar|author|byline|logo|icon|share|social|promo|related|teaser|advert|\bads?\b|emoji|"
    r"pixel|qr-?code|appendqr|thumb-?list|recommend",
    re.IGNORECASE,
)


def pictures(units: Sequence[HtmlElement]) -> dict[HtmlElement | None, list[HtmlElement]]:
    """The pictures that stand before each of these elements, in page order.

    `units` say the lines of an article. Pictures before the first of them count if they are
    figures beside it, those after the last never do.
    """
    found: dict[HtmlElement | None, list[HtmlElement]] = {}
    if not units:
        return found
    wanted = set(units)
    last = set(units[-1].iterancestors())
    container = next((node for node in units[0].iterancestors() if node in last), None)
    waiting: list[HtmlElement] = []
    seen: set[str] = set()
    for node in container.iter() if container is not None else ():
        if node in wanted:
            found.setdefault(node, []).extend(waiting)
            waiting = []
        elif node.tag == "img" and len(seen) < MOST and _belongs(node, wanted):
            address = _address(node)
            if address and address not in seen and (found or _figure(node) is not None):
                waiting.append(node)
                seen.add(address)
    return found


def written(picture: HtmlElement) -> str:
    """A picture with the caption of its figure as HTML."""
    figure = _figure(picture)
    caption = figure.find(".//figcaption") if figure is not None else None
    words = " ".join(caption.text_content().split()) if caption is not None else ""
    under = f"<figcaption>{escape(words, quote=False)}</figcaption>" if words else ""
    source, alt = escape(_address(picture)), escape(picture.get("alt") or "")
    return f'<figure><img src="{source}" alt="{alt}">{under}</figure>'


def _figure(picture: HtmlElement) -> HtmlElement | None:
    above = islice(picture.iterancestors(), NEAREST)
    return next((node for node in above if node.tag == "figure"), None)


def _address(picture: HtmlElement) -> str:
    """The link of a picture as the page states it; empty where there is none."""
    for name in SOURCES:
        value = (picture.get(name) or "").strip()
        if value and not value.startswith(("data:", "blob:")):
            return value.split(",")[0].split()[0] if "srcset" in name else value
    return ""


def _belongs(picture: HtmlElement, wanted: set[HtmlElement]) -> bool:
    """Whether a picture illustrates the article: no icon, and in no box beside it."""
    for side in ("width", "height"):
        size = (picture.get(side) or "").removesuffix("px")
        if size.isdecimal() and int(size) < LEAST_SIDE:
            return False
    near = (picture, *islice(picture.iterancestors(), NEAREST))
    return not any(
        node in wanted
        or node.tag in ASIDE
        or (at < 3 and NOT_IT.search(f"{node.get('class')} {node.get('id')}"))
        for at, node in enumerate(near)
    )
