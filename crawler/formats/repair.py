"""XML that publishers broke → XML that can be read (XML 1.0, §2.2 and §4.1)."""

from __future__ import annotations

import html.entities
import re
from xml.parsers import expat

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,400}?\?>", re.S)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
_LITERAL = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[<>]*(?:\[[^\]<]*(?:<[!?][^<>]*>[^\]<]*)*\]\s*)?>)",
    re.S,
)
_AMPERSAND = re.compile(r"&(?:(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][\w.-]*);)?")
_BUILT_IN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_STRAY_LESS = re.compile(r"<(?=[\s\d=<]|$)")
DEEPEST = 200


class TooDeep(Exception):
    """Elements nested deeper than any feed nests them."""


def without_declaration(text: str) -> str:
    """Drop an XML declaration, which lies once the bytes have been decoded."""
    return _DECLARATION.sub("", text, count=1)


def without_element(text: str, name: str) -> str:
    """Cut every element of that qualified name out, in one pass over the text."""
    kept, at = [], 0
    while (start := text.find(f"<{name}", at)) >= 0:
        head = text.find(">", start)
        end = text.find(f"</{name}", head)
        stop = text.find(">", end)
        if -1 in (head, end, stop):
            break
        empty = text[head - 1] == "/"
        kept.append(text[at : head + 1 if empty else start])
        at = head + 1 if empty else stop + 1
    return "".join(kept) + text[at:]


def printable(text: str) -> str:
    """Drop the characters that XML 1.0 forbids, and references to them."""
    return _FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", text))


def fault_of(text: str) -> str | None:
    """Say what keeps a text from being well-formed XML, in one line; None if nothing does.

    Raises TooDeep. The check itself is bounded: expat limits what entities expand to.
    """
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise TooDeep

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return f"not well-formed: {error}"
    return None


def mended(text: str) -> str:
    """Escape bare ampersands and stray `<`, and spell out HTML's entities, outside CDATA."""
    parts = _LITERAL.split(text)
    for number in range(0, len(parts), 2):
        piece = _AMPERSAND.sub(_reference, parts[number])
        parts[number] = _STRAY_LESS.sub("&lt;", piece)
    return "".join(parts)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;" + found[0][1:]
    if name.startswith("#") or name in _BUILT_IN:
        return found[0]
    character = html.entities.html5.get(name + ";")
    if character is None:
        return "&amp;" + found[0][1:]
    return "".join(f"&#{ord(c)};" for c in character)
