"""`broadtape show`: one article, with where it came from and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crawler.cli import Context, pass_context
from crawler.cli.output import in_short, print_json, print_page, print_text, then
from crawler.cli.types import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FACTS = (
    "url", "source", "publisher", "authors", "editor", "original_title", "language",
    "published_at", "first_seen_at", "updated_at", "status", "flags", "tags", "extractor",
)  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  broadtape show 42                  the text, and what is known about it
  broadtape show 42 --revisions      what the publisher changed, and when
  broadtape show 42 --as-of 24h      as the record had it a day ago
  broadtape show 42 --json | jq .text
""",
)
@click.argument("article_id", metavar="ID", type=int)
@click.option("--revisions", is_flag=True, help="Every revision, and what changed.")
@click.option("--as-of", type=INSTANT, metavar="T", help="As the record had it at T.")
@click.option("--removed", is_flag=True, help="The lines taken out as furniture.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@pass_context
def show(
    context: Context,
    article_id: int,
    revisions: bool,
    as_of: datetime | None,
    removed: bool,
    as_json: bool,
) -> None:
    """Show one article: its text, mentions, copies and sightings."""
    from pipelines.errors import NotFound

    with context.open(read_only=True) as database, database.snapshot():
        reading = database.reading
        article = reading.article(article_id, as_of)
        if article is None:
            raise NotFound(
                f"no article {article_id}{then(as_of)}",
                "`broadtape search` and `broadtape export` give ids",
            )
        mentions = reading.mentions(article_id, article["revision"], as_of)
        copies = reading.copies(article["story_id"], article_id, as_of)
        sightings = reading.sightings(article_id, as_of)
        history = reading.revisions(article_id, as_of) if revisions or as_json else []
    if as_json:
        print_json(
            {
                **article,
                "mentions": mentions,
                "copies": copies,
                "sightings": sightings,
                "revisions": history,
            }
        )
        return
    lines = [*_facts(article), *_story(article, copies), *_around(mentions, copies, sightings)]
    print_page(article["title"] or "(no title)", lines)
    if revisions:
        _history(history)
    elif removed:
        print_text(article["removed"] or "(nothing was removed)")
    else:
        print_text(article["text"] or article["summary"] or "(no text)")


def _facts(article: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in FACTS:
        value = article[name]
        if name == "published_at" and value:
            value += (
                f" ({article['published_precision']}, zone {article['published_zone']},"
                f" from {article['published_from']})"
            )
        if name == "first_seen_at" and article["arrival"] != "live":
            value += f" ({article['arrival']})"
        if name == "updated_at" and article["revision"] > 1:
            value += f" (revision {article['revision']}; --revisions tells what changed)"
        if value:
            yield name, str(value)


def _around(
    mentions: list[dict[str, Any]], copies: list[dict[str, Any]], sightings: list[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    for mention in mentions:
        yield "mentions", _mention(mention)
    for copy in copies:
        yield "copy", _copy(copy)
    for sighting in sightings:
        note = f" ({sighting['last_error']})" if sighting["last_error"] else ""
        yield "listed", f"{sighting['first_seen_at']} by {sighting['feed']}{note}"


def _story(article: dict[str, Any], copies: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Who told the story first, as it was seen and as it is claimed."""
    if not copies:
        return
    told = [article, *copies]
    houses = {one["publisher"] or one["source"] for one in told}
    first = min(told, key=lambda one: (one["first_seen_at"], one["id"]))
    yield (
        "story",
        f"{article['story_id']}: {len(told)} articles of {len(houses)} publishers, first seen"
        f" {first['first_seen_at']} at {first['publisher'] or first['source']} ({first['id']})",
    )
    # A claim that names only a day says nothing of who was first.
    timed = [one for one in told if one["published_at"] and one["published_precision"] != "day"]
    if timed:
        claimed = min(timed, key=lambda one: one["published_at"])
        yield (
            "claimed",
            f"earliest {claimed['published_at']}"
            f" by {claimed['publisher'] or claimed['source']} ({claimed['id']})",
        )


def _copy(copy: dict[str, Any]) -> str:
    lag = f"{in_short(copy['lag'])} after the first" if copy["lag"] else "the first"
    return f"{copy['id']}  {copy['publisher'] or copy['source']}: {copy['title']} ({lag})"


def _mention(mention: dict[str, Any]) -> str:
    name = f" {mention['name']}" if mention["name"] else ""
    return (
        f"{mention['symbol']}{name} ({mention['certainty']}, {mention['rule']}"
        f" in {mention['place']}: {mention['matched']!r})"
    )


def _history(revisions: list[dict[str, Any]]) -> None:
    from pipelines.changes import compare, readable_diff

    for before, revision in zip([None, *revisions], revisions, strict=False):
        head = f"revision {revision['revision']}: {revision['change']} {revision['seen_at']}"
        if before is None:
            click.echo(click.style(head, bold=True))
            continue
        versions = before["title"], before["text"], revision["title"], revision["text"]
        if revision["change"] == "revise" and (worth := compare(*versions)).reasons:
            head += f" ({worth.kind}: {', '.join(worth.reasons)})"
        click.echo(click.style(head, bold=True))
        changed = readable_diff(*versions)
        print_text("\n".join(changed) or "(neither title nor text)", indent=2)
