"""Where an instrument trades, and how its code is written there.

Every notation ends here: `listing("XHKG", "700")` is `Listing("XHKG", "00700")`, whoever
wrote it. The tables are data (`markets.toml`); the Chinese ranges are here, because they
are rules. A listing that cannot be (a code no such exchange would give out) is None.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final, Literal, NamedTuple

Kind = Literal["stock", "index", "fund", "bond", "pair", "unknown"]

TABLES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    files(__package__).joinpath("markets.toml").read_text(encoding="utf-8")
)
REUTERS: Final[dict[str, dict[str, str]]] = tomllib.loads(
    files(__package__).joinpath("reuters.toml").read_text(encoding="utf-8")
)
LABELS: Final = {label.casefold(): mic for label, mic in TABLES["labels"].items()}
BRACKET_LABELS: Final = TABLES["bracket_labels"]
HAN_LABELS: Final = TABLES["han_labels"]
SUFFIXES: Final = TABLES["suffixes"]
BLOOMBERG: Final = TABLES["bloomberg"]
COUNTRIES: Final = TABLES["countries"]
MICS: Final = frozenset(
    mic
    for table, entries in TABLES.items()
    if table != "shapes"
    for mic in entries.values()
    if mic not in {"US", "CN", "CRYPTO"}
)
_SHAPES: Final = {mic: re.compile(shape) for mic, shape in TABLES["shapes"].items()}
US_EXCHANGES: Final = ("XNYS", "XNAS", "XASE", "ARCX", "BATS", "OTCM")
# Where a class of shares follows a dot: BRK.A, BBD.B. In the north it follows a hyphen.
_DOTTED_CLASSES = frozenset((*US_EXCHANGES, "US", "XTSE", "XTSX", "NEOE", "XCNQ"))
NORDIC: Final = frozenset(("XSTO", "XCSE", "XHEL", "XOSL", "XICE"))

# Shares of the mainland exchanges: wlwd13303/panda_factor, stock_utils.py. 920 before the
# rest (it is Beijing, though 900 is Shanghai B); 430 was given out only up to 430799.
A_SHARE: Final = (
    r"(?:60[0135]\d{3}|68[89]\d{3}|00[0-3]\d{3}|30[0-2]\d{3}|920\d{3}|430[0-7]\d{2}"
    r"|8[2378]\d{4}|900[89]\d{2}|20[01]\d{3})"
)
_A_SHARE = re.compile(A_SHARE)
_SINA_PREFIX: Final = {"sh": "XSHG", "ss": "XSHG", "sz": "XSHE", "bj": "BJSE"}

# Coins one may price in dollars; any base will do before a stablecoin.
COINS: Final = frozenset(
    "BTC ETH XRP SOL BNB DOGE ADA TRX AVAX LINK DOT LTC BCH XLM UNI ATOM ETC XMR NEAR APT"
    " ARB OP SUI SHIB PEPE TON HBAR ICP FIL AAVE MKR ALGO EOS XTZ MATIC USDT USDC".split()
)


class Listing(NamedTuple):
    """An instrument on an exchange: `mic` as in ISO 10383 (or US, CRYPTO), and its code."""

    mic: str
    code: str

    @property
    def symbol(self) -> str:
        """`MIC:code`, the form in which everything else knows it."""
        return f"{self.mic}:{self.code}"


def mainland(code: str) -> str | None:
    """Give the exchange of a mainland Chinese share by the range of its six digits."""
    if not _A_SHARE.fullmatch(code) or code in {"000000", "300000"}:
        return None
    if code.startswith(("920", "43", "82", "83", "87", "88")):
        return "BJSE"
    return "XSHG" if code[0] in "69" else "XSHE"


def listing(mic: str, code: str) -> Listing | None:
    """Write a code as its exchange does; None where no such exchange would give it out.

    Hong Kong is padded to five digits, a class of shares follows a dot (BRK/A is BRK.A,
    BBD/B is BBD.B), London's padding dot goes (BP. is BP). A label that two exchanges share
    is settled by the code: TSE 7203 is Tokyo, TSE RY is Toronto; BSE 920001 is Beijing,
    500325 Bombay.
    """
    mic = _settle(mic, code)
    shape = _SHAPES.get(mic, _SHAPES["other"])
    if mic not in _SHAPES and mic not in MICS:
        return None
    if not shape.fullmatch(code):
        return None
    if mic == "XHKG":
        return Listing(mic, code.zfill(5)) if int(code) else None
    if mic in {"XLON", "AIMX"}:
        code = code.rstrip(".")
    if mic in _DOTTED_CLASSES:
        code = re.sub(r"[/-]", ".", code)
    return Listing(mic, code)


def _settle(mic: str, code: str) -> str:
    digits = code.isdigit()
    if mic == "CN":
        return mainland(code) or "none"
    if mic == "XTSE" and code[:1].isdigit():
        return "XTKS"
    if mic == "XBOM" and digits and mainland(code) == "BJSE":
        return "BJSE"
    if mic == "XBOM" and code.isalpha():
        return "none"
    if mic == "XNAS" and len(code) == 5 and digits:
        return "none"
    return mic


def label_mic(label: str) -> str | None:
    """Give the MIC of an exchange's label in any of its spellings, or of a MIC itself."""
    label = label.replace("\xa0", " ").strip()
    if label in MICS or label == "US":
        return label
    return LABELS.get(label.casefold()) or BRACKET_LABELS.get(label.upper())


