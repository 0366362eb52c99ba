"""What is not the article goes as whole lines.

Two sources of knowledge. **Lists** (`lists`): patterns of whole lines per language for what
publishers of that language put around an article (comments, sharing, newsletter, rights,
related reading, apps). **Repetition** (`repetition`): a line that stands at the head or tail
of several articles of one source is that source's furniture; it needs no list and no
language. Both act at head and tail only. What stands between paragraphs of prose is not
touched, bar lines that are nothing but a listed button (at most SHORT characters), a
pointer to another article, or a notice in place of something embedded.
"""

from pipelines.furniture.folding import fold
from pipelines.furniture.lists import SHORT, is_listed, is_pointer, is_stop
from pipelines.furniture.repetition import Edge, learn, reclean, strip_learned

__all__ = [
    "SHORT",
    "Edge",
    "fold",
    "is_listed",
    "is_pointer",
    "is_stop",
    "learn",
    "reclean",
    "strip_learned",
]
