"""What the tables are, as the scripts of the migrations that make them.

What is looked up at random, and so costs more the more there is, is kept small: `url_keys`
has 64 bits of each key, `signatures` 48 of each band and no time of its own. What is needed
for days only (`payloads`: entries whole) has a table of its own, whose pages are used again.
A text is stored once, in `revisions`; `articles` is a view of each article's latest revision.
"""

from __future__ import annotations

# The values of an article that an export shows. A revision keeps all of them as they were.
ARTICLE_VALUES = (
    "url",
    "publisher",
    "title",
    "original_title",
    "authors",
    "editor",
    "language",
    "published_at",
    "published_precision",
    "published_from",
    "published_zone",
    "published_raw",
    "modified_at",
    "status",
    "text",
    "html",
    "summary",
    "disclosure",
    "image",
    "tags",
    "flags",
    "word_count",
    "text_hash",
    "removed",
    "extractor",
)

TABLES = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    site TEXT,
    kind TEXT NOT NULL DEFAULT 'auto',
    category TEXT,
    language TEXT,
    region TEXT,
    timezone TEXT,
    enabled INTEGER NOT NULL DEFAULT 1,
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    hint_s INTEGER,
    interval_s INTEGER,
    next_due_at TEXT,
    last_polled_at TEXT,
    last_ok_at TEXT,
    last_new_at TEXT,
    failures REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
    last_error TEXT,
    memory TEXT,
    added_by TEXT NOT NULL DEFAULT 'catalogue' CHECK (added_by IN ('catalogue', 'user'))
) STRICT;
CREATE INDEX feeds_due ON feeds (next_due_at) WHERE enabled AND state = 'active';

CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    polled_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    http_status INTEGER,
    entries INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER,
    error TEXT
) STRICT;
CREATE INDEX polls_feed ON polls (feed_id, polled_at);

CREATE TABLE identities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url_key TEXT NOT NULL,
    addresses INTEGER NOT NULL DEFAULT 0,
    source TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    arrival TEXT NOT NULL CHECK (arrival IN ('live', 'bootstrap', 'backfill')),
    latest_seq INTEGER,
    story_id INTEGER
) STRICT;
CREATE INDEX identities_first_seen ON identities (first_seen_at);
CREATE INDEX identities_source ON identities (source, id);
CREATE INDEX identities_story ON identities (story_id);

CREATE TABLE url_keys (
    hash INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES identities (id)
) STRICT;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    key_kind TEXT NOT NULL CHECK (key_kind IN ('guid', 'link', 'title')),
    link TEXT,
    title TEXT,
    author TEXT,
    summary TEXT,
    published_raw TEXT,
    published_at TEXT,
    entry_hash TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT,
    last_error TEXT,
    article_id INTEGER REFERENCES identities (id),
    arrival TEXT NOT NULL DEFAULT 'live',
    UNIQUE (feed_id, key)
) STRICT;
CREATE INDEX entries_pending ON entries (next_try_at) WHERE state = 'pending';
CREATE INDEX entries_article ON entries (article_id);

CREATE TABLE payloads (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    payload TEXT NOT NULL
) STRICT;

CREATE TABLE revisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES identities (id),
    revision INTEGER NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('add', 'revise', 'withdraw', 'recompute')),
    seen_at TEXT NOT NULL,
    computed_at TEXT NOT NULL,
    url TEXT NOT NULL,
    publisher TEXT,
    title TEXT,
    original_title TEXT,
    authors TEXT,
    editor TEXT,
    language TEXT,
    published_at TEXT,
    published_precision TEXT,
    published_from TEXT,
    published_zone TEXT,
    published_raw TEXT,
    modified_at TEXT,
    status TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    html TEXT,
    summary TEXT,
    disclosure TEXT,
    image TEXT,
    tags TEXT,
    flags TEXT,
    word_count INTEGER NOT NULL DEFAULT 0,
    text_hash TEXT,
    removed TEXT,
    extractor TEXT,
    UNIQUE (article_id, revision)
) STRICT;
CREATE INDEX revisions_text_hash ON revisions (text_hash) WHERE text_hash IS NOT NULL;

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    first_article_id INTEGER NOT NULL REFERENCES identities (id),
    first_seen_at TEXT NOT NULL,
    articles INTEGER NOT NULL
) STRICT;

