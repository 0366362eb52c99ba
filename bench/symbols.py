"""How long the search for instruments takes: `python -m bench.symbols` over the real pages.

The pages are parsed and extracted first, outside the measure. CPU time, one process.
Target: under 1 ms a page on average.
"""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import lxml.html
import trafilatura

from pipelines.items import Source
from pipelines.symbols import find_mentions

CORPORA = Path(__file__).parents[1].parent / "shared" / "corpora"
FOLDERS = ("chinese", "article-extraction-benchmark", "fundus", "fundus-evaluation")
PARSER = lxml.html.HTMLParser(encoding="utf-8")


def main() -> None:
    source = Source(name="a", domain="a.example")
    spent, pages, found = 0.0, 0, 0
    for folder in FOLDERS:
        for file in sorted((CORPORA / folder / "html").glob("*.gz")):
            html = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
            tree = lxml.html.document_fromstring(html.encode(), parser=PARSER)
            text = trafilatura.extract(html) or ""
            began = time.process_time()
            mentions = find_mentions(tree, title=None, text=text, language=None, source=source)
            spent += time.process_time() - began
            pages += 1
            found += len(mentions)
    print(f"{pages} pages, {found} mentions, {1000 * spent / pages:.2f} ms a page")


if __name__ == "__main__":
    main()
