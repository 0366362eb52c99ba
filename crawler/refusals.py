"""Requests that Broadtape itself does not make, and why. Expected; never a traceback.

    Refusal (scrapy.exceptions.IgnoreRequest)
    ├── AddressRefused     not http(s), or an address that is not public
    ├── ContactMissing     the publisher wants to know who asks
    ├── HostPaused         the host asked to be left alone until a time
    ├── RobotsForbidden    robots.txt forbids this page
    └── RobotsUnreachable  robots.txt cannot be read just now, so nothing else may be

A spider's errback receives them as `failure.value`. `retry_at` says when to try again:
nothing is lost, the entry stays pending until then. None: there is no point in trying.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from datetime import datetime


class Refusal(IgnoreRequest):
    """A request not made, in words; `retry_at` as in the module's docstring."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_at = retry_at


class AddressRefused(Refusal):
    """The guard refused the scheme, the host or the address behind it."""


class ContactMissing(Refusal):
    """SEC EDGAR and its like answer only those who say who they are."""


class HostPaused(Refusal):
    """429, 503 or Retry-After: no request to this host until `retry_at`."""


class RobotsForbidden(Refusal):
    """robots.txt says no."""


class RobotsUnreachable(Refusal):
    """RFC 9309, 2.3.1.4: a robots.txt that cannot be had means "disallow" for now."""