CREATE TABLE story_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    article_id INTEGER NOT NULL REFERENCES identities (id),
    computed_at TEXT NOT NULL,
    similarity REAL,
    rank INTEGER NOT NULL
) STRICT;
CREATE INDEX story_members_article ON story_members (article_id);
CREATE INDEX story_members_story ON story_members (story_id);

CREATE TABLE mentions (
    article_id INTEGER NOT NULL REFERENCES identities (id),
    revision INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    mic TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT,
    rule TEXT NOT NULL,
    certainty TEXT NOT NULL,
    place TEXT NOT NULL,
    matched TEXT NOT NULL,
    count INTEGER NOT NULL DEFAULT 1,
    computed_at TEXT NOT NULL
) STRICT;
CREATE INDEX mentions_article ON mentions (article_id, revision);
CREATE INDEX mentions_symbol ON mentions (symbol, article_id);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    version TEXT NOT NULL
) STRICT;

CREATE TABLE signatures (
    band INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES identities (id),
    PRIMARY KEY (band, article_id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, content='', tokenize='unicode61 remove_diacritics 2'
);

CREATE VIEW articles AS
SELECT i.id, r.url, i.url_key, i.source, r.publisher, r.title, r.original_title, r.authors,
       r.editor, r.language, r.published_at, r.published_precision, r.published_from,
       r.published_zone, i.first_seen_at, i.arrival, r.seen_at AS fetched_at,
       r.seen_at AS updated_at, r.revision, r.seq, r.status, r.text, r.html, r.summary, r.image,
       r.tags, r.flags, r.word_count, r.text_hash, r.extractor, i.story_id, r.published_raw,
       r.modified_at, r.disclosure, r.removed
  FROM identities AS i JOIN revisions AS r ON r.seq = i.latest_seq;
"""

VISITS = """
CREATE TABLE visits (
    article_id INTEGER PRIMARY KEY REFERENCES identities (id),
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    due_at TEXT NOT NULL,
    etag TEXT,
    page_modified TEXT,
    visit_attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX visits_due ON visits (due_at);
CREATE INDEX visits_entry ON visits (entry_id);
"""

HABITS = """
CREATE TABLE habits (
    source TEXT NOT NULL,
    occasion TEXT NOT NULL
        CHECK (occasion IN ('early', 'day', 'later', 'moved', 'changed')),
    looks INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    unmodified INTEGER NOT NULL,
    honest INTEGER NOT NULL,
    lied INTEGER NOT NULL,
    PRIMARY KEY (source, occasion)
) STRICT, WITHOUT ROWID;
ALTER TABLE visits ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN updated_at TEXT;
"""

ANNOUNCEMENTS = """
CREATE TABLE announcements (
    article_id INTEGER NOT NULL REFERENCES identities (id),
    entry_hash TEXT NOT NULL,
    claimed_at TEXT,
    read_at TEXT NOT NULL,
    PRIMARY KEY (article_id, entry_hash)
) STRICT, WITHOUT ROWID;
"""

REFUSED = """
CREATE INDEX entries_refused ON entries (link) WHERE state <> 'pending' AND next_try_at IS NOT NULL;
"""

SEARCH = """
DROP TABLE article_search;
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, singles, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO article_search (rowid, title, text, singles)
SELECT id, spaced(title), spaced(text), singles(title, text) FROM articles;
"""

LABELS = """
DROP TABLE article_search;
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, singles, labels, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO article_search (rowid, title, text, singles, labels)
SELECT a.id, spaced(a.title), spaced(a.text), singles(a.title, a.text),
       labels(a.source, a.publisher, a.language, a.first_seen_at,
              (SELECT group_concat(symbol, ' ') FROM
                (SELECT DISTINCT symbol FROM mentions
                  WHERE article_id = a.id AND revision = a.revision ORDER BY symbol)))
  FROM articles AS a;
"""
