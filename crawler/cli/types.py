"""Kinds of values that options take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _Seconds(click.ParamType[float]):
    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        from crawler.durations import seconds

        try:
            return seconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Instant(click.ParamType[datetime]):
    """2026-11-25, 2026-11-25T08:00:00Z (UTC unless it says otherwise), or how long ago: 24h."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        from crawler.durations import seconds

        if isinstance(value, datetime):
            return value
        moment: datetime
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            try:
                moment = datetime.now(UTC) - timedelta(seconds=seconds(value))
            except ValueError:
                self.fail(
                    f"{value!r} is no time: write 2026-11-25, 2026-11-25T08:00:00Z,"
                    " or how long ago (24h, 7d)",
                    param,
                    ctx,
                )
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def shell_complete(self, *_: Any) -> list[CompletionItem]:
        return []


class _Symbol(click.ParamType[str]):
    """An instrument in any notation: XSHE:000088, 000088.SZ, sz000088, NASDAQ:AAPL."""

    name = "symbol"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from pipelines.symbols import normalise_symbol

        symbol = normalise_symbol(value)
        if symbol is None:
            self.fail(
                f"{value!r} is no symbol: write XSHE:000088, 000088.SZ, 0700.HK, NASDAQ:AAPL"
                " or AAPL",
                param,
                ctx,
            )
        return symbol


class _Address(click.ParamType[tuple[str, int]]):
    """127.0.0.1:8321, [::1]:8321, or a port alone for this machine only."""

    name = "address"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, int]:
        host, _, port = str(value).rpartition(":")
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            self.fail(f"{value!r} is no address: write 127.0.0.1:8321", param, ctx)
        return host.strip("[]") or "127.0.0.1", int(port)


SECONDS = _Seconds()
INSTANT = _Instant()
SYMBOL = _Symbol()
ADDRESS = _Address()


def selecting(command: Any) -> Any:
    """Add the options that say which articles: a `Selection`'s names."""
    options = (
        click.option(
            "--since",
            type=INSTANT,
            metavar="T",
            help="First seen at T or later: 2026-11-25, 2026-11-25T08:00Z, or 24h, 7d ago.",
        ),
        click.option("--until", type=INSTANT, metavar="T", help="First seen before T."),
        click.option("--source", metavar="S", help="Only this source or publisher."),
        click.option("--language", metavar="L", help="Only this language: zh, en."),
        click.option(
            "--symbol", type=SYMBOL, metavar="S", help="Only what mentions it: 000088.SZ, AAPL."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
