"""The standfirst (deck): the sentence under the headline that sums the article up.

Publishers repeat it as the page's description. It is believed where the description is
really a line of the page, and is not part of the body already; whether a standfirst
belongs to the body is a convention, so it has a field of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.furniture import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.extract.declared import Declared

LEAST = 40
LEAST_CJK = 15


def choose_standfirst(
    declared: Declared, body: Sequence[str], referee: Sequence[str], *, title: str | None
) -> str | None:
    """Return the page's description where the page shows it outside the body."""
    text = "".join(map(fold, body))
    shown = {fold(line): line for line in referee}
    for claim in (
        declared.first("description", "og:description", "twitter:description"),
        declared.first("og:description"),
        declared.ld_text("description", "alternativeHeadline"),
    ):
        key = fold(claim or "")
        least = LEAST_CJK if key and key[0] > "\u2e7f" else LEAST
        if len(key) >= least and key in shown and key not in text and key != fold(title or ""):
            return shown[key]
    return None
