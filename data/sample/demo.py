"""Shows the whole journey on the sample site: `make demo`.

Serves the three publishers on loopback, runs the installed command against them twice,
exports what was stored, and checks that it is what the publishers wrote. Exits 1 when
anything did not hold.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from data.sample.site import Site
from data.sample.user import User

ROOT = Path(__file__).resolve().parents[2]
DATABASE = Path("data/demo.db")
EXPORT = Path("data/demo.csv")


def main() -> int:
    """Run the demo; 0 when everything held."""
    _start_afresh()
    with Site() as site, tempfile.TemporaryDirectory(prefix="broadtape-demo-") as folder:
        user = User.of(site, Path(folder), DATABASE, delay=0.05)
        wanted = site.fetchable()
        _say(
            f"Three invented publishers are on the air on 127.0.0.1, with {len(wanted)} articles,",
            "one page that is missing, and a fourth feed that is down. First crawl:",
        )
        crawled = _show(user, "crawl")
        first = len(site.pages_fetched())

        _say("Second crawl, of a world in which nothing happened:")
        again = _show(user, "crawl")
        second = len(site.pages_fetched()) - first

        _say("All of it as a table:")
        exported = _show(user, "export", "-f", "csv", "-o", str(EXPORT))
        urls = _urls()
        _say("How things stand:")
        status = _show(user, "status")

    return _report(
        {
            "both crawls and the export ended well": not (crawled or again or exported),
            # 1 says that a feed needs a person, and one does.
            "status could be shown": DATABASE.exists() and status in (0, 1),
            f"each of the {len(wanted)} articles is in {EXPORT} exactly once": urls
            == Counter(wanted.keys()),
            f"the first crawl asked for {first} pages: the articles, and the missing one": first
            == len(wanted) + 1,
            f"the second crawl stored 0 new articles and asked for {second} pages": second == 0
            and urls.total() == len(wanted),
        }
    )


def _start_afresh() -> None:
    os.chdir(ROOT)
    for file in (DATABASE, EXPORT, *DATABASE.parent.glob(f"{DATABASE.name}-*")):
        file.unlink(missing_ok=True)


def _show(user: User, *arguments: str) -> int:
    """Run the command, output and all; its exit code."""
    print(f"$ broadtape --db {DATABASE} {' '.join(arguments)}", flush=True)
    return user.run(*arguments, capture_output=False).returncode


def _urls() -> Counter[str]:
    """How often each article's address is in the export."""
    if not EXPORT.exists():
        return Counter()
    with EXPORT.open(encoding="utf-8", newline="") as lines:
        return Counter(row["url"] for row in csv.DictReader(lines))


def _say(*lines: str) -> None:
    print("", *lines, "", sep="\n", flush=True)


def _report(checks: dict[str, bool]) -> int:
    _say("Checked:")
    for claim, holds in checks.items():
        print(f"  {'yes' if holds else 'NO '}  {claim}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
