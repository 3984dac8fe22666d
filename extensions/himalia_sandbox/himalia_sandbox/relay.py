"""The sandboxes' ways out: Unix sockets on the machine's side that lead to the hub, to the platform and to named hosts."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from himalia_sandbox.inside import copy
from himalia_sandbox.outside import Outside

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def run(sockets: Path, hub_port: int, web_port: int, allow: Collection[str]) -> None:
    """Serve `sockets`/platform/{hub,web} and `sockets`/outside/out until the process is told to end.

    Two folders, since a sandbox is shown a whole one: a socket that was bound alone would be lost when the relay restarts.
    """
    for name in ("platform", "outside"):
        (sockets / name).mkdir(parents=True, exist_ok=True, mode=0o755)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(sockets, hub_port, web_port, allow))


async def serve(sockets: Path, hub_port: int, web_port: int, allow: Collection[str]) -> None:
    """Serve until cancelled, in folders that exist."""
    doors: dict[str, Connected] = {
        "platform/hub": _to(hub_port),
        "platform/web": _to(web_port),
        "outside/out": Outside(allow).connected,
    }
    async with contextlib.AsyncExitStack() as open_doors:
        for name, connected in doors.items():
            await open_doors.enter_async_context(await _listen(sockets / name, connected))
        await asyncio.Event().wait()


async def _listen(path: Path, connected: Connected) -> asyncio.Server:
    """A listener whose socket is replaced in one step: a sandbox that connects meanwhile finds the old or the new one."""
    fresh = path.with_name(f".{path.name}")  # sandboxes see it, and it leads to the same place
    fresh.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(connected, fresh)
    fresh.chmod(0o666)
    fresh.rename(path)
    return server


def _to(port: int) -> Connected:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            with contextlib.closing(far_writer):
                await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    return connected
