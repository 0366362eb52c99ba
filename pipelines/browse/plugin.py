"""What Datasette does not know by itself: our functions, our links, our columns."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from datasette import hookimpl
from markupsafe import Markup, escape

from pipelines.browse.counting import is_long
from pipelines.search import Piece, Query, marked, parse_query, snippet
from pipelines.search.ranking import Candidate, score
from pipelines.symbols import normalise_symbol
from pipelines.symbols.alike import alike, counted_as, counted_with

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterable

# A column and the canned query or table that its values lead to.
LINKS = {
    "article": "/news/article?id=",
    "copy": "/news/article?id=",
    "article_id": "/news/article?id=",
    "first_article_id": "/news/article?id=",
    "story_id": "/news/story?id=",
    "symbol": "/news/by_symbol?symbol=",
    "feed_id": "/news/feeds/",
}
# What a table of a large record begins without, unless the other is asked for.
_QUICKER = {"_nocount": "_count", "_nofacet": "_facet"}
TEXTS = ("body", "text", "html", "passage", "title_before")
# About what the pages of English and Chinese news are, in characters.
_USUAL_LENGTH = 2500
# Where a hit begins and ends: marks that news does not use, and that read well as JSON too.
_HIT, _END = "⟦", "⟧"


@lru_cache(maxsize=64)
def _parsed(typed: str) -> Query:
    return parse_query(typed)


def _fts(typed: str | None) -> str:
    return _parsed(typed or "").fts or '""'


def _passage(text: str | None, typed: str | None) -> str:
    return _with_marks(snippet(text or "", _parsed(typed or "").phrases, 200))


def _highlighted(text: str | None, typed: str | None) -> str:
    return _with_marks(marked(text or "", _parsed(typed or "").phrases))


def _with_marks(pieces: Iterable[Piece]) -> str:
    return "".join(f"{_HIT}{piece.text}{_END}" if piece.hit else piece.text for piece in pieces)


def _relevance(title: str | None, text: str | None, typed: str | None) -> float:
    phrases = _parsed(typed or "").phrases
    return score(Candidate(0, title or "", text or ""), phrases, {}, _USUAL_LENGTH)


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which ours replaces
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Teach SQLite our query language, in queries of ours and in every search box."""
    for name, parameters, function in (
        ("fts", 1, _fts),
        ("escape_fts", 1, _fts),
        ("passage", 2, _passage),
        ("highlighted", 2, _highlighted),
        ("relevance", 3, _relevance),
        ("symbols_like", 1, lambda typed: json.dumps(alike(normalise_symbol(typed or "") or ""))),
        # `known` is a JSON list of those symbols alike that the record holds.
        ("alike", 1, lambda symbol: json.dumps(alike(symbol))),
        ("counted_as", 2, lambda symbol, known: counted_as(symbol, json.loads(known))),
        ("counted_with", 2, lambda name, known: json.dumps(counted_with(name, json.loads(known)))),
    ):
        conn.create_function(name, parameters, function, deterministic=True)


@hookimpl
def render_cell(row: sqlite3.Row, value: Any, column: str, table: str | None) -> Markup | None:
    """Link what leads somewhere; show texts as text, with the words looked for marked."""
    if value is None or value == "":
        return None
    if column == "value" and row.keys()[0] == "name":  # the page of one article
        column = row["name"]
    if column in TEXTS and isinstance(value, str):
        return Markup('<div class="bt-text">{}</div>').format(_marked(value))
    if column == "title" and isinstance(value, str):
        return _marked(value)
    if column == "symbols" and isinstance(value, str):
        return Markup(" ").join(_link("symbol", symbol) for symbol in value.split(","))
    if column in LINKS and not isinstance(value, dict):
        return _link(column, value)
    if column == "id" and table == "articles":
        return _link("article", value)
    return None


def _link(column: str, value: object) -> Markup:
    return Markup('<a href="{}{}">{}</a>').format(LINKS[column], quote(str(value)), value)


def _marked(text: str) -> Markup:
    parts = text.split(_HIT)
    shown = escape(parts[0])
    for part in parts[1:]:
        hit, _, rest = part.partition(_END)
        shown += _mark(hit) + escape(rest)
    return shown


def _mark(text: str) -> Markup:
    return Markup("<mark>{}</mark>").format(text)


@hookimpl
def extra_css_urls() -> list[str]:
    """Our few rules."""
    return ["/broadtape/browse.css"]


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give every page, that of an error too, the moment that the record is shown as of."""
    env.globals["as_of"] = datasette.metadata("as_of")


@hookimpl
def menu_links() -> list[dict[str, str]]:
    """The pages most people want."""
    return [
        {"href": "/news/search", "label": "Search"},
        {"href": "/news/latest", "label": "Latest news"},
        {"href": "/-/dashboards/news", "label": "Charts"},
    ]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Begin a table with the columns that metadata.toml names, unless others are asked for."""
    tables = datasette.metadata("tables", database="news") or {}
    first = {
        f"/news/{name}": table["columns_first"]
        for name, table in tables.items()
        if "columns_first" in table
    }

    def wrap(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def with_columns(scope: Any, receive: Any, send: Any) -> None:
            asked = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
            columns = first.get(scope.get("path", ""))
            if not columns or any(name in ("_col", "_nocol", "_next") for name, _ in asked):
                await app(scope, receive, send)
                return
            more = [("_col", column) for column in columns]
            if await is_long(datasette.get_database("news"), "identities"):
                named = {name for name, _ in asked}
                more += [(no, "1") for no, yes in _QUICKER.items() if not {no, yes} & named]
            query = urlencode([*asked, *more])
            location = f"{scope['path']}?{query}".encode("latin-1")
            await send(
                {"type": "http.response.start", "status": 302, "headers": [(b"location", location)]}
            )
            await send({"type": "http.response.body", "body": b""})

        return with_columns

    return wrap
