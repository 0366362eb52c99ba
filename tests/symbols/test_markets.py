"""Exchanges are those of ISO 10383, and codes are written as the exchanges do."""

from __future__ import annotations

import iso10383
import pytest

from pipelines.symbols import normalise_symbol
from pipelines.symbols.markets import MICS, kind_of, mainland

STANDARD = {mic.name.upper(): mic.value for mic in iso10383.MIC}


@pytest.mark.parametrize("mic", sorted(MICS))
def test_every_mic_is_in_the_standard_and_active(mic: str) -> None:
    assert mic in STANDARD
    assert STANDARD[mic].status is not iso10383.Status.expired


def test_beijing_is_not_bucharest() -> None:
    assert mainland("920001") == "BJSE"
    country = STANDARD["XBSE"].iso_country_code
    assert country is not None
    assert country.name == "ro"


@pytest.mark.parametrize(
    ("mic", "code", "kind"),
    [
        ("XSHG", "000001", "index"),
        ("XSHE", "000001", "stock"),
        ("XSHE", "399001", "index"),
        ("XSHG", "510300", "fund"),
        ("XSHG", "113050", "bond"),
        ("XNAS", "AAPL", "stock"),
    ],
)
def test_an_index_is_told_from_a_stock(mic: str, code: str, kind: str) -> None:
    assert kind_of(mic, code) == kind


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [
        ("000088", "XSHE:000088"), ("sz000088", "XSHE:000088"), ("000088.SZ", "XSHE:000088"),
        ("600519.SS", "XSHG:600519"), ("SH600519", "XSHG:600519"), ("920001", "BJSE:920001"),
        ("700.HK", "XHKG:00700"), ("00700", "XHKG:00700"), ("HKG:1", "XHKG:00001"),
        ("nasdaq:aapl", "XNAS:AAPL"), ("NYSE:BRK/A", "XNYS:BRK.A"), ("AAPL", "US:AAPL"),
        ("$TSLA", "US:TSLA"), ("brk.b", "US:BRK.B"), ("US:SPX", "US:SPX"), ("AAPL:US", "US:AAPL"),
        ("VOD.L", "XLON:VOD"), ("LON:BP/", "XLON:BP"), ("LON: BP.", "XLON:BP"),
        ("SIEGn.DE", "XETR:SIE"), ("SAP.DE", "XETR:SAP"), ("AIR-FR", "XPAR:AIR"),
        ("UBI.FR", "XPAR:UBI"), ("TSE:7203", "XTKS:7203"), ("TSE:RY", "XTSE:RY"),
        ("BSE:500325", "XBOM:500325"), ("VOD LN Equity", "XLON:VOD"),
        ("UK:BP", "XLON:BP"), ("HK:700", "XHKG:00700"), ("JP:7203", "XTKS:7203"),
        ("CN:600519", "XSHG:600519"), ("BRK-B", "US:BRK.B"), ("BBD/B.TO", None),
        ("VOLV-B.ST", "XSTO:VOLV-B"), ("BBDb.TO", "XTSE:BBD.B"), ("LVMH.PA", "XPAR:MC"),
        ("MC.PA", "XPAR:MC"), ("ADSGn.DE", "XETR:ADS"), ("SAPG.DE", "XETR:SAP"),
        ("1COV.DE", "XETR:1COV"), ("TEDU.NASDAQ", "XNAS:TEDU"),
        ("BTC/USD", "CRYPTO:BTC-USD"), ("CRYPTO:BTC-USD", "CRYPTO:BTC-USD"),
        ("", None), ("hello world", None), ("123", None), ("XXXX:ABC", None), ("300000", None),
    ],
)  # fmt: skip
def test_what_a_user_types(typed: str, symbol: str | None) -> None:
    assert normalise_symbol(typed) == symbol
