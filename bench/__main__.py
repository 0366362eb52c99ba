"""Speed and memory against their targets, one bench after the other.

    python -m bench [NAME ...]

Exit code 1 if one misses its target. `python -m bench.NAME --help` tells more of each;
`make real`, `make feeds` and `make quality` measure on real pages and feeds.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = ("export", "kills", "stories", "changes", "revisiting", "served_week")


def main(names: list[str]) -> int:
    missed = []
    for name in names or BENCHES:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode:
            missed.append(name)
    print("missed: " + ", ".join(missed) if missed else "all targets met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
