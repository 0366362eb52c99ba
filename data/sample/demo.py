"""Shows the whole journey on the sample site: `make demo`.

Serves the three publishers on loopback, runs the installed command against them twice,
exports what was stored, and checks that it is what the publishers wrote. Exits 1 when
anything did not hold.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from data.sample.site import Site

ROOT = Path(__file__).resolve().parents[2]
DATABASE = Path("data/demo.db")
EXPORT = Path("data/demo.csv")


def main() -> int:
    """Run the demo; 0 when everything held."""
    _start_afresh()
    with Site() as site, tempfile.TemporaryDirectory(prefix="broadtape-demo-") as folder:
        config = _configure(Path(folder), site)
        wanted = site.fetchable()
        _say(
            f"Three invented publishers are on the air on 127.0.0.1, with {len(wanted)} articles,",
            "one page that is missing, and a fourth feed that is down. First crawl:",
        )
        crawled = _broadtape(config, "crawl")
        first = len(site.pages_fetched())

        _say("Second crawl, of a world in which nothing happened:")
        again = _broadtape(config, "crawl")
        second = len(site.pages_fetched()) - first

        exported = _broadtape(config, "export", "-f", "csv", "-o", str(EXPORT))
        rows = _urls(EXPORT)
        _say(f"All of it as a table is in {EXPORT}. How things stand:")
        status = _broadtape(config, "status")

    return _report(
        {
            "both crawls and the export ended well": not (crawled or again or exported),
            "status could be shown": status in (0, 1),  # 1: a feed needs a person, and one does
            f"each of the {len(wanted)} articles is in {EXPORT} exactly once": rows
            == Counter(wanted.keys()),
            f"the first crawl asked for {first} pages: the articles, and the missing one": first
            == len(wanted) + 1,
            f"the second crawl stored 0 new articles and asked for {second} pages": second == 0
            and rows.total() == len(wanted),
        }
    )


def _start_afresh() -> None:
    os.chdir(ROOT)
    for file in (DATABASE, EXPORT, *DATABASE.parent.glob(f"{DATABASE.name}-*")):
        file.unlink(missing_ok=True)


def _configure(folder: Path, site: Site) -> Path:
    """A configuration that crawls the sample, and may do so on loopback."""
    (folder / "sources.toml").write_text(site.catalogue(), encoding="utf-8")
    config = folder / "broadtape.toml"
    config.write_text(
        'sources = ["sources.toml"]\nallow_hosts = ["127.0.0.1"]\ndelay = 0.05\n',
        encoding="utf-8",
    )
    return config


def _broadtape(config: Path, *arguments: str) -> int:
    """Run the installed command as a user would, output and all; its exit code."""
    command = Path(sys.executable).with_name("broadtape")
    print(f"$ broadtape --db {DATABASE} {' '.join(arguments)}", flush=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BROADTAPE_")}
    options = ["--config", str(config), "--db", str(DATABASE)]
    return subprocess.run([command, *options, *arguments], env=environment).returncode


def _urls(file: Path) -> Counter[str]:
    """How often each article's address is in the export."""
    if not file.exists():
        return Counter()
    csv.field_size_limit(sys.maxsize)
    with file.open(encoding="utf-8", newline="") as lines:
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
