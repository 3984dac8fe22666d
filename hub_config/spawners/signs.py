"""Signs of life: a server's first answer, and its end, waited for without looking again and again."""

import asyncio
import os
from pathlib import Path

from himalia_sandbox import Process


async def ended(process: Process) -> None:
    """Return when the process has ended, whoever's child it is."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, end.set)
    try:
        if process.alive():
            await end.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def answered(listener: Path, path: str) -> bool:
    """Whether a server answers a request at its socket; False once it can answer no more.

    The socket listens before the server runs, so the request waits in its queue and is answered at the first moment.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(str(listener))
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        return bool(await reader.read(1))
    except OSError:
        return False
    finally:
        writer.close()
