"""Signs of life: an answer that waits in the socket's queue, and an end."""

import asyncio
import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from himalia_sandbox import Process

from hub_config.spawners.signs import answered, ended


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/s")
        listening.listen()
        yield listening


def path(listener: socket.socket) -> Path:
    return Path(listener.getsockname())


def test_a_request_is_answered_by_a_server_that_comes_later(listener: socket.socket) -> None:
    async def main() -> tuple[bool, bytes]:
        waiting = asyncio.create_task(answered(path(listener), "/user/x/api"))
        connection, _ = await asyncio.to_thread(listener.accept)
        with connection:
            asked = await asyncio.to_thread(connection.recv, 1000)
            connection.send(b"HTTP/1.0 403 Forbidden\r\n\r\n")
            return await waiting, asked

    answer, asked = asyncio.run(main())
    assert answer
    assert asked.startswith(b"GET /user/x/api HTTP/1.0\r\n")


def test_a_server_that_goes_away_gives_no_answer(listener: socket.socket) -> None:
    async def main() -> bool:
        waiting = asyncio.create_task(answered(path(listener), "/"))
        connection, _ = await asyncio.to_thread(listener.accept)
        connection.close()
        return await waiting

    assert asyncio.run(main()) is False


def test_where_nobody_listens_there_is_no_answer(listener: socket.socket, tmp_path: Path) -> None:
    assert asyncio.run(answered(tmp_path / "nothing", "/")) is False


def test_the_end_of_anybodys_child_is_seen() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo $!"], stdout=subprocess.PIPE) as shell:
        assert shell.stdout
        orphan = Process.named(int(shell.stdout.readline()))

    async def main() -> bool:
        waiting = asyncio.create_task(ended(orphan))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.1)
        before = waiting.done()
        os.kill(orphan.pid, 9)
        await asyncio.wait_for(waiting, 10)
        return before

    assert asyncio.run(main()) is False
    assert not orphan.alive()


def test_one_that_has_ended_is_not_waited_for() -> None:
    asyncio.run(ended(Process(os.getpid(), 0, "another boot")))
    assert os.getpid() > 0
