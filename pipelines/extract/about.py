"""What page, feed and catalogue state about an article beside its text, weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipelines.extract.declared import texts

if TYPE_CHECKING:
    from pipelines.extract.declared import Declared
    from pipelines.extract.people import People
    from pipelines.items import Hints


def site_names(declared: Declared, hints: Hints, url: str) -> list[str]:
    """The names that this site goes by: none of them is a headline or an author."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = [*hints.suffixes, hints.source.name, hints.source.domain, host, host.split(".")[0]]
    names += [*host.split(".")[-2:-1], hints.entry.publisher or ""]
    names += [declared.first("og:site_name", "application-name") or ""]
    names += texts(declared.ld.get("publisher"))
    return [name for name in names if name]


def true_publisher(people: People, declared: Declared, hints: Hints) -> str:
    """The true publisher: the one the text credits, else the feed, the page, the source."""
    stated = declared.ld_text("sourceOrganization", "publisher")
    if stated and stated.startswith("http"):
        stated = None
    return people.publisher or hints.entry.publisher or stated or hints.source.name


def stated_image(declared: Declared, url: str) -> str | None:
    """The article's own picture as an absolute link."""
    found = declared.first("og:image", "og:image:url", "twitter:image")
    try:
        link = urljoin(url, found) if found else ""
    except ValueError:
        return None
    return link if link.startswith(("http://", "https://")) else None


def stated_tags(declared: Declared, hints: Hints) -> tuple[str, ...]:
    """Keywords of feed and page, each once, at most 40."""
    found: dict[str, None] = dict.fromkeys(hints.entry.categories)
    claims = [*texts(declared.ld.get("keywords")), *declared.meta.get("article:tag", ())]
    claims += declared.meta.get("news_keywords", ())[:1]
    for claim in claims:
        for tag in claim.replace("，", ",").split(","):
            if 1 < len(tag.strip()) <= 60:
                found.setdefault(tag.strip())
    return tuple(found)[:40]
