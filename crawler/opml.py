"""OPML ↔ feeds (opml.org, 2.0), and the malformed OPML that people really have.

Folders are categories. What OPML has no attribute for travels in a namespace of ours, so
that a catalogue survives the round trip; cookies, proxies and other credentials stay home.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, cast, get_args
from urllib.parse import urlsplit

from lxml import etree

from crawler.addresses import RSSHUB, feed_url
from crawler.formats.repair import mended, printable, without_declaration
from crawler.formats.text import local_name
from pipelines.characters import one_line
from pipelines.dates.zones import place
from pipelines.encoding import decode
from pipelines.errors import CatalogueError
from pipelines.items import Feed, FeedKind, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OURS = "urn:broadtape"
_OUTLINE = re.compile(r"""(?is)<outline\b((?:\s*[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_SECRET = ("cookie", "authorization", "proxy-authorization")


def read_opml(body: bytes, file: str) -> tuple[Feed, ...]:
    """Read every outline that has a feed's address; each address once.

    Broken XML is mended; outlines without a usable address are passed over. Raises
    CatalogueError where the file is no OPML at all.
    """
    text = decode(body, None).text
    if not re.search(r"(?i)<(?:opml|outline)\b", text):
        raise CatalogueError(f"{file}: not an OPML file", "export the list of feeds as OPML")
    text = _OUTLINE.sub(_escaped, mended(printable(without_declaration(text))))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise CatalogueError(f"{file}: not an OPML file", "export the list of feeds as OPML")
    feeds: dict[str, Feed] = {}
    for outline, folders in _outlines(root, ()):
        feed = _feed(outline, folders)
        if feed is not None:
            feeds.setdefault(feed.url, feed)
    return tuple(feeds.values())


def _escaped(found: re.Match[str]) -> str:
    """Escape the markup that people leave inside an outline's attributes."""
    attributes = found[1].replace("<", "&lt;").replace(">", "&gt;")
    return f"<outline{attributes}{found[2]}>"


def _outlines(
    element: etree._Element, folders: tuple[str, ...]
) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Walk the tree; outlines that have children, and no address, are folders."""
    for child in element.iterchildren(etree.Element):
        if local_name(child) != "outline":
            yield from _outlines(child, folders)
            continue
        attributes = {_key(name): str(value).strip() for name, value in child.attrib.items()}
        yield attributes, folders
        name = attributes.get("title") or attributes.get("text")
        inner = folders if attributes.get("xmlurl") or not name else (*folders, one_line(name))
        yield from _outlines(child, inner)


def _key(name: str | bytes) -> str:
    name = str(name)
    return "ours:" + name.split("}")[1] if name.startswith(f"{{{_OURS}}}") else name.lower()


def _feed(outline: dict[str, str], folders: tuple[str, ...]) -> Feed | None:
    address = outline.get("xmlurl") or ""
    if not address and outline.get("type", "").lower() in ("rss", "atom", "link", "feed"):
        address = outline.get("url", "")
    try:
        url = feed_url(html.unescape(address)) if address else ""
    except CatalogueError:
        return None
    if not url:
        return None
    name = outline.get("text") or outline.get("title") or urlsplit(url).hostname or url
    category = outline.get("category", "").split(",")[0].strip("/ ") or "/".join(folders)
    kind = outline.get("ours:kind", "auto")
    if url.startswith(RSSHUB):
        kind = "rsshub"
    return Feed(
        url=url,
        name=one_line(re.sub(r"<[^<>]*>", "", name)),
        source=_source(outline, url, name),
        kind=cast("FeedKind", kind if kind in get_args(FeedKind) else "auto"),
        category=category or None,
        enabled=outline.get("ours:enabled") != "false",
    )


def _source(outline: dict[str, str], url: str, name: str) -> Source:
    try:
        host = urlsplit(outline.get("htmlurl") or url).hostname or urlsplit(url).hostname or ""
    except ValueError:
        host = urlsplit(url).hostname or ""
    zone = outline.get("ours:timezone")
    extras = _extras(outline.get("ours:extras"))
    return Source(
        name=outline.get("ours:source") or one_line(re.sub(r"<[^<>]*>", "", name)),
        domain=outline.get("ours:domain") or host.removeprefix("www."),
        language=outline.get("language") or None,
        region=outline.get("ours:region"),
        timezone=zone if zone and place(zone) else None,
        zone_is_wrong=extras.get("zone_is_wrong") is True,
        delay_s=_number(extras.get("delay_s")),
        min_interval_s=int(_number(extras.get("min_interval_s")) or 0) or None,
        headers=_strings(extras.get("headers")),
        prune=tuple(p for p in extras.get("prune", ()) if isinstance(p, str)),
        needs_contact=extras.get("needs_contact") is True,
    )


def _extras(text: str | None) -> dict[str, Any]:
    try:
        extras = json.loads(text or "{}")
    except ValueError:
        return {}
    return extras if isinstance(extras, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and value > 0 else None


def _strings(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def write_opml(feeds: Iterable[Feed], *, title: str = "Broadtape") -> str:
    """Write feeds as OPML 2.0, a folder per category."""
    root = etree.Element("opml", version="2.0", nsmap={"broadtape": _OURS})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str | None, etree._Element] = {None: body}
    for feed in feeds:
        if feed.category not in folders:
            folders[feed.category] = etree.SubElement(
                body, "outline", text=str(feed.category), title=str(feed.category)
            )
        etree.SubElement(folders[feed.category], "outline", _attributes(feed))
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode("utf-8")


def _attributes(feed: Feed) -> dict[str, str]:
    source = feed.source
    headers = {k: v for k, v in source.headers.items() if k.lower() not in _SECRET}
    extras = {
        "zone_is_wrong": source.zone_is_wrong,
        "delay_s": source.delay_s,
        "min_interval_s": source.min_interval_s,
        "headers": headers,
        "prune": list(source.prune),
        "needs_contact": source.needs_contact,
    }
    told = {key: value for key, value in extras.items() if value}
    attributes = {
        "type": "rss",
        "text": feed.name,
        "title": feed.name,
        "xmlUrl": feed.url,
        "htmlUrl": f"https://{source.domain}/",
        "language": source.language,
        f"{{{_OURS}}}source": source.name,
        f"{{{_OURS}}}domain": source.domain,
        f"{{{_OURS}}}region": source.region,
        f"{{{_OURS}}}timezone": source.timezone,
        f"{{{_OURS}}}kind": feed.kind if feed.kind != "auto" else None,
        f"{{{_OURS}}}enabled": None if feed.enabled else "false",
        f"{{{_OURS}}}extras": json.dumps(told, ensure_ascii=False) if told else None,
    }
    return {key: printable(value) for key, value in attributes.items() if value}
