"""A server on loopback that misbehaves in forty-odd ways, each at an address of its own.

Every behaviour has its own loopback address (127.0.1.N), so that each is a host by itself.
`Misbehaving.asked` keeps what was asked, when and by whom.
"""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import zlib
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import brotli

if TYPE_CHECKING:
    from collections.abc import Mapping

CHUNK = b" " * 65_536


def rss(*names: str, link: str = "https://news.example.org") -> bytes:
    """A small feed with one item per name."""
    items = "".join(
        f"<item><title>{name}</title><link>{link}/{name}</link><guid>{name}</guid>"
        "<pubDate>Tue, 03 Nov 2026 09:30:00 GMT</pubDate></item>"
        for name in names
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Desk</title><link>{link}/</link>{items}</channel></rss>"
    ).encode()


FEED = rss("one", "two")
PAGE = b"<!doctype html><html><head><title>%s</title></head><body><p>%s</p></body></html>"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    at: float
    host: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Call:
    """A request to answer: how often this path was asked before, and where to write."""

    asked: Asked
    times: int
    writer: asyncio.StreamWriter
    server: Misbehaving
    under_way: bool = True

    def done(self) -> None:
        """Count it as under way no longer; before its last byte, which its asker waits for."""
        if self.under_way:
            self.server.at_once[self.asked.host] -= 1
        self.under_way = False

    def send(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Write a whole answer; header names with _ for -."""
        self.done()
        fields = {"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        if status == 304:
            del fields["Content-Length"]
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
        self.writer.write(f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode())
        self.writer.write(b"" if status == 304 else body)

    def unmodified(self, name: str, value: str) -> bool:
        """Whether the asker sent this validator back, verbatim."""
        return self.asked.headers.get(name) == value


Behaviour = "Callable[[Call], Awaitable[None]]"


async def plain(call: Call) -> None:
    call.send(body=FEED)


def answering(status: int = 200, body: bytes = b"", **headers: str) -> Any:
    async def answer(call: Call) -> None:
        call.send(status, body, **headers)

    return answer


def validating(name: str, sent_back: str, value: str, *, repeat: bool) -> Any:
    """200 with a validator, then 304 to whoever sends it back; with or without headers."""

    async def answer(call: Call) -> None:
        if call.unmodified(sent_back, value):
            call.send(304, **({name: value} if repeat else {}))
        else:
            call.send(body=FEED, **{name: value})

    return answer


async def changing_etags(call: Call) -> None:
    call.send(body=FEED, ETag=f'"{call.times}"')


async def volatile_bytes(call: Call) -> None:
    call.send(body=FEED + b"<!-- %d -->" % call.times)


async def stuck_etag(call: Call) -> None:
    """The same ETag for different content: a 304 from here would be a lie."""
    call.send(body=rss(*(f"n{n}" for n in range(call.times + 1))), ETag='"stuck"')


def chain(status: int, hops: int) -> Any:
    async def answer(call: Call) -> None:
        hop = int(call.asked.path.partition("hop")[2] or 0)
        if hop >= hops:
            call.send(body=FEED)
        else:
            call.send(status, Location=f"/feed?hop{hop + 1}")

    return answer


async def loop(call: Call) -> None:
    call.send(302, Location="/other" if call.asked.path == "/feed" else "/feed")


async def slow_headers(call: Call) -> None:
    await asyncio.sleep(20)


async def slow_body(call: Call) -> None:
    call.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?>")
    for _ in range(100):
        await call.writer.drain()
        await asyncio.sleep(0.2)
        call.writer.write(b" ")


async def cut_half_way(call: Call) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(FEED)}\r\n\r\n"
    call.writer.write(head.encode() + FEED[: len(FEED) // 2])


async def cut_chunked(call: Call) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    call.writer.write(head + b"40\r\n" + FEED[:64] + b"\r\n")


async def no_answer(call: Call) -> None:
    call.writer.close()


async def not_http(call: Call) -> None:
    call.writer.write(b"220 mail.example.org ESMTP ready\r\n")


async def short_length(call: Call) -> None:
    """Content-Length says less than is sent: what was announced is read, and no more."""
    call.send(body=FEED, Content_Length=str(len(FEED) - 20))


async def endless(call: Call) -> None:
    call.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?>")
    with suppress(ConnectionError):
        while not call.server.stopping:
            call.writer.write(CHUNK)
            call.server.sent[call.asked.host] += len(CHUNK)
            await call.writer.drain()


def gzip_bomb() -> bytes:
    """60 MB of blanks in 60 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(CHUNK) for _ in range(960)) + packer.flush()


