"""What a person typed, as an FTS5 expression.

    word  "a phrase"  begin*  title:word  text:"a phrase"  title:(a OR b)
    a b = a AND b     a OR b     a NOT b = a -b     (a OR b) c

Operators are in capitals. Whatever is no part of this grammar is punctuation between
words: there is no such thing as a query in error, only one that looks for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from pipelines.search.words import CJK, composed, spaced, split

Column = Literal["title", "text"]
# Far more than anybody types; a pasted page must not overflow SQLite's parser.
_MOST_PARTS = 64
_DEEPEST = 8
_PART = re.compile(
    r"""
    (?P<column>(?:title|text):(?=\S))
    | "(?P<phrase>[^"]*)"?(?P<open>\*)?
    | (?P<bracket>[()])
    | (?P<minus>(?<!\S)-(?=[\w"(]))
    | (?P<operator>\b(?:AND|OR|NOT)\b(?![\w:*]))
    | (?P<word>[^\s"()]+)
    """,
    re.VERBOSE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』", '"'))
_ATTACHED = re.compile(f"[^\\W_{CJK}]+[{CJK}]$")
_ONE_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one after the other; the last may be the beginning of a longer one.

    `fts` is the phrase in FTS5's language, `tokens` what its tokenizer makes of it.
    """

    fts: str
    tokens: tuple[str, ...]
    prefix: bool = False
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """`fts` finds the matches, empty if there is nothing to look for; `phrases` are wanted."""

    fts: str = ""
    phrases: tuple[Phrase, ...] = ()


def parse_query(typed: str) -> Query:
    """Read a query. Never fails: what makes no sense as an operator is a word or a space."""
    text = composed(typed).translate(_QUOTES)
    parts = list(_PART.finditer(text))[:_MOST_PARTS]
    return _Reader(parts).read()


@dataclass(slots=True)
class _Reader:
    """Recursive descent over the parts; each method reads as far as its rule goes."""

    parts: list[re.Match[str]]
    at: int = 0
    depth: int = 0
    column: Column | None = None
    wanted: list[Phrase] = field(default_factory=list)

    def read(self) -> Query:
        found: list[str] = []
        while self.at < len(self.parts):
            if either := self._either():
                found.append(either)
            self.at += 1  # a closing bracket that nothing opened
        return Query(_all(found), tuple(dict.fromkeys(self.wanted)))

    def _either(self) -> str:
        branches = [self._both()]
        while self._operator() == "OR":
            self.at += 1
            branches.append(self._both())
        branches = [branch for branch in branches if branch]
        return f"({' OR '.join(branches)})" if len(branches) > 1 else "".join(branches)

    def _both(self) -> str:
        """Everything up to OR or a closing bracket: what must be there, what must not."""
        with_, without = [], []
        while self.at < len(self.parts):
            part = self.parts[self.at]
            if part["bracket"] == ")" or part["operator"] == "OR":
                break
            if part["operator"] == "AND":
                self.at += 1
            elif part["operator"] == "NOT" or part["minus"]:
                self.at += 1
                kept = len(self.wanted)
                if one := self._one():
                    without.append((one, self.wanted[kept:]))
                    del self.wanted[kept:]
            elif one := self._one():
                with_.append(one)
        if not with_:  # nothing to take them away from: then they are what is looked for
            for one, phrases in without:
                with_.append(one)
                self.wanted += phrases
            return _all(with_)
        excluded = " OR ".join(one for one, _ in without)
        return f"({_all(with_)} NOT ({excluded}))" if excluded else _all(with_)

    def _one(self) -> str:
        if self.at >= len(self.parts):
            return ""
        part = self.parts[self.at]
        self.at += 1
        if part["column"]:
            return self._in_column("title" if part["column"] == "title:" else "text")
        if part["bracket"] == "(":
            return self._in_brackets()
        if part["phrase"] is not None:
            return self._phrase(part["phrase"], prefix=bool(part["open"]))
        if part["word"]:
            return self._phrase(part["word"], prefix=part["word"].endswith("*"))
        return ""

    def _in_column(self, column: Column) -> str:
        before, self.column = self.column, column
        try:
            return self._one()
        finally:
            self.column = before

    def _in_brackets(self) -> str:
        if self.depth >= _DEEPEST:
            return ""
        self.depth += 1
        inner = self._either()
        self.depth -= 1
        if self.at < len(self.parts) and self.parts[self.at]["bracket"] == ")":
            self.at += 1
        return inner

    def _phrase(self, text: str, *, prefix: bool) -> str:
        text = text.rstrip("*")
        words = spaced(text).split()
        single = bool(words) and _ONE_CJK.fullmatch(words[-1]) is not None
        if single and len(words) > 1 and len(words[-2]) == 2 and words[-2][1] == words[-1]:
            # The run may go on where it was found: its last pair is enough.
            del words[-1]
            single = prefix = False
        found = tuple(split(" ".join(words)))
        if not found:
            return ""
        column = f"{self.column} : " if self.column else ""
        if single:
            fts = _single(words, _ATTACHED.search(text), column)
        else:
            fts = f'{column}"{" ".join(words)}"{" *" if prefix else ""}'
        self.wanted.append(Phrase(fts, found, prefix or single, self.column))
        return fts

    def _operator(self) -> str | None:
        return self.parts[self.at]["operator"] if self.at < len(self.parts) else None


def _single(words: list[str], attached: re.Match[str] | None, column: str) -> str:
    """A phrase that ends in a character which is no part of a pair: 金, A股, "in A股"."""
    if column or (len(words) > 1 and attached is None):
        return f'{column}"{" ".join(words)}" *'
    single = f'singles : "{attached[0] if attached else words[-1]}"'
    return f'("{" ".join(words[:-1])}" AND {single})' if len(words) > 2 else single


def _all(expressions: list[str]) -> str:
    return f"({' AND '.join(expressions)})" if len(expressions) > 1 else "".join(expressions)
