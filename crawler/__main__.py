"""`python -m crawler` is `broadtape`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command; a Ctrl-C while it is being loaded ends it without a word."""
    heeded = signal.getsignal(signal.SIGINT)
    if heeded is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from crawler.cli import main as command

    signal.signal(signal.SIGINT, heeded)
    command()


if __name__ == "__main__":
    main()
