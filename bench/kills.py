"""Kills a crawl at 25 random moments (kill -9), and looks for what was lost or doubled."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from data.sample.site import Site
from data.sample.user import User
from tests.journey.helpers import is_sound, kill_and_recover

MOMENTS = 25


def main(seed: int = 20261125) -> int:
    """Print each moment; 0 when nothing was lost, doubled or damaged."""
    draw, failed = random.Random(seed), 0
    with Site() as site, tempfile.TemporaryDirectory(prefix="broadtape-kills-") as name:
        started = time.monotonic()
        User.of(site, Path(name) / "whole").run("crawl")
        whole = time.monotonic() - started
        print(f"A whole crawl takes {whole:.1f} s.")
        for number in range(MOMENTS):
            user, moment = User.of(site, Path(name) / str(number)), draw.uniform(0, whole)
            kill_and_recover(user, site, after_s=moment)
            urls = Counter(row["url"] for row in user.rows())
            held = urls == Counter(site.fetchable().keys()) and is_sound(user)
            failed += not held
            print(f"killed after {moment:5.2f} s: {'held' if held else 'FAILED'}", flush=True)
    print(f"{MOMENTS - failed} of {MOMENTS} held.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
