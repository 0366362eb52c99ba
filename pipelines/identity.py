"""What makes two things the same: keys of entries and hashes of texts.

Addresses are in `pipelines.urls`, the signature that finds similar texts in
`pipelines.signature`; both are re-exported here, the one door to identity.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.items import SHARED_LINK
from pipelines.signature import SIGNATURE_VERSION, bands, shingles
from pipelines.urls import canonical_url, clean_url, same_site, site_of, url_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipelines.items import Entry, KeyKind

__all__ = [
    "SIGNATURE_VERSION",
    "bands",
    "canonical_url",
    "clean_url",
    "distinct_entries",
    "entry_hash",
    "entry_key",
    "fold",
    "guids_are_weak",
    "links_are_weak",
    "same_site",
    "shingles",
    "site_of",
    "text_hash",
    "url_key",
]

# Above this share of a document's entries, a key that repeats is no key.
WEAK_SHARE = 0.05

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ＇「」『』“”„‟″«»‹›〝〞＂", "'"),
        '"': "'",
        "…": "...",
        "–": "-",
        "—": "-",
    }
)
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Bring to one form texts that differ in Unicode form, white space, quotes or dashes only.

    White space at a line's end, empty lines and the width of a space go; so does a space
    beside a Chinese, Japanese or Korean character. Letter case stays.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(_QUOTES)))
    plain = plain.translate(_QUOTES).replace("''", "'")
    return _BESIDE_CJK.sub("", _SPACE.sub(" ", plain)).strip()


_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")


def text_hash(text: str | None, title: str | None = None) -> str:
    """64 bits (hex) of the folded text; of the title where there is no text; "" of neither.

    Two articles with one text have one hash whatever their titles are. Among ten million
    texts two different ones share a hash with a chance of one in 400,000.
    """
    if text and (folded := fold(text)):
        return _digest(folded)
    if title and (folded := fold(title)):
        return _digest("\x00title\x00" + folded)
    return ""


def entry_hash(entry: Entry) -> str:
    """Hash what makes an entry changed: title, link and summary. Dates are left out."""
    link = url_key(entry.link) if entry.link else ""
    return _digest("\x00".join((fold(entry.title or ""), link, fold(entry.summary or ""))))


def entry_key(
    entry: Entry, *, trust_guids: bool = True, trust_links: bool = True
) -> tuple[str, KeyKind]:
    """Name an entry within its feed: by guid, else link, else title and date.

    A guid that is the entry's own link (a fragment that counts edits aside) says no more
    than the link, so the link it is, as its hash. An entry without anything still gets a key,
    from all that it has.
    """
    link = url_key(entry.link) if entry.link else ""
    guid = (entry.guid or "").strip()
    if trust_guids and guid and not (link and url_key(guid) == link):
        return guid, "guid"
    if trust_links and link:
        return _digest(link), "link"
    title = fold(entry.title or "") or fold(entry.summary or "")[:200] or guid or link
    return _digest(f"{title}\x00{entry.published_raw or ''}"), "title"


def guids_are_weak(entries: Sequence[Entry], known: dict[str, str] | None = None) -> bool:
    """Whether a feed's guids are not to be trusted.

    `entries` is one document. More than 5 % of its entries share a guid with another entry
    that is another article; or more than 5 % come under a guid other than the one their
    link had before, where `known` says so (URL key of a link -> guid).
    """
    if _repeats(entries, lambda entry: (entry.guid or "").strip()):
        return True
    if not known:
        return False
    links = [(url_key(entry.link), entry.guid) for entry in entries if entry.link and entry.guid]
    met = [(known[link], guid) for link, guid in links if link in known]
    moved = sum(before != now for before, now in met if url_key(before) != url_key(now))
    return moved > WEAK_SHARE * len(entries)


def links_are_weak(entries: Sequence[Entry]) -> bool:
    """Whether the links of a document do not tell its articles apart (one status page)."""
    return _repeats(entries, lambda entry: url_key(entry.link) if entry.link else "")


def distinct_entries(
    entries: Iterable[Entry], *, trust_guids: bool = True, trust_links: bool = True
) -> dict[tuple[str, KeyKind], Entry]:
    """Key a document's entries, in its order; the first counts where one is listed twice.

    An entry known by its title alone whose link is another's too is flagged `SHARED_LINK`.
    """
    found: dict[tuple[str, KeyKind], Entry] = {}
    for entry in entries:
        found.setdefault(entry_key(entry, trust_guids=trust_guids, trust_links=trust_links), entry)
    links = Counter(url_key(entry.link) for entry in found.values() if entry.link)
    for (key, kind), entry in found.items():
        if kind == "title" and entry.link and links[url_key(entry.link)] > 1:
            found[key, kind] = replace(entry, flags=(*entry.flags, SHARED_LINK))
    return found


def _repeats(entries: Sequence[Entry], key_of: Callable[[Entry], str]) -> bool:
    """Whether over 5 % of the entries repeat the key of an entry that is another article.

    The same article listed twice (same link and, but for case and spacing, same title, or
    the same title and date) is a repetition of the article, not of the key.
    """
    groups: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for entry in entries:
        if key := key_of(entry):
            link = url_key(entry.link) if entry.link else ""
            date = (entry.published_raw or "").strip()
            groups[key].add((link, fold(entry.title or "").casefold(), date))
    surplus = sum(len(articles) - 1 for articles in groups.values())
    return surplus > WEAK_SHARE * len(entries)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
