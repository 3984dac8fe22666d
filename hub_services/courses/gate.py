"""The one way out of a building sandbox: a SOCKS 5 proxy (RFC 1928) that lets through to named hosts and nothing else."""

import asyncio
import contextlib
import ipaddress
import socket
import tempfile
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from himalia_sandbox.inside import copy

_VERSION, _CONNECT, _NO_PASSWORD = 5, 1, 0
_IPV4, _NAME, _IPV6 = 1, 3, 4
_DONE, _NOT_ALLOWED, _UNREACHABLE = 0, 2, 4
_SECONDS = 20


@dataclass(frozen=True)
class Door:
    """A host that may be reached at a port; `inner`: also when its address is not of the public Internet."""

    host: str
    port: int = 443
    inner: bool = False


class Gate:
    """Serves one connection after another; it resolves names itself, so that a name cannot turn to an inner address."""

    def __init__(self, doors: Collection[Door]) -> None:
        self._doors = {(door.host.lower(), door.port): door for door in doors}

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with contextlib.closing(writer), contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(_SECONDS):
                door = self._doors.get(await self._asked(reader, writer))
                far = await self._open(door) if door else None
                answer = _NOT_ALLOWED if door is None else _UNREACHABLE if far is None else _DONE
                writer.write(bytes((_VERSION, answer, 0, 1)) + bytes(6))
                await writer.drain()
            if far:
                with contextlib.closing(far[1]):
                    await asyncio.gather(copy(reader, far[1]), copy(far[0], writer))

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes((_VERSION, _NO_PASSWORD)))
        version, command, _, kind = await reader.readexactly(4)
        if (version, command) != (_VERSION, _CONNECT):
            raise ValueError("only CONNECT")
        host = await _host(reader, kind)
        return host, int.from_bytes(await reader.readexactly(2), "big")

    async def _open(self, door: Door) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for address in await resolve(door.host, door.port):
            if door.inner or ipaddress.ip_address(address).is_global:
                with contextlib.suppress(OSError):
                    return await asyncio.open_connection(address, door.port)
        return None


async def _host(reader: asyncio.StreamReader, kind: int) -> str:
    """The host that is asked for; an address counts only where the list names that very address."""
    if kind == _NAME:
        (length,) = await reader.readexactly(1)
        return (await reader.readexactly(length)).decode("ascii").lower().rstrip(".")
    if kind in (_IPV4, _IPV6):
        return str(ipaddress.ip_address(await reader.readexactly(4 if kind == _IPV4 else 16)))
    raise ValueError("unknown kind of address")


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine sees them."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(address[4][0]) for address in found]


@contextmanager
def opened(doors: Collection[Door]) -> Iterator[Path]:
    """A Unix socket that leads to `doors` while the block runs, for whoever can reach its path."""
    with tempfile.TemporaryDirectory(prefix="himalia-gate-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the sandbox has a uid of its own
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "out"))
        (folder / "out").chmod(0o666)
        listener.listen()
        loop = asyncio.new_event_loop()
        serving = loop.create_task(_serve(Gate(doors), listener))
        thread = threading.Thread(target=loop.run_until_complete, args=(serving,), daemon=True)
        thread.start()
        try:
            yield folder / "out"
        finally:
            loop.call_soon_threadsafe(serving.cancel)
            thread.join()
            loop.close()


async def _serve(gate: Gate, listener: socket.socket) -> None:
    server = await asyncio.start_unix_server(gate.connected, sock=listener)
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    server.close()
    open_ones = asyncio.all_tasks() - {asyncio.current_task()}
    for connection in open_ones:
        connection.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)
