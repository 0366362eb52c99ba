"""Finding articles by their words: what the index holds, what a query means, what ranks first.

words      text -> the index's tokens; Chinese, Japanese and Korean as pairs of characters
labels     what the index knows of an article besides its words
query      what a person typed -> an FTS5 expression and the phrases it looks for
ranking    BM25 over the candidates that the index gave
snippet    the passage that shows why an article was found
"""

from pipelines.search.labels import labels
from pipelines.search.query import Phrase, Query, parse_query
from pipelines.search.ranking import rank
from pipelines.search.snippet import Piece, marked, snippet
from pipelines.search.words import singles, spaced

__all__ = [
    "Phrase",
    "Piece",
    "Query",
    "labels",
    "marked",
    "parse_query",
    "rank",
    "singles",
    "snippet",
    "spaced",
]
