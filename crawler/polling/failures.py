"""A failed download as a poll: what went wrong in words, and how much it counts."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.polling.poll import Poll
from crawler.refusals import HostPaused, Refusal

_KINDS: tuple[tuple[type[BaseException], str, float], ...] = (
    (CannotResolveHostError, "the host name is not known (DNS)", 0.25),
    (DownloadTimeoutError, "no complete answer in time", 0.5),
    (TimeoutError, "no complete answer in time", 0.5),
    (ResponseDataLossError, "the connection broke half-way", 0.5),
    (DownloadConnectionRefusedError, "connection refused", 1.0),
    (UnsupportedURLSchemeError, "only http and https are fetched", 1.0),
    (DownloadCancelledError, "the answer is too large", 1.0),
)


def poll_of_failure(error: BaseException) -> Poll:
    """Classify an exception from the downloader (an errback's `failure.value`).

    A request that was held back because its host is paused is no failure of the feed and
    weighs nothing.
    """
    if isinstance(error, HostPaused):
        return Poll(outcome="throttled", retry_at=error.retry_at, error=error.reason, weight=0.0)
    if isinstance(error, Refusal):
        return Poll(outcome="error", retry_at=error.retry_at, error=error.reason, weight=1.0)
    words, weight = explain(error)
    return Poll(outcome="error", error=words, weight=weight)


def explain(error: BaseException) -> tuple[str, float]:
    """Give an exception of the downloader in words, and its weight."""
    for kind, words, weight in _KINDS:
        if isinstance(error, kind):
            return words, weight
    said = str(error)
    if isinstance(error, IgnoreRequest):
        if "redirect" in said:
            return "too many redirects", 1.0
        if "decompress" in said:
            return "the answer is too large once decompressed", 1.0
    causes = " ".join(_causes(error))
    if "VerificationError" in causes:
        return "the certificate is another host's", 1.0
    if "certificate" in causes.lower():
        return f"the certificate cannot be trusted ({_reason(causes)})", 1.0
    if "SSL" in causes or "TLS" in causes:
        return "no secure connection could be made (TLS)", 1.0
    if "ParseError" in causes:
        return "the answer is not HTTP", 1.0
    if "ConnectionDone" in causes or "ConnectionLost" in causes:
        return "the connection broke off before an answer", 0.5
    return f"{_reason(said) or type(error).__name__}", 1.0


def _causes(error: BaseException | None) -> list[str]:
    """Everything said along the chain of causes; Twisted keeps a list of them in `reasons`."""
    said: list[str] = []
    while error is not None:
        said.append(f"{type(error).__name__} {error}")
        for failure in getattr(error, "reasons", None) or ():
            said += _causes(getattr(failure, "value", None))
        error = error.__cause__
    return said


def _reason(said: str) -> str:
    """The first words of an exception's text, fit for one line."""
    return " ".join(said.split())[:200]
