"""`broadtape run --http`: a supervisor and a chart can see whether the daemon works."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from crawler.metrics import Pulse, exposition
from pipelines.ledger import Tally
from tests.journey.helpers import only_line
from tests.journey.test_daemon import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.sample.site import Site
    from data.sample.user import User

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def watched(user: User) -> Iterator[str]:
    """The daemon, and where it answers; it must end well when asked to."""
    port = free_port()
    process = user.start("run", "--tick", "1s", "--http", f"127.0.0.1:{port}")
    try:
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in said
        assert "Unclosed" not in said
    finally:
        process.kill()
        process.wait()


def read(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_the_daemon_says_of_itself(site: Site, user: User) -> None:
    stored = len(site.fetchable())
    with watched(user) as url:
        wait_for(lambda: read(f"{url}/healthz")[0] == 200, 30)

        def counted() -> dict[tuple[str, ...], float]:
            return samples(read(f"{url}/metrics")[1])

        wait_for(lambda: counted().get(("broadtape_record_articles",)) == stored, 60)
        now = counted()
        answer = json.loads(read(f"{url}/healthz")[1])
        assert read(f"{url}/elsewhere")[0] == 404
    assert answer["ok"] is True
    assert answer["wrong"] is None
    assert now["broadtape_up",] == 1
    assert now["broadtape_polls_total", "new"] == len(site.publishers)
    assert now["broadtape_polls_total", "error"] >= 1
    assert now["broadtape_pages_stored_total",] == stored
    assert now["broadtape_database_bytes",] > 0
    heard = [key for key in now if key[0] == "broadtape_feed_last_ok_timestamp_seconds"]
    assert {key[1] for key in heard} == {site.feed_url(name) for name in site.publishers}


def test_an_address_that_is_taken_is_said_before_anything_is_fetched(
    site: Site, user: User
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = user.run("run", "--http", f"127.0.0.1:{port}")
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in only_line(result.stderr)
    assert "--http" in result.stderr
    assert not site.pages_fetched()


def test_an_address_that_is_none(user: User) -> None:
    result = user.run("run", "--http", "here")
    assert result.returncode == 2
    assert "127.0.0.1:8321" in result.stderr


def pulse(**facts: object) -> Pulse:
    values = {
        "now": NOW,
        "ticked_at": NOW - timedelta(seconds=20),
        "tick_s": 30.0,
        "queued": 0,
        "under_way": 0,
        "outcomes": {},
        "tallies": (),
        "totals": None,
        **facts,
    }
    return Pulse(**values)  # type: ignore[arg-type]


def test_a_stuck_clock_is_told_and_a_late_one_is_not() -> None:
    assert pulse(ticked_at=NOW - timedelta(seconds=85)).wrong() is None
    assert "91 s" in (pulse(ticked_at=NOW - timedelta(seconds=91)).wrong() or "")
    assert "not ticked" in (pulse(ticked_at=None).wrong() or "")
    assert pulse(trouble="the disk is full").wrong() == "the disk is full"


def test_metrics_are_told_even_when_the_database_cannot_be_read() -> None:
    told = samples(exposition(pulse(trouble="locked", outcomes={"blocked": 3})).decode())
    assert told["broadtape_up",] == 0
    assert told["broadtape_polls_total", "blocked"] == 3
    assert ("broadtape_record_articles",) not in told


def test_sightings_that_cost_no_page_are_counted_apart() -> None:
    tallies = [Tally("front", fetched=2, stored=2), Tally("ports", sighted=2), Tally("grain")]
    told = samples(exposition(pulse(tallies=tallies)).decode())
    assert told["broadtape_entries_sighted_total",] == 2
    assert told["broadtape_pages_fetched_total",] == 2
