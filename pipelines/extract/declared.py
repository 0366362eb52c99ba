"""What a page declares about itself: JSON-LD, Open Graph, meta tags, microdata, lang.

Read before anything is cleaned. Nothing here is believed yet: later stages weigh these
claims against the text. Vocabulary: schema.org NewsArticle and kin, ogp.me, Dublin Core.
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

ARTICLE_TYPES = frozenset(
    "Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle "
    "OpinionNewsArticle ReportageNewsArticle ReviewNewsArticle AdvertiserContentArticle "
    "BlogPosting LiveBlogPosting SatiricalArticle ScholarlyArticle TechArticle Report "
    "SocialMediaPosting DiscussionForumPosting Review".split()
)
LARGEST_SCRIPT = 3_000_000
MOST_METAS, MOST_SCRIPTS, MOST_NODES = 2_000, 1_000, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The claims of one page; every string is collapsed white space, none is empty."""

    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ld: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    canonical: str | None = None

    def first(self, *names: str) -> str | None:
        """Content of the first of these meta names (or properties) that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                return value
        return None

    def ld_text(self, *names: str) -> str | None:
        """The first of these JSON-LD fields that holds text."""
        for name in names:
            for value in texts(self.ld.get(name)):
                return value
        return None

    @property
    def headline(self) -> str | None:
        """The headline that JSON-LD states."""
        return self.ld_text("headline", "name")

    @property
    def article_body(self) -> str:
        """The text that JSON-LD states, markup and all."""
        body = self.ld.get("articleBody")
        return body if isinstance(body, str) else ""

    @property
    def is_free(self) -> bool:
        """Whether the page says that anybody may read the article (schema.org default)."""
        return str(self.ld.get("isAccessibleForFree", True)).casefold() not in {"false", "no", "0"}

    @property
    def is_live(self) -> bool:
        """Whether this is a live blog."""
        return "LiveBlogPosting" in _types(self.ld)


def read_declared(tree: HtmlElement) -> Declared:
    """Collect every claim of a parsed page."""
    meta: dict[str, list[str]] = {}
    for node in islice(tree.iter("meta"), MOST_METAS):
        content = _plain(node.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (node.get(attribute) or "").strip().lower()
            if name and content:
                meta.setdefault(name, []).append(content)
    canonical = next(
        (link.get("href") for link in tree.iter("link") if _rel(link) == "canonical"), None
    )
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Declared(
        meta={name: tuple(values) for name, values in meta.items()},
        ld=_main_article(tree),
        language=one_line(language or "") or None,
        canonical=(canonical or "").strip() or None,
    )


def _plain(text: str | None) -> str:
    """What a claim says: publishers write `&amp;` where no markup is read, and twice in it."""
    return one_line(unescape(text) if text and "&" in text else text or "")


def texts(value: Any) -> Iterator[str]:
    """Every non-empty text in a JSON-LD value: a string, a list, an object with a name."""
    if isinstance(value, str):
        if line := _plain(value):
            yield line
    elif isinstance(value, list):
        for item in value[:100]:
            yield from texts(item)
    elif isinstance(value, dict):
        for key in ("name", "@value", "url"):
            if key in value and isinstance(value[key], str | list):
                yield from texts(value[key])
                return
        parts = (value.get(key) for key in ("givenName", "familyName"))
        if line := one_line(" ".join(part for part in parts if isinstance(part, str))):
            yield line


def _rel(link: HtmlElement) -> str:
    return (link.get("rel") or "").strip().lower()


def _types(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return {name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)}


def _main_article(tree: HtmlElement) -> dict[str, Any]:
    """The article node of the page's JSON-LD, or an empty one.

    Of several the one with the most fields that matter; listed teasers have few.
    """
    best: dict[str, Any] = {}
    worth = 0
    for script in islice(tree.iter("script"), MOST_SCRIPTS):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for document in read_json(script.text or ""):
            for node in _nodes(document):
                if not _types(node) & ARTICLE_TYPES:
                    continue
                score = _worth(node)
                if score > worth:
                    best, worth = _resolved(node, document), score
    return best


def _resolved(node: dict[str, Any], document: Any) -> dict[str, Any]:
    """The node with its people and publisher filled in where it only points to them."""
    named = {
        other["@id"]: other
        for other in _nodes(document)
        if isinstance(other.get("@id"), str) and "name" in other
    }

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(item) for item in value[:50]]
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return named.get(value["@id"], value)
        return value

    pointed: dict[str, Any] = {
        key: resolve(node[key]) for key in ("author", "creator", "publisher") if key in node
    }
    return {**node, **pointed}


def _worth(node: dict[str, Any]) -> int:
    fields = ("headline", "datePublished", "author", "publisher", "dateModified", "image")
    score = sum(bool(node.get(name)) for name in fields) + 2 * bool(node.get("articleBody"))
    return score + bool(node.get("mainEntityOfPage"))


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD document, outermost first, without recursion."""
    queue, seen = deque([document]), 0
    while queue and seen < MOST_NODES:
        value = queue.popleft()
        seen += 1
        if isinstance(value, dict):
            yield value
            queue.extend(
                inner
                for key, inner in value.items()
                if isinstance(inner, dict | list) and key not in {"liveBlogUpdate", "comment"}
            )
        elif isinstance(value, list):
            queue.extend(inner for inner in value if isinstance(inner, dict | list))


WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
UNWRAPPING = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$")
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
LONE_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleBody|description|inLanguage)"\s*:\s*'
    r'"((?:[^"\\]|\\.)*)"',
    re.DOTALL,
)


def read_json(text: str) -> list[Any]:
    """The JSON values in a script; broken JSON is mended, or mined for its main fields."""
    if not text.strip() or len(text) > LARGEST_SCRIPT:
        return []
    text = UNWRAPPING.sub("", WRAPPING.sub("", text)).strip().rstrip(";")
    mended = TRAILING_COMMA.sub(r"\1", LONE_ESCAPE.sub(r"\\\\", text))
    for candidate in (text, mended):
        try:
            return _values(candidate)
        except (ValueError, RecursionError):
            continue
    fields = {m[1]: unescape_json(m[2]) for m in reversed(list(FIELD.finditer(text)))}
    return [{"@type": "Article", **fields}] if "headline" in fields else []


def _values(text: str) -> list[Any]:
    """One value, or several one after the other, as some sites print them."""
    decoder = json.JSONDecoder(strict=False)
    values, at = [], 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return values


def unescape_json(text: str) -> str:
    """The inside of a JSON string as text; what is no JSON string comes back as it is."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
