"""Where news comes from: everything that touches the network.

The journey, as pseudo-code:

    for feed in what the database says is due:
        response = conditional GET of feed.url
        document = formats.parse(response)         # entries, or what it is instead
        write every unknown or changed entry as pending; decide when the feed is due next
        for entry in pending:
            page    = GET entry.link               # robots.txt and the host's pace obeyed
            article = extract(page)                # in a worker process
            verdict = decide(article, known)       # new, revision, same, copy of a story
            store(verdict)                         # one short transaction; entry -> done
"""

__version__ = "0.1.0"
