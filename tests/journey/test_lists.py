"""Lists of feeds: imported, exported, checked, discovered; looking stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journey.helpers import only_line, query

if TYPE_CHECKING:
    from data.sample.site import Site
    from data.sample.user import User

OPML = """<opml version="1.0"><body><outline text="Shipping & Ports">
<outline text="Harbour <em>daily</em>" xmlUrl="https://harbour.example/rss.xml"/>
<outline text="No feed" htmlUrl="https://nothing.example/"/></outline></body></opml>"""


def test_feeds_travel_through_opml(user: User) -> None:
    mine = user.folder / "mine.opml"
    mine.write_text(OPML, encoding="utf-8")
    imported = user.run("feeds", "import", str(mine))
    assert imported.returncode == 0
    assert "1 feeds read" in imported.stderr
    listed = user.run("feeds", "list").stdout
    assert "https://harbour.example/rss.xml" in listed
    exported = user.folder / "all.opml"
    assert user.run("feeds", "export", "-o", str(exported)).returncode == 0
    text = exported.read_text(encoding="utf-8")
    assert 'xmlUrl="https://harbour.example/rss.xml"' in text
    assert "港城财讯" in text
    # What was imported stays watched when the catalogue is read again.
    assert "https://harbour.example/rss.xml" in user.run("feeds", "list").stdout


def test_a_file_that_is_no_list_is_refused_in_one_line(user: User) -> None:
    wrong = user.folder / "wrong.opml"
    wrong.write_text("just words", encoding="utf-8")
    refused = user.run("feeds", "import", str(wrong))
    assert refused.returncode == 1
    assert "not an OPML file" in only_line(refused.stderr)


def test_check_reads_without_storing(user: User, site: Site) -> None:
    checked = user.run("feeds", "check", site.feed_url("gangcheng"))
    assert checked.returncode == 0, checked.stderr
    assert "10 entries, 10 dated" in checked.stdout
    assert checked.stdout.count("https://") + checked.stdout.count("http://") >= 4
    page = user.run("feeds", "check", site.article_url("tidewater", "market-report-tuesday"))
    assert page.returncode == 1
    assert "not_a_feed" in page.stdout
    down = user.run("feeds", "check", site.down_url)
    assert down.returncode == 1
    assert "connection refused" in down.stdout
    assert query(user, "SELECT count(*) FROM entries") == [(0,)] if user.db.exists() else True


def test_discover_finds_and_tries_what_a_page_names(user: User, site: Site) -> None:
    feed = site.feed_url("meridian")
    page = f'<html><head><link rel="alternate" type="application/rss+xml" href="{feed}"></head>'
    site.add_page("meridian", "/", page.encode())
    found = user.run("feeds", "discover", site.url("meridian", "/"))
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(feed)
    nothing = user.run("feeds", "discover", site.url("gangcheng", "/nowhere"))
    assert nothing.returncode == 1
    assert "no feed found" in only_line(nothing.stderr)


def test_a_paused_feed_is_left_alone_until_resumed(user: User, site: Site) -> None:
    assert user.run("feeds", "pause", "Meridian Wire").returncode == 0
    user.run("crawl", "--no-pages")
    asked = {request.publisher for request in site.requests}
    assert asked == {"gangcheng", "tidewater"}
    assert user.run("feeds", "resume", "Meridian Wire").returncode == 0
    user.run("crawl", "--no-pages")
    assert "meridian" in {request.publisher for request in site.requests}


def test_a_crawl_may_be_narrowed(user: User, site: Site) -> None:
    assert user.run("crawl", "--language", "zh", "--limit", "3").returncode == 0
    assert {request.publisher for request in site.requests} == {"gangcheng"}
    assert len(site.pages_fetched()) == 3
    assert query(user, "SELECT state, count(*) FROM entries GROUP BY 1 ORDER BY 1") == [
        ("done", 3),
        ("pending", 7),
    ]
    # The rest is taken up by the next crawl, whichever feeds that one polls.
    assert user.run("crawl", "--category", "markets").returncode == 0
    assert query(user, "SELECT count(*) FROM entries WHERE state = 'pending'") == [(0,)]


def test_a_table_of_names_adds_mentions(user: User) -> None:
    table = user.folder / "symbols.csv"
    table.write_text("symbol,names\nXOSL:AURC,Aurelis Cable\n", encoding="utf-8")
    user.environment["BROADTAPE_SYMBOLS"] = str(table)
    assert user.run("crawl").returncode == 0
    found = query(user, "SELECT DISTINCT symbol FROM mentions WHERE rule = 'user-name'")
    assert found == [("XOSL:AURC",)]
    table.write_text("symbol,names\n???,Aurelis Cable\n", encoding="utf-8")
    assert "line 2" in only_line(user.run("crawl").stderr)
