"""Asking a process whether it is ready."""

import http.client
import socket
from collections.abc import Mapping

from hub_cli.supervisor.plan import Probe

SECONDS = 0.5


def is_ready(probe: Probe, headers: Mapping[str, str] | None = None) -> bool:
    """Whether the process accepts work now; never raises, never waits longer than SECONDS. No address: it always is."""
    if not (probe.port or probe.socket):
        return True
    try:
        return _accepts(probe.socket) if probe.socket else _answers(probe, headers or {})
    except (OSError, http.client.HTTPException):
        return False


def _accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(SECONDS)
        client.connect(path)
    return True


def _answers(probe: Probe, headers: Mapping[str, str]) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", probe.port, timeout=SECONDS)
    try:
        connection.request("GET", probe.path, headers={"Connection": "close", **headers})
        return connection.getresponse().status < 500
    finally:
        connection.close()
