"""What looks at a source's pages have found and cost, and what the next is worth.

    yield   how often a look finds a change: what GDELT measured on 88 million pages (17.9 % of
            bodies within a week, 81 % of that within a day) until the source's own record
            says otherwise
    price   a whole page is 1; a server's answer "not modified" a twentieth

A record fades, so that a source may change its ways.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

# `early`, `day`, `later`: a look by the article's age. `moved`: the feed moved the entry's
# date. `changed`: the feed changed the entry, and the page was fetched anew.
Occasion = Literal["early", "day", "later", "moved", "changed"]

# How often a look finds an unannounced change, before a source has a record of its own.
# Half of the edits taken as unannounced: .179 * .81 / 2 within the day, .179 * .19 / 2 over
# the six days after it; a third of the day's edits come within its first hour.
EXPECTED: dict[Occasion, float] = {
    "early": 0.025, "day": 0.07, "later": 0.003, "moved": 0.5, "changed": 0.5,
}  # fmt: skip
UNMODIFIED_PRICE = 0.05
DOUBT = 0.2
# So many changed pages whose validators changed too show an honest server.
PROVEN = 3
# So many pages must have changed under the same validators: one may be furniture.
LIES = 2
# A record fades: when it holds so many times the looks that usually find one change, its
# counts are halved.
LONGEST_RECORD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What looks of one occasion at a source have come to.

    `asked` counts those of unchanged pages that were made with validators, `unmodified`
    the answers "not modified" among them. `honest` and `lied` count changed pages by
    whether their validators had changed as well.
    """

    looks: int = 0
    changed: int = 0
    asked: int = 0
    unmodified: int = 0
    honest: int = 0
    lied: int = 0

    def with_look(self, look: Look, longest: float) -> Record:
        """Add a look; a record as long as `longest` is halved first."""
        old = self
        if self.looks >= longest:
            old = Record(**{name: getattr(self, name) // 2 for name in self.__slots__})
        return Record(
            looks=old.looks + 1,
            changed=old.changed + look.changed,
            asked=old.asked + (look.conditional and not look.changed),
            unmodified=old.unmodified + look.unmodified,
            honest=old.honest + (look.validators_moved is True),
            lied=old.lied + (look.validators_moved is False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a page found.

    `conditional`: it was asked for with validators; `unmodified`: the answer was 304.
    `validators_moved`: of a page that changed and had validators, whether those changed
    too; None where that cannot be told.
    """

    changed: bool
    conditional: bool = False
    unmodified: bool = False
    validators_moved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a source edits its pages, and what its servers say of it."""

    records: dict[Occasion, Record] = field(default_factory=dict)

    def of(self, occasion: Occasion) -> Record:
        """Return the record of one kind of look."""
        return self.records.get(occasion, Record())

    def with_look(self, occasion: Occasion, look: Look) -> Habits:
        """Add what a look found.

        A late find under the same validators may be an early edit that earlier answers "not
        modified" denied: it says that the server lies, not that late looks are worth while.
        """
        if occasion == "later" and look.validators_moved is False:
            look = replace(look, changed=False, conditional=False)
        record = self.of(occasion).with_look(look, LONGEST_RECORD / EXPECTED[occasion])
        return replace(self, records={**self.records, occasion: record})

    def expected(self, occasion: Occasion) -> float:
        """Return the share of such looks that find a change.

        As if one change had been found in as many looks as are usual, before the first.
        """
        record = self.of(occasion)
        return (1 + record.changed) / (1 / EXPECTED[occasion] + record.looks)

    @property
    def honest(self) -> bool:
        """Whether a server that says "not modified" is to be believed."""
        lied, honest = self._sum("lied"), self._sum("honest")
        return lied < LIES or honest >= 20 * lied

    @property
    def proven(self) -> bool:
        """Whether changed pages have shown that their validators change with them."""
        return self.honest and self._sum("honest") >= PROVEN

    def price(self, *, has_validators: bool) -> float:
        """Return what a look is expected to cost, in whole pages."""
        if not has_validators or not self.honest:
            return 1.0
        # The day's look is made at any price, and is the first to tell; one answer is enough.
        share = self._sum("unmodified") / (DOUBT + self._sum("asked"))
        return 1 - (1 - UNMODIFIED_PRICE) * share

    def _sum(self, name: str) -> int:
        return sum(getattr(record, name) for record in self.records.values())
