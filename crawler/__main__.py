"""`python -m crawler` is `broadtape`."""

from crawler.cli import main

main()