BEHAVIOURS: dict[str, Any] = {
    "plain": plain,
    "etag": validating("ETag", "if-none-match", '"v1"', repeat=True),
    "etag-bare-304": validating("ETag", "if-none-match", '"v1"', repeat=False),
    "etag-weak": validating("ETag", "if-none-match", 'W/"v1"', repeat=True),
    "etag-malformed": validating("ETag", "if-none-match", "v1-no-quotes", repeat=True),
    "last-modified": validating(
        "Last_Modified", "if-modified-since", "Tue, 03 Nov 2026 09:30:00 GMT", repeat=True
    ),
    "last-modified-odd": validating(
        "Last_Modified", "if-modified-since", "2026-11-03 09:30", repeat=False
    ),
    "etag-changing": changing_etags,
    "volatile": volatile_bytes,
    "etag-stuck": stuck_etag,
    "301": chain(301, 1),
    "302": chain(302, 1),
    "307": chain(307, 1),
    "308": chain(308, 1),
    "301-chain": chain(301, 3),
    "endless-chain": chain(302, 1000),
    "loop": loop,
    "to-private": answering(302, Location="http://127.0.2.1/feed"),
    "to-metadata": answering(302, Location="http://169.254.169.254/latest/"),
    "to-file": answering(302, Location="file:///etc/hostname"),
    "no-location": answering(302),
    "404": answering(404, b"no"),
    "410": answering(410, b"gone"),
    "429-seconds": answering(429, Retry_After="3600"),
    "429-date": answering(429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
    "429-garbage": answering(429, Retry_After="soon"),
    "429-bare": answering(429),
    "503": answering(503, Retry_After="120"),
    "500": answering(500, b"oops"),
    "401": answering(401, b"who"),
    "406": answering(406, b"no"),
    "slow-headers": slow_headers,
    "slow-body": slow_body,
    "cut": cut_half_way,
    "cut-chunked": cut_chunked,
    "no-answer": no_answer,
    "not-http": not_http,
    "short-length": short_length,
    "gzip": answering(200, gzip.compress(FEED), Content_Encoding="gzip"),
    "brotli": answering(200, brotli.compress(FEED), Content_Encoding="br"),
    "deflate": answering(200, zlib.compress(FEED), Content_Encoding="deflate"),
    "gzip-mislabelled": answering(200, FEED, Content_Encoding="gzip"),
    "brotli-mislabelled": answering(200, FEED, Content_Encoding="br"),
    "zstd-mislabelled": answering(200, FEED, Content_Encoding="zstd"),
    "gzip-bomb": answering(200, gzip_bomb(), Content_Encoding="gzip"),
    "endless": endless,
    "challenge": answering(403, PAGE % (b"Just a moment...", b"wait"), Content_Type="text/html"),
    "challenge-200": answering(200, PAGE % (b"Just a moment...", b"x"), Content_Type="text/html"),
    "consent": answering(
        200,
        PAGE % (b"Before you continue", b"<form><button>Accept all</button></form>"),
        Content_Type="text/html",
    ),
    "html": answering(200, PAGE % (b"Desk", b"Welcome to the desk"), Content_Type="text/html"),
    "empty": answering(200, b""),
    "no-entries": answering(200, rss()),
}


class Misbehaving:
    """The server; use as a context manager. `url(name)` is a behaviour's feed."""

    def __init__(
        self, behaviours: Mapping[str, Any] = BEHAVIOURS, network: str = "127.0.1"
    ) -> None:
        self.addresses = {name: f"{network}.{n}" for n, name in enumerate(behaviours, start=1)}
        self.by_address = {self.addresses[name]: run for name, run in behaviours.items()}
        self.asked: list[Asked] = []
        self.sent: Counter[str] = Counter()
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.stopping = False
        self._times: defaultdict[tuple[str, str], int] = defaultdict(int)

    def __enter__(self) -> Misbehaving:
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping = True
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def url(self, name: str, path: str = "/feed") -> str:
        """The address of a behaviour."""
        return f"http://{self.addresses[name]}:{self.port}{path}"

    def asked_of(self, name: str) -> list[Asked]:
        """What was asked of a behaviour, in order."""
        return [asked for asked in self.asked if asked.host == self.addresses[name]]

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "0.0.0.0", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        call = None
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in fields}
            path = head[0].split(" ")[1]
            asked = Asked(time.time(), host, path, headers)
            self.asked.append(asked)
            times = self._times[host, path]
            self._times[host, path] += 1
            self.at_once[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self.at_once[host])
            call = Call(asked, times, writer, self)
            await self.by_address[host](call)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            if call is not None:
                call.done()
            with suppress(ConnectionError, RuntimeError):
                writer.close()
