"""`broadtape show`: one article, with where it came from and what became of it."""

from __future__ import annotations

from typing import Any

import click

from crawler.cli import Context, pass_context

FACTS = (
    "url", "source", "publisher", "authors", "editor", "original_title", "language",
    "published_at", "first_seen_at", "updated_at", "status", "flags", "tags", "extractor",
)  # fmt: skip


@click.command()
@click.argument("article_id", metavar="ID", type=int)
@click.option("--revisions", is_flag=True, help="Every revision, and what changed.")
@click.option("--removed", is_flag=True, help="The lines taken out as furniture.")
@pass_context
def show(context: Context, article_id: int, revisions: bool, removed: bool) -> None:
    """Show one article: its text, mentions, copies and sightings."""
    from pipelines.errors import NotFound

    with context.open(read_only=True) as database:
        article = database.reading.article(article_id)
        if article is None:
            raise NotFound(f"no article {article_id}", "`broadtape export` lists ids")
        click.echo(click.style(article["title"] or "(no title)", bold=True))
        _facts(article)
        for mention in database.reading.mentions(article_id, article["revision"]):
            click.echo(f"  mentions       {_mention(mention)}")
        for copy in database.reading.copies(article["story_id"], but=article_id):
            click.echo(f"  copy           {copy['id']}  {copy['source']}: {copy['title']}")
        for sighting in database.reading.sightings(article_id):
            note = f" ({sighting['last_error']})" if sighting["last_error"] else ""
            click.echo(f"  listed         {sighting['first_seen_at']} by {sighting['feed']}{note}")
        click.echo()
        if revisions:
            _history(database.reading.revisions(article_id))
        elif removed:
            click.echo(article["removed"] or "(nothing was removed)")
        else:
            click.echo(article["text"] or article["summary"] or "(no text)")


def _facts(article: dict[str, Any]) -> None:
    for name in FACTS:
        value = article[name]
        if name == "published_at" and value:
            value += (
                f" ({article['published_precision']}, zone {article['published_zone']},"
                f" from {article['published_from']})"
            )
        if value:
            click.echo(f"  {name:<14} {value}")


def _mention(mention: dict[str, Any]) -> str:
    name = f" {mention['name']}" if mention["name"] else ""
    return (
        f"{mention['symbol']}{name} ({mention['certainty']}, {mention['rule']}"
        f" in {mention['place']}: {mention['matched']!r})"
    )


def _history(revisions: list[dict[str, Any]]) -> None:
    import difflib

    before: dict[str, Any] = {"title": "", "text": ""}
    for revision in revisions:
        click.echo(
            click.style(
                f"revision {revision['revision']}: {revision['change']} {revision['seen_at']}",
                bold=True,
            )
        )
        old, new = ([v["title"] or "", *(v["text"] or "").splitlines()] for v in (before, revision))
        for line in difflib.unified_diff(old, new, lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")):
                click.echo(f"  {line}")
        before = revision
