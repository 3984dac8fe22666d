"""Asking a process whether it is ready."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from hub_cli.supervisor.plan import Probe

SECONDS = 0.5
LISTENING = "0A"


def is_ready(probe: Probe, pid: int) -> bool:
    """Whether this process accepts work now; never raises, never waits longer than SECONDS. No address: it always is."""
    if not (probe.port or probe.socket):
        return True
    if probe.socket:
        return accepts(probe.socket)
    return listens(pid, probe.port) and answers(probe)


def accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(SECONDS)
        return client.connect_ex(path) == 0


def answers(probe: Probe, headers: Mapping[str, str] | None = None) -> bool:
    """Whether somebody answers there, and not with an error of their own."""
    connection = http.client.HTTPConnection("127.0.0.1", probe.port, timeout=SECONDS)
    try:
        connection.request("GET", probe.path, headers={"Connection": "close", **(headers or {})})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def listens(pid: int, port: int) -> bool:
    """Whether it is this very process that listens: another program on the same port would answer in its place."""
    return bool(set(_listeners(pid, port)) & set(_sockets(pid)))


def _listeners(pid: int, port: int) -> Iterator[str]:
    """The inodes of the sockets that listen on the port, where the process is."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]


def _sockets(pid: int) -> Iterator[str]:
    """The inodes of the sockets that the process holds."""
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                kind, _, inode = str(descriptor.readlink()).partition(":[")
                if kind == "socket":
                    yield inode.rstrip("]")
