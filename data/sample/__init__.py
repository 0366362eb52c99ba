"""A small news site: three invented publishers, served on loopback for the demo and the tests.

    publishers/NAME/publisher.toml    who it is, and how its feed and pages are made
    publishers/NAME/page.html         the page around an article: its furniture
    publishers/NAME/articles/*.md     one article each: facts between +++ lines, then the text

`articles` reads these files, `render` turns them into the bytes of feeds and pages,
`site` serves them, and `demo` shows what Broadtape makes of them.
"""
