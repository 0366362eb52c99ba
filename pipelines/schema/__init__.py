"""The shape of the database: its tables, and the migrations that make and change them.

Every time is UTC ISO 8601 text (`2022-03-04T12:11:50Z`).
"""

from pipelines.schema.migrations import migrations
from pipelines.schema.tables import ARTICLE_VALUES

__all__ = ["ARTICLE_VALUES", "PAGE_BYTES", "migrations"]

# A row with text and HTML is about 10 KB; measured on real ones, SQLite's usual 4 KB leave
# 0.35 KB more empty behind each, and 16 KB another 2.2 KB; 1 KB saves nothing more. At a
# million articles searches and exports take as long with either.
PAGE_BYTES = 2048
