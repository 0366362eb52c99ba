"""Crawls 439 real pages on loopback with the installed command, and scores what it stored.

The pages of ../shared/corpora/fundus and ../shared/corpora/article-extraction-benchmark
are served behind feeds (RSS 2.0) written from their gold: titles and dates, where there
are some (else the page's own <title>), but no summary, which is part of the gold body.
Publishers are grouped into sources by country, as a catalogue would have them, and spread
over loopback hosts, so that manners towards one host do not line all pages up. Every page
must end as a row, or as an entry with a reason. With `--feeds N` each article is listed by N
feeds of its source, as a publisher's sections do: its page is to be asked for once all the same.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import datetime
from email.utils import format_datetime
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from bench.memory import Peak
from bench.quality import corpora, measures
from data.sample.server import Answer, Server, conditional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bench.quality.corpora import Case

HOSTS = 8
STORED = """
SELECT e.link, e.state, e.last_error, a.id, a.text, a.summary, a.status
  FROM entries AS e LEFT JOIN articles AS a ON a.id = e.article_id
"""


def main() -> int:
    """Print the figures; 0 when every page is accounted for."""
    if not corpora.CORPORA.is_dir():
        print("No ../shared beside this checkout: no real pages to crawl.")
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=1, metavar="N", help="that list each article")
    feeds = parser.parse_args().feeds
    cases = [*corpora.fundus(), *corpora.article_extraction_benchmark()]
    with tempfile.TemporaryDirectory(prefix="broadtape-real-") as name:
        folder = Path(name)
        asked: Counter[str] = Counter()
        servers, links = serve(cases, folder, asked, feeds)
        started = time.monotonic()
        code, memory = crawl(folder)
        seconds = time.monotonic() - started
        for server in servers:
            server.stop()
        with sqlite3.connect(folder / "real.db") as database:
            rows = {row[0]: row[1:] for row in database.execute(STORED)}
    pages = sum(count for path, count in asked.items() if not path.startswith(("/feed", "/robots")))
    print(f"pages asked for        {pages:>8}  ({len(cases) * feeds} entries)")
    return report(links, rows, code=code, seconds=seconds, memory=memory)


def serve(
    cases: Iterable[Case], folder: Path, asked: Counter[str], feeds: int
) -> tuple[list[Server], dict[str, Case]]:
    """Put pages and feeds on loopback and write the configuration; address -> case.

    `asked` counts the requests of each path.
    """
    pages: dict[str, Answer] = {}

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        asked[path] += 1
        return conditional(pages.get(path, Answer(body=b"", status=404)), headers)

    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[f"{case.corpus} {case.gold.get('country', '')}".strip()].append(case)
    servers = [_server(n, answer) for n in range(HOSTS)]
    sources, links = [], {}
    for number, (name, group) in enumerate(groups.items()):
        base = servers[number % HOSTS].url
        path = f"/feed/{number}"
        items = []
        for case in group:
            page = f"/{case.corpus}/{case.id}"
            pages[page] = Answer(body=case.body, content_type="text/html")
            links[base + page] = case
            items.append(_item(base + page, case))
        feed = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{name}'
        feed += f"</title>{''.join(items)}</channel></rss>"
        listed = ""
        for section in range(feeds):
            pages[f"{path}.{section}.xml"] = Answer(
                body=feed.encode(), content_type="application/rss+xml"
            )
            listed += f'[[source.feed]]\nname = "{name} {section}"\n'
            listed += f'url = "{base}{path}.{section}.xml"\n'
        zone = f'timezone = "{group[0].timezone}"\n' if group[0].timezone else ""
        sources.append(
            f'[[source]]\nname = "{name}"\ndomain = "source{number}.example"\n{zone}{listed}'
        )
    for server in servers:
        server.start()
    (folder / "sources.toml").write_text("\n".join(sources), encoding="utf-8")
    hosts = sorted({server.server_address[0] for server in servers})
    (folder / "broadtape.toml").write_text(
        f'sources = ["sources.toml"]\ndelay = 0\nallow_hosts = {[str(host) for host in hosts]}\n',
        encoding="utf-8",
    )
    return servers, links


def _server(number: int, answer: Callable[[str, Mapping[str, str]], Answer]) -> Server:
    try:
        return Server((f"127.0.0.{number + 1}", 0), answer)
    except OSError:  # some systems have only one loopback address
        return Server(("127.0.0.1", 0), answer)


def _item(link: str, case: Case) -> str:
    """The page as its publisher's feed may list it; of the gold body, nothing is told."""
    title = case.gold.get("title") or _own_title(case)
    published = case.gold.get("published")
    dated = datetime.fromisoformat(published) if published else None
    title = escape("".join(char for char in title if char >= " "))
    parts = [f"<title>{title}</title><link>{escape(link)}</link>"]
    if dated and dated.tzinfo:
        parts.append(f"<pubDate>{format_datetime(dated)}</pubDate>")
    return f"<item>{''.join(parts)}</item>"


def _own_title(case: Case) -> str:
    """The page's <title>, for a corpus whose gold has none."""
    found = re.search(rb"<title[^>]*>(.*?)</title", case.body, re.DOTALL | re.IGNORECASE)
    return " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else case.id


def crawl(folder: Path) -> tuple[int, Peak]:
    """Run `broadtape crawl`; its exit code, and its peak memory."""
    command = [
        str(Path(sys.executable).with_name("broadtape")),
        *("--config", str(folder / "broadtape.toml")),
        *("--db", str(folder / "real.db")),
        "crawl",
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BROADTAPE_")}
    process = subprocess.Popen(command, cwd=folder, env=environment)
    with Peak(process.pid) as peak:
        code = process.wait()
    return code, peak


def report(
    links: Mapping[str, Case],
    rows: Mapping[str, tuple[str, ...]],
    *,
    code: int,
    seconds: float,
    memory: Peak,
) -> int:
    """Print what came of the pages; 0 when each is a row or has a reason."""
    stored = {link: row for link, row in rows.items() if row[2] is not None}
    reasons = Counter(row[1] or "no reason given" for row in rows.values() if row[2] is None)
    reasons.update({"not in the record": len(links.keys() - rows.keys())})
    reasons = +reasons
    explained = sum(n for reason, n in reasons.items() if reason != "not in the record")
    print(f"pages served           {len(links):>8}")
    print(f"rows stored            {len({row[2] for row in stored.values()}):>8}")
    print(f"bodies non-empty       {sum(bool(row[3]) for row in stored.values()):>8}")
    print(f"entries with a reason  {explained:>8}")
    for reason, number in reasons.most_common():
        print(f"  {number} x {reason}")
    print(f"seconds                {seconds:>8.1f}")
    print(f"pages per second       {len(links) / seconds:>8.1f}")
    print(f"memory peak, parent    {memory.parent:>8.0f} MB")
    print(f"memory peak, all       {memory.family:>8.0f} MB")
    for corpus, tokens in (
        ("article-extraction-benchmark", measures.words),
        ("fundus", measures.characters),
    ):
        for standfirst in (False, True):
            counts = []
            for link, case in links.items():
                if case.corpus == corpus:
                    row = stored.get(link)
                    text = (row[3] or "") if row else ""
                    if standfirst and row and row[4]:
                        text = f"{row[4]}\n{text}"
                    counts.append(measures.compare(tokens(case.gold["text"]), tokens(text)))
            f1, precision, recall = measures.aeb_f1(counts)
            name = corpus + (", standfirst too" if standfirst else "")
            print(f"F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}  {name}")
    whole = len(stored) + explained == len(links) and code == 0
    print("Every page is a row or has a reason." if whole else "Pages are unaccounted for.")
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
