"""Process 1 of a sandbox with ways out: it runs the command and forwards loopback ports to Unix sockets.

Run as a script inside, by any python3, with the standard library alone: `inside.py PORT=SOCKET … -- COMMAND …`.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable


def main(words: list[str]) -> int:
    """Start the command, forward until it ends, and return its exit code."""
    mark = words.index("--")
    forwards = [word.split("=", 1) for word in words[:mark]]
    command = words[mark + 1 :]
    # Started first: it needs a second before it wants a port.
    child = os.posix_spawnp(command[0], command, os.environ)
    return asyncio.run(_serve(child, [(int(port), path) for port, path in forwards]))


async def _serve(child: int, forwards: list[tuple[int, str]]) -> int:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, _pass_on, child, number)
    loop.add_signal_handler(signal.SIGCHLD, _reap, child, ended)
    _reap(child, ended)  # it may have ended before the handler was there
    servers = [await asyncio.start_server(_forward_to(path), "127.0.0.1", port) for port, path in forwards]
    code = await ended
    for server in servers:
        server.close()
    return code


def _pass_on(child: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended; its exit code is on its way
        os.kill(child, number)


def _reap(child: int, ended: "asyncio.Future[int]") -> None:
    """Take the exit codes of all that has ended: as process 1 it inherits every orphan."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid == child and not ended.done():
            code = os.waitstatus_to_exitcode(status)
            ended.set_result(code if code >= 0 else 128 - code)


def _forward_to(path: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(path)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))
        finally:
            writer.close()
            far_writer.close()

    return connected


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy one direction to its end and say so; the other may go on."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (OSError, RuntimeError):
        writer.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
