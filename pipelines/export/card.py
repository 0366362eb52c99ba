"""A release's README: what it holds, how to load it, what to beware of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.database.selection import EXPORT_COLUMNS
from pipelines.export.fields import FIELDS

_LOADING = """\
```python
import pandas, polars, duckdb

pandas.read_parquet("parquet")
polars.read_parquet("parquet")
duckdb.sql("SELECT source, count(*) FROM 'parquet/*/*.parquet' GROUP BY source")
```

`articles.csv` has the same rows and columns: UTF-8, lists joined by `; `. `datapackage.json`
describes both (Data Package v2), with sizes and SHA-256 hashes.
"""
_BEWARE = """\
- `first_seen_at` is when the article could be known. `published_at` is the publisher's claim;
  it may be missing, and its precision and time zone are in the columns beside it.
- For a back-test leave out `arrival` other than `live`: those articles were published before
  they were first seen.
- `symbols` are found by rules in the page and the text, and are not complete.
- Articles of one `story_id` are near-duplicates of each other.
- The texts are their publishers' works. Their terms apply.
"""


@dataclass
class Contents:
    """What went into a release; the card tells it."""

    as_of: str
    version: str
    articles: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    first_seen: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def card(contents: Contents) -> str:
    """Give the card in Markdown, with front matter that data hubs read."""
    languages = sorted(language for language in contents.languages if language)
    span = " to ".join(contents.first_seen) or "never"
    lines = [
        "---",
        "pretty_name: Finance news, point in time",
        *(["language:", *(f"- {language}" for language in languages)] if languages else []),
        "tags:",
        "- finance",
        "- news",
        "configs:",
        "- config_name: default",
        "  data_files: parquet/*/*.parquet",
        "---",
        "",
        "# Finance news, point in time",
        "",
        f"{contents.articles:,} articles of {len(contents.sources):,} sources, as the record held"
        f" them at {contents.as_of}; first seen {span}.",
        f"Made by Broadtape {contents.version}. The same record as of the same moment gives the"
        " same bytes.",
        "",
        "## Load it",
        "",
        _LOADING,
        "## Beware",
        "",
        _BEWARE,
        "## Columns",
        "",
        *_table(("column", "type", "meaning"), [_column(name) for name in EXPORT_COLUMNS]),
        "",
        "`parquet/` has one column more, `first_seen_date`, from the names of its folders.",
        "",
        "## Sources",
        "",
        *_table(
            ("source", "articles"),
            [(name, f"{count:,}") for name, count in sorted(contents.sources.items())],
        ),
    ]
    return "\n".join(lines)


def _column(name: str) -> tuple[str, str, str]:
    known = FIELDS[name]
    kind = {"instant": "UTC time", "list": "list of text"}.get(known.kind, known.kind)
    allowed = f" One of {', '.join(known.allowed)}." if known.allowed else ""
    return (f"`{name}`", kind, known.meaning + allowed)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(head), line(("---",) * len(head)), *map(line, rows)]
