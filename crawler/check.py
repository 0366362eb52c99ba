"""What a feed would give, without storing anything: format, entries, newest date, defects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.formats import parse
from pipelines.dates import is_future, to_text
from pipelines.items import NotAFeed

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.items import Entry, Feed, PollOutcome

PREVIEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The finding about one feed; `outcome` is `new` where there are entries to read."""

    url: str
    outcome: PollOutcome
    reason: str | None = None
    format: str | None = None
    title: str | None = None
    entries: int = 0
    dated: int = 0
    newest: datetime | None = None
    defects: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    preview: tuple[Entry, ...] = ()


def check_feed(
    feed: Feed, body: bytes, *, url: str, content_type: str | None, fetched_at: datetime
) -> Checked:
    """Judge a fetched body as `feed`; `url` is where it came from after redirects."""
    result = parse(body, url=url, feed=feed, content_type=content_type, fetched_at=fetched_at)
    if isinstance(result, NotAFeed):
        return Checked(url=feed.url, outcome=result.outcome, reason=result.reason)
    moments = [m for e in result.entries if (m := e.published or e.updated) is not None]
    believed = [m.at for m in moments if not is_future(m, fetched_at)]
    readable = bool(result.entries or result.more)
    return Checked(
        url=feed.url,
        outcome="new" if readable else "empty",
        reason=None if readable else "a feed without entries",
        format=result.format,
        title=result.title,
        entries=len(result.entries),
        dated=len(moments),
        newest=max(believed, default=None),
        defects=result.defects,
        more=result.more,
        preview=result.entries[:PREVIEW],
    )


def describe(checked: Checked) -> list[str]:
    """Say it in lines for a terminal."""
    if checked.reason and checked.format is None:
        return [f"{checked.url}: {checked.outcome}: {checked.reason}"]
    newest = to_text(checked.newest) if checked.newest else "none"
    lines = [
        f"{checked.url}: {checked.format}, {checked.entries} entries, "
        f"{checked.dated} dated, newest {newest}"
    ]
    lines += [f"  defect: {defect}" for defect in checked.defects]
    lines += [f"  part: {address}" for address in checked.more]
    for entry in checked.preview:
        moment = entry.published or entry.updated
        when = to_text(moment.at) if moment else f"undated ({entry.published_raw or 'no date'})"
        lines.append(f"  {when}  {entry.title or '(no title)'}  {entry.link or '(no link)'}")
    return lines