def exchange_traded(code: str) -> Listing | None:
    """Read a fund or a convertible bond of the mainland by its range, as quotes are given."""
    if code.startswith(("5", "110", "111", "113", "118")):
        return listing("XSHG", code)
    return (
        listing("XSHE", code) if code.startswith(("15", "16", "18", "123", "127", "128")) else None
    )


def prefixed(prefix: str, code: str) -> Listing | None:
    """Read sh600519, sz000001, bj920001 or SS600856 as Chinese vendors write them."""
    mic = _SINA_PREFIX.get(prefix.lower())
    return listing(mic, code) if mic and kind_of(mic, code) != "unknown" else None


def suffixed(root: str, suffix: str) -> Listing | None:
    """Read 600519.SS, 0700.HK, VOD.L, SIEGn.DE: a root and the suffix of Yahoo or Reuters.

    Reuters adds G (and n for registered shares) to German codes; that is taken off, and
    VOWG_p.DE is VOW3. It writes a class of shares in lower case: BRKa.N is BRK.A, VOLVb.ST is
    VOLV-B. What no rule gives is in `reuters.toml`.
    """
    mic = SUFFIXES.get(suffix)
    if mic is None:
        return None
    if other := REUTERS.get(mic, {}).get(root):
        root = other
    elif mic == "XETR" and (preferred := re.fullmatch(r"([A-Z]{2,4}?)G?_p", root)):
        root = f"{preferred[1]}3"
    elif mic == "XETR" and (german := re.fullmatch(r"([A-Z0-9]{2,4})Gn|([A-Z]{3})G", root)):
        root = german[1] or german[2]
    if classed := re.fullmatch(r"([A-Z]{1,5})([a-d])", root):
        root = f"{classed[1]}{'-' if mic in NORDIC else '.'}{classed[2].upper()}"
    if mic == "XSHG" and not root.isdigit():
        return None
    return listing(mic, root)


def kind_of(mic: str, code: str) -> Kind:
    """Say what a code is, as far as its range tells: sh000001 is an index, sz000001 a bank."""
    if mic == "CRYPTO":
        return "pair"
    if mic not in {"XSHG", "XSHE", "BJSE"}:
        return "stock"
    if len(code) != 6:
        return "unknown"
    if mic == "XSHG" and code.startswith("000"):
        return "index"
    if (mic == "XSHE" and code.startswith("399")) or (mic == "BJSE" and code.startswith("899")):
        return "index"
    if mainland(code) == mic:
        return "stock"
    if code.startswith(("11", "12", "13", "01", "10")):
        return "bond"
    if code.startswith(("5", "15", "16", "18")):
        return "fund"
    return "unknown"


def pair(base: str, quote: str) -> Listing | None:
    """Read a pair of crypto-currencies: BTC and USD, or any coin against a stablecoin."""
    stable = quote in {"USDT", "USDC"}
    if base == quote or not (base in COINS or stable):
        return None
    return Listing("CRYPTO", f"{base}-{quote}")
