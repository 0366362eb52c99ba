"""What a headline's prefix and an editor's note say of a story's version.

Corrections, updates and withdrawals become flags; for comparing, the prefixes go.
Tags in the manner of the news agencies (UPDATE 1-, CORRECTED-, RPT-), as seen in real
headlines, and their usual Chinese counterparts; no agency's list was followed to the letter.
"""

from __future__ import annotations

import re

# (flag, pattern at the beginning of a title). A number after UPDATE or WRAPUP is kept.
_PREFIXES = (
    ("update", r"UPDATE\s*(?P<n>\d+)?\s*[-–—:]"),
    ("wrapup", r"WRAP-?UP\s*(?P<n2>\d+)?\s*[-–—:]"),
    (
        "corrected",
        r"(?:CORRECTED|CORRECTION|CORRECTING|\(CORRECTED\))\s*(?:\([^)]{0,40}\)\s*)?[-–—:]",
    ),
    ("corrected", r"[【\[(（]?\s*(?:更正|勘误|订正)\s*(?:[】\])）]|[:：])"),
    ("refile", r"REFILE\s*[-–—:]"),
    ("withdrawn", r"(?:STORY\s+WITHDRAWN|WITHDRAWN|KILL(?:ED)?|RETRACTION|RETRACTED)\s*[-–—:]"),
    ("withdrawn", r"[【\[(（]\s*(?:撤稿|撤回|作废)\s*[】\])）]|(?:撤稿|撤回声明)\s*[:：]"),
    ("repeat", r"(?:RPT|REPEAT)\s*[-–—:]"),
    ("alert", r"(?:ALERT|FLASH|URGENT|BREAKING(?: NEWS)?)\s*[-–—:]|\*{1,3}(?=[A-Z0-9])"),
    ("alert", r"[【\[(（]\s*(?:快讯|突发|快报|速报)\s*[】\])）]|(?:快讯|突发|速报)\s*[:：|｜]"),
    ("brief", r"BRIEF\s*[-–—:]"),
    ("update", r"[【\[(（]\s*(?:更新|最新)\s*[】\])）]|更新\s*[:：]"),
    ("exclusive", r"EXCLUSIVE\s*[-–—:]|[【\[(（]\s*独家\s*[】\])）]|独家\s*[:：|｜]"),
    ("analysis", r"ANALYSIS\s*[-–—:]"),
)
_AT_HEAD = tuple((flag, re.compile(rf"^\s*(?:{pattern})\s*")) for flag, pattern in _PREFIXES)

_NOTES = (
    (
        "corrected",
        re.compile(
            r"(?:this|an? (?:earlier|previous)) (?:story|article|report|version)[^.\n]{0,60}"
            r"(?:has been|was|is) corrected|^\s*\(?correct(?:s|ion|ed)\b[:\s]|"
            r"(?:an? (?:earlier|previous) version)[^.\n]{0,80}(?:misstated|incorrectly|"
            r"misidentified|misspelled|stated wrongly)|"
            r"^\s*(?:更正|勘误|订正)(?:说明|启事)?\s*[:：]|"
            r"(?:此前|之前|早前)(?:的)?(?:报道|版本|稿件)[^。\n]{0,30}(?:有误|更正)",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        "update",
        re.compile(
            r"(?:this|the) (?:story|article|report) (?:has been|was) updated|"
            r"^\s*\((?:updates|adds|recasts|recasting|writes through)\b[^)\n]{0,160}\)",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        "withdrawn",
        re.compile(
            r"(?:this|the) (?:story|article|report)(?: [^.\n]{0,60})? (?:has been|was|is)"
            r" (?:withdrawn|retracted|removed|taken down)|^\s*story withdrawn\b|"
            r"(?:本文|该文|此稿|该报道|文章)(?:已|现已|已被)(?:撤稿|撤回|撤下|删除|下架)",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
)
# Notes stand at the head or the tail; the prose in between may speak of other stories.
_HEAD, _TAIL = 400, 600
# A whole text this short that says "removed" is the notice, not an article about one.
_NOTICE = 1200


def strip_prefixes(title: str) -> str:
    """Drop the wire's prefixes: `UPDATE 2-CORRECTED-Acme falls` is `Acme falls`."""
    return _peel(title)[1]


def wire_flags(title: str | None, text: str = "") -> tuple[str, ...]:
    """Return the flags that a title's prefixes and an editor's note stand for, in order.

    `update` and `wrapup` carry their number where the wire gives one: `update-2`.
    """
    flags = list(_peel(title or "")[0])
    edges = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    for flag, pattern in _NOTES:
        if flag == "withdrawn" and len(text) > _NOTICE:
            continue
        if pattern.search(edges):
            flags.append(flag)
    return tuple(dict.fromkeys(flags))


def _peel(title: str) -> tuple[tuple[str, ...], str]:
    flags: list[str] = []
    rest = title
    while True:
        for flag, pattern in _AT_HEAD:
            if (found := pattern.match(rest)) and found.end() < len(rest.rstrip()):
                groups = found.groupdict()
                number = groups.get("n") or groups.get("n2")
                flags.append(f"{flag}-{number}" if number else flag)
                rest = rest[found.end() :]
                break
        else:
            return tuple(dict.fromkeys(flags)), rest.strip()
