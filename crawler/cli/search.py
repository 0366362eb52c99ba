"""`broadtape search`: articles by their words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import LOG, print_json, print_table
from crawler.cli.types import INSTANT, selecting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.search import Phrase, Piece, Query

FACTS = ("id", "url", "source", "publisher", "title", "language", "published_at", "first_seen_at",
         "status", "symbols", "story_id", "story_size")  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  broadtape search 'rate cut'                     both words, anywhere
  broadtape search '"rate cut" OR 降息'            a phrase, or a Chinese word
  broadtape search 'semi* NOT memory'             a beginning; without a word
  broadtape search 'title:(merger OR takeover)'   in the title only
  broadtape search 业绩预告 --symbol 000088.SZ --since 7d
  broadtape search tariff --json | jq '.articles[].url'
""",
)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, 500), default=10, show_default=True
)
@selecting
@click.option("--as-of", type=INSTANT, metavar="T", help="In the record as it was at T.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_context
def search(
    context: Context,
    query: tuple[str, ...],
    limit: int,
    as_json: bool,
    **bounds: Any,
) -> None:
    """Search titles and texts, the best first.

    Words are joined by AND. "A phrase" stands in quotes, a beginning ends in *, and
    capital AND, OR, NOT, brackets, title: and text: work as one expects. Anything else
    is punctuation. Ranked by BM25, a word in the title counting most, among the newest
    500 matches.

    Exit code 1: nothing was found.
    """
    from pipelines.database.selection import Selection
    from pipelines.search import parse_query

    parsed = parse_query(" ".join(query))
    with context.open(read_only=True) as database, database.snapshot():
        found = database.searching.search(parsed, Selection(**bounds), limit)
    if as_json:
        articles = [_as_json(article, parsed) for article in found.articles]
        print_json({"matches": found.matches, "more": found.more, "articles": articles})
    elif sys.stdout.isatty():
        _print(found.articles, parsed)
    elif found.articles:
        print_table(
            ("id", "first_seen_at", "source", "title", "symbols", "passage"),
            [_as_row(article, parsed) for article in found.articles],
        )
    if not found.articles:
        LOG.info("nothing found%s", "" if parsed.fts else ": the query has no words")
        sys.exit(1)
    if found.more:
        LOG.info("the best of the newest %d matches; there are older ones (--until)", found.matches)
    elif found.matches > limit:
        LOG.info("%d of %d matches (--limit)", limit, found.matches)


def _as_json(article: dict[str, Any], query: Query) -> dict[str, Any]:
    from pipelines.search import snippet

    pieces = snippet(_body(article), _for_text(query), 240)
    passage, hits = "", []
    for piece in pieces:
        if piece.hit:
            hits.append([len(passage), len(passage) + len(piece.text)])
        passage += piece.text
    facts = {name: article[name] for name in FACTS}
    facts["symbols"] = article["symbols"].split("; ") if article["symbols"] else []
    return {**facts, "passage": passage, "hits": hits}


def _as_row(article: dict[str, Any], query: Query) -> tuple[object, ...]:
    from pipelines.search import snippet

    passage = "".join(
        f"[{piece.text}]" if piece.hit else piece.text
        for piece in snippet(_body(article), _for_text(query))
    )
    named = (article["publisher"] or article["source"], article["title"], article["symbols"])
    return (article["id"], article["first_seen_at"], *named, passage)


def _print(articles: Iterable[dict[str, Any]], query: Query) -> None:
    """Each article as its title, a line of facts and the passage."""
    from rich.console import Console
    from rich.text import Text

    from crawler.cli.output import print_wrapped
    from pipelines.search import marked, snippet

    console = Console(highlight=False)
    for article in articles:
        title = marked(article["title"] or "(no title)", _for_title(query))
        print_wrapped(console, _styled(title, "bold", "bold yellow underline"))
        print_wrapped(console, Text(" · ".join(_line(article)), "cyan"), indent=2)
        passage = snippet(_body(article), _for_text(query), 2 * console.width - 12)
        print_wrapped(console, _styled(passage, "", "bold yellow"), indent=2)
        console.print()


def _line(article: dict[str, Any]) -> Iterable[str]:
    yield str(article["id"])
    yield article["publisher"] or article["source"]
    yield article["first_seen_at"][:16].replace("T", " ")
    if (article["story_size"] or 1) > 1:
        yield f"{article['story_size']} in its story"
    symbols = article["symbols"].split("; ") if article["symbols"] else []
    yield from symbols[:2]
    if len(symbols) > 2:
        yield f"{len(symbols) - 2} more"


def _styled(pieces: Sequence[Piece], plain: str, hit: str) -> Any:
    from rich.text import Text

    return Text.assemble(*((piece.text, hit if piece.hit else plain) for piece in pieces))


def _body(article: dict[str, Any]) -> str:
    return str(article["text"] or article["summary"] or "")


def _for_text(query: Query) -> list[Phrase]:
    return [phrase for phrase in query.phrases if phrase.column != "title"]


def _for_title(query: Query) -> list[Phrase]:
    return [phrase for phrase in query.phrases if phrase.column != "text"]
