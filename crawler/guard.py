"""Which addresses may be fetched at all.

Feeds and pages name their links, and so could make Broadtape ask anything its machine can
reach: the router, a cloud's metadata service, a database beside it. Only http and https to
public addresses are fetched, unless the configuration allows a host by name, address or
network. What counts is the address that a connection is made to, so the check sits in the
resolver: redirects, names that change their address and odd spellings of 127.0.0.1 all
pass through it.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.refusals import AddressRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.interfaces import IAddress, IHostResolution

SCHEMES = ("http", "https")
# Carriers of an IPv4 address inside an IPv6 one: RFC 6052 (NAT64) and RFC 3056 (6to4).
NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")


def refuse_reason(host_or_ip: str, allow_hosts: Iterable[str] = ()) -> str | None:
    """Say why a host must not be asked, or None if it may be.

    A name that is no address is only compared with the allowed ones (and let pass: its
    addresses are judged once they are known). `allow_hosts` are names, addresses or
    networks (`10.0.0.0/8`).
    """
    return _refuse_reason(host_or_ip, tuple(allow_hosts))


@lru_cache(maxsize=4096)
def _refuse_reason(host: str, allow_hosts: tuple[str, ...]) -> str | None:
    host = host.strip("[]").rstrip(".").casefold()
    if host in {allowed.casefold() for allowed in allow_hosts}:
        return None
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if any(_within(address, allowed) for allowed in allow_hosts):
        return None
    inner = _inside(address)
    if inner is not None:
        return _refuse_reason(str(inner), allow_hosts)
    kind = _kind(address)
    return f"{address} is {kind}" if kind else None


def _within(address: IPv4Address | IPv6Address, allowed: str) -> bool:
    try:
        return address in ip_network(allowed, strict=False)
    except ValueError:
        return False


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one carries, if it is of a kind that carries one."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in NAT64 or address in COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _kind(address: IPv4Address | IPv6Address) -> str | None:
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    kinds = (
        (address.is_unspecified, "unspecified"),
        (address.is_loopback, "loopback"),
        (address.is_link_local, "link-local"),
        (address.is_multicast, "multicast"),
        (address.is_reserved, "reserved"),
        (address.is_private or site_local, "private"),
        (not address.is_global, "not public"),
    )
    return next((name for found, name in kinds if found), None)


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's own resolver (IPv4 and IPv6), minus the addresses the guard refuses.

    Twisted connects to exactly the addresses that its resolver names, so nothing can change
    between the check and the connection. Literal addresses come through here as well.
    Nothing is cached: a daemon that runs for months must see names move, and connections
    are kept alive anyway. Install with the setting TWISTED_DNS_RESOLVER.
    """

    def __init__(self, reactor: ReactorBase, allow_hosts: Iterable[str]) -> None:
        self.reactor: Any = reactor
        self.inner: Any = self.reactor.nameResolver
        self.allow_hosts = tuple(allow_hosts)
        self.allowed_names = {allowed.casefold() for allowed in self.allow_hosts}
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """Build from the setting BROADTAPE_ALLOW_HOSTS."""
        return cls(reactor, crawler.settings.getlist("BROADTAPE_ALLOW_HOSTS"))

    def install_on_reactor(self) -> None:
        """Become the reactor's name resolver."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve as the inner resolver does, passing on only what may be connected to."""
        receiver = _Sieve(resolutionReceiver, hostName, self)
        resolution: IHostResolution = self.inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution

    def judge(self, host: str, address: str) -> str | None:
        """Why `host`, being at `address`, must not be connected to; None if it may be."""
        if host.rstrip(".").casefold() in self.allowed_names:
            return None
        return refuse_reason(address, self.allow_hosts)


@implementer(IResolutionReceiver)
class _Sieve:
    """Lets through to `receiver` the addresses of `host` that the resolver's guard allows."""

    def __init__(self, receiver: IResolutionReceiver, host: str, guard: GuardedResolver) -> None:
        self.receiver: Any = receiver  # zope's interfaces read like wrong signatures to mypy
        self.host, self.guard = host, guard
        self.passed, self.reason = 0, ""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self.receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        reason = self.guard.judge(self.host, str(getattr(address, "host", "")))
        if reason is None:
            self.passed += 1
            self.receiver.addressResolved(address)
        else:
            self.reason = reason

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.reason and not self.passed:
            self.guard.refused[self.host] = self.reason
        else:
            self.guard.refused.pop(self.host, None)
        self.receiver.resolutionComplete()


class AddressGuard:
    """Downloader middleware: refuses odd schemes and literal addresses, names refusals."""

    def __init__(self, allow_hosts: Iterable[str]) -> None:
        self.allow_hosts = tuple(allow_hosts)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Build from the setting BROADTAPE_ALLOW_HOSTS."""
        return cls(crawler.settings.getlist("BROADTAPE_ALLOW_HOSTS"))

    def process_request(self, request: Request) -> None:
        """Refuse what can be judged without looking a name up."""
        parts = urlsplit(request.url)
        if parts.scheme not in SCHEMES:
            raise AddressRefused(f"{parts.scheme}: only http and https are fetched")
        reason = refuse_reason(parts.hostname or "", self.allow_hosts)
        if reason:
            raise AddressRefused(f"{reason}; add it to allow_hosts if that is intended")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say that a name was refused, where Twisted only knows that no address was left."""
        if not isinstance(exception, CannotResolveHostError):
            return
        from twisted.internet import reactor

        host = urlsplit(request.url).hostname or ""
        refused: dict[str, str] = getattr(getattr(reactor, "nameResolver", None), "refused", {})
        if host in refused:
            raise AddressRefused(
                f"{host}: {refused[host]}; add the host to allow_hosts if that is intended"
            ) from exception
