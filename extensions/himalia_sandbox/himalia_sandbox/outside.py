"""An HTTPS proxy that knows a list of hosts: CONNECT, port 443, addresses of the public Internet only."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection

from himalia_sandbox.inside import copy

PORT = 443
_HEAD_SECONDS = 10
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 OK\r\n\r\n"

Resolve = Callable[[str], Awaitable[list[str]]]


async def resolve(host: str) -> list[str]:
    """The addresses of a host, as this machine sees them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class Outside:
    """Lets through what the list names, and answers 403 to everything else; an empty list is exam mode."""

    def __init__(self, allow: Collection[str], resolve: Resolve = resolve, port: int = PORT) -> None:
        self._allow = frozenset(host.lower() for host in allow)
        self._resolve = resolve
        self._port = port

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with contextlib.closing(writer), contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
                address = await self.address(wanted(head))
            except (ValueError, asyncio.LimitOverrunError):
                address = None
            if address is None:
                writer.write(_REFUSED)
                await writer.drain()
                return
            await self._join(reader, writer, address)

    async def address(self, host: str) -> str | None:
        """The address to connect to for `host`, None if it may not be reached."""
        if host not in self._allow:
            return None
        # The proxy resolves and then connects to what it has checked: a name cannot turn to an inner address in between.
        return next((found for found in await self._resolve(host) if ipaddress.ip_address(found).is_global), None)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        far_reader, far_writer = await asyncio.open_connection(address, self._port)
        with contextlib.closing(far_writer):
            writer.write(_ESTABLISHED)
            await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))


def wanted(head: bytes) -> str:
    """The host that a request's head asks for. Raises ValueError if it is not a CONNECT to port 443."""
    method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
    host, _, port = target.rpartition(":")
    if method != "CONNECT" or port != str(PORT):
        raise ValueError(target)
    return host.lower().rstrip(".")
