"""The daemon's own web page for machines: `/healthz` for a supervisor, `/metrics` for charts.

It is served on the crawl's event loop; the database is read in a thread, over a connection
of its own, so that a scrape delays no poll.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from crawler.metrics import Pulse, exposition
from pipelines.database import open_database
from pipelines.errors import BroadtapeError

if TYPE_CHECKING:
    import socket

    from crawler.session import Session


class Health:
    """Answers for one session whose clock ticks every `tick_s` seconds."""

    def __init__(self, session: Session, tick_s: float) -> None:
        self._session = session
        self._tick_s = tick_s
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(application, access_log=None)

    async def serve(self, listening: socket.socket) -> None:
        """Begin to answer; the crawl's end ends it."""
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    async def _healthz(self, _: web.Request) -> web.Response:
        pulse = await self._pulse()
        wrong = pulse.wrong()
        answer = {
            "ok": wrong is None,
            "wrong": wrong,
            "ticked_at": pulse.ticked_at and pulse.ticked_at.isoformat(timespec="seconds"),
            "pending": pulse.totals and pulse.totals["pending"],
            "alarms": len(pulse.alarms()),
        }
        return web.json_response(answer, status=200 if wrong is None else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        body = exposition(await self._pulse())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _pulse(self) -> Pulse:
        session = self._session
        held: dict[str, Any]
        try:
            held = await asyncio.to_thread(self._read)
        except BroadtapeError as error:
            held = {"totals": None, "trouble": str(error)}
        if session.error is not None:
            held["trouble"] = str(session.error)
        return Pulse(
            now=datetime.now(UTC),
            ticked_at=session.ticked_at,
            tick_s=self._tick_s,
            queued=session.queue.qsize(),
            under_way=len(session.busy),
            outcomes=dict(session.ledger.outcomes),
            tallies=list(session.ledger.tallies.values()),
            **held,
        )

    def _read(self) -> dict[str, Any]:
        path = self._session.config.database
        with open_database(path, read_only=True) as database, database.snapshot():
            return {
                "totals": database.reading.totals(),
                "feeds": database.feeds.watched(),
            }
