"""The one way to take an address that something is served on."""

from __future__ import annotations

import socket

from pipelines.errors import AddressTaken


def listen(host: str, port: int, option: str) -> socket.socket:
    """Take the address; `option` is what the user chooses another one with.

    Raises:
        AddressTaken: another program listens there, or it is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AddressTaken(
            f"cannot listen on {host}:{port} ({error.strerror})", f"choose another {option}"
        ) from error
