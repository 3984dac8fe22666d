"""The web application's process: its public and its internal part, one event loop, two ports."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from hub_config.settings.load import load
from hub_services.app import create_internal, create_public
from hub_services.web.platform import assemble
from hub_services.web.schema import upgrade

GRACE_SECONDS = 5
# The proxy keeps connections open; one that we close as it sends a request is answered 503, so we do not close them first.
KEEP_ALIVE_SECONDS = 3600


class _Server(uvicorn.Server):
    """A server that leaves signals to the process, which holds two of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(settings_file: Path) -> None:
    """Serve until SIGTERM; requests that are being answered are finished first."""
    platform = assemble(load(settings_file))
    upgrade(platform.database)
    addresses = platform.settings.addresses
    public = _server(create_public(platform), addresses.web_port)
    internal = _server(create_internal(platform), addresses.internal_port)
    asyncio.run(_serve(public, internal))


def _server(app: Any, port: int) -> uvicorn.Server:
    """Only the proxy and the platform's own processes reach it, so its forwarded headers are believed."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
    )
    return _Server(config)


async def _serve(*servers: uvicorn.Server) -> None:
    def end() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    await asyncio.gather(*(server.serve() for server in servers))
