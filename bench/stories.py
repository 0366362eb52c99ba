"""How well copies of a story are told from look-alikes, and what other rules would do.

    python -m bench.stories [--all] [--curve]

Reads real bodies from ../shared, makes pairs as bench/story_set.py states, and prints
recall of copies and share of look-alikes taken for copies, by kind and language. A pair
counts as found only if the signature finds it (a shared band) and the comparison confirms.
Thresholds were chosen on one half of the bodies; the figures are of the other half unless
--all. --curve moves the threshold of shared text.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from bench.story_set import Pair, bodies, pairs
from pipelines import stories
from pipelines.signature import bands
from pipelines.stories import Telling, same_story

SHARED = Path(__file__).resolve().parents[2] / "shared"


def verdict(pair: Pair) -> tuple[bool, bool]:
    """Say whether a pair is found by the signature, and whether it is confirmed."""
    a, b = pair.a, pair.b
    found = bool(set(bands(a.text, a.title)) & set(bands(b.text, b.title)))
    confirmed = same_story(Telling.of(a.title, a.text), Telling.of(b.title, b.text))
    return found, confirmed is not None


def totals(results: list[tuple[Pair, bool, bool]]) -> tuple[float, float]:
    """Return precision and recall over pairs that are both found and confirmed."""
    right = sum(found and yes for pair, found, yes in results if pair.same)
    wrong = sum(found and yes for pair, found, yes in results if not pair.same)
    copies = sum(pair.same for pair, _, _ in results)
    return right / max(1, right + wrong), right / max(1, copies)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="both halves of the bodies")
    parser.add_argument("--tuned", action="store_true", help="the half the rules were tuned on")
    parser.add_argument("--curve", action="store_true", help="move the threshold")
    parser.add_argument("--show", metavar="KIND", help="print the wrong pairs of a kind")
    chosen = parser.parse_args()
    read = bodies(SHARED)
    if not chosen.all:
        read = [body for body in read if body.held_out != chosen.tuned]
    made = list(pairs(read))
    results = [(pair, *verdict(pair)) for pair in made]
    rows: defaultdict[tuple[bool, str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for pair, found, yes in results:
        rows[not pair.same, pair.kind, pair.a.language].append((found, yes))
        if chosen.show == pair.kind and (found and yes) != pair.same:
            print(f"{found=} {yes=}")
            print(f"  {pair.a.title} | {pair.a.text[:300]}\n  {pair.b.title} | {pair.b.text[:300]}")
    print(f"{len(read)} bodies, {len(made)} pairs")
    for (alike, kind, language), seen in sorted(rows.items()):
        both = sum(found and yes for found, yes in seen) / len(seen)
        label = "look-alike" if alike else "copy"
        found_only = sum(found for found, _ in seen) / len(seen)
        numbers = f"{len(seen):4} found {found_only:.3f} joined {both:.3f}"
        print(f"{label:10} {kind:15} {language} {numbers}")
    for language in ("en", "zh"):
        subset = [row for row in results if row[0].a.language == language]
        print(language, "precision {:.4f} recall {:.4f}".format(*totals(subset)))
    print("both precision {:.4f} recall {:.4f}".format(*totals(results)))
    if chosen.curve:
        for threshold in (0.4, 0.5, 0.55, 0.58, 0.62, 0.66, 0.7, 0.75, 0.8, 0.9):
            stories.SHARED = threshold
            moved = [(pair, found, verdict(pair)[1]) for pair, found, _ in results]
            print(
                "threshold {:.2f} precision {:.4f} recall {:.4f}".format(threshold, *totals(moved))
            )


if __name__ == "__main__":
    main()
