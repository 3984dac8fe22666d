"""The ways out of a sandbox: to the platform, to named hosts, and nowhere else."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from himalia_sandbox import MEBIBYTE, Bind, Limits, Sandbox, inside, launch
from himalia_sandbox.outside import Outside
from himalia_sandbox.relay import serve

from tests.service.hub_rig import until

pytestmark = pytest.mark.service
GET = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:18081/x', timeout=10).read().decode())"


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"hub {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def sockets() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="himalia-relay-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def relay(sockets: Path, hub: int) -> Iterator[subprocess.Popen[bytes]]:
    program = (
        "import sys, pathlib; from himalia_sandbox.relay import run; run(pathlib.Path(sys.argv[1]), int(sys.argv[2]), 9, [])"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(sockets), str(hub)])
    try:
        until((sockets / "outside" / "out").exists)
        yield process
    finally:
        process.kill()
        process.wait()


def fetch(sockets: Path) -> str:
    """What a program in a sandbox gets from the hub's port."""
    walls = Sandbox(
        "relay",
        Limits(256 * MEBIBYTE, 64),
        read_only=(Bind(sockets / "platform", "/run/platform"), Bind(Path(inside.__file__), "/run/inside.py")),
        environment={"PATH": "/usr/bin"},
    )
    argv = ["/usr/bin/python3", "/run/inside.py", "18081=/run/platform/hub", "--", "/usr/bin/python3", "-c", f"{AGAIN}{GET}"]
    with tempfile.TemporaryFile() as output:
        running = launch(walls, argv, stdout=output, stderr=output)
        code = running.wait(30)
        running.end()
        output.seek(0)
        return f"{code} {output.read().decode().strip()}"


# The forwarder listens a moment after the program has started.
AGAIN = """
import socket, time
for _ in range(100):
    try:
        socket.create_connection(("127.0.0.1", 18081)).close()
        break
    except OSError:
        time.sleep(0.05)
"""


def test_the_hub_is_reached_through_the_relay(sockets: Path, hub: int) -> None:
    with relay(sockets, hub):
        assert fetch(sockets) == "0 hub /x"


def test_a_relay_that_was_killed_is_replaced_under_a_running_sandbox(sockets: Path, hub: int) -> None:
    with relay(sockets, hub) as first:
        first.kill()
        first.wait()
    assert (sockets / "platform" / "hub").exists()
    with relay(sockets, hub):
        until(lambda: fetch(sockets) == "0 hub /x")


def test_the_exit_code_of_the_command_is_process_1s() -> None:
    for words, code in ((["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -9 $$"], 137)):
        done = subprocess.run([sys.executable, inside.__file__, "--", *words])
        assert done.returncode == code


def test_a_request_to_end_is_passed_on() -> None:
    program = "import signal, sys\nsignal.signal(15, lambda *_: sys.exit(3))\nprint('up', flush=True)\nsignal.pause()"
    words = [sys.executable, inside.__file__, "--", sys.executable, "-c", program]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        # The handler of process 1 is there a moment later than the program's own.
        until(lambda: ask_to_end(process))
    assert process.returncode == 3


def ask_to_end(process: subprocess.Popen[bytes]) -> bool:
    process.send_signal(signal.SIGTERM)
    return process.poll() is not None


@contextlib.asynccontextmanager
async def outside(allow: list[str], address: str, port: int) -> AsyncIterator[str]:
    async def resolve(_: str) -> list[str]:
        return [address]

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/out"
        async with await asyncio.start_unix_server(Outside(allow, resolve, port).connected, path):
            yield path


async def ask(path: str, head: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(head)
    answer = await reader.readline()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"CONNECT other.example:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT allowed.example:22 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT allowed.example:443 HTTP/1.1\r\n\r\n", b"403"),  # it is 127.0.0.1
        (b"GET http://allowed.example/ HTTP/1.1\r\n\r\n", b"403"),
        (b"x" * 70_000 + b"\r\n\r\n", b"403"),
    ],
)
def test_the_proxy_refuses(head: bytes, status: bytes) -> None:
    async def main() -> bytes:
        async with outside(["allowed.example"], "127.0.0.1", 1) as path:
            return await ask(path, head)

    assert asyncio.run(main()).split()[1] == status


def test_the_proxy_joins_an_allowed_host() -> None:
    class Anywhere(Outside):
        async def address(self, host: str) -> str | None:
            return "127.0.0.1" if host == "allowed.example" else None

    async def far(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"you said " + await reader.readline())
        await writer.drain()
        writer.close()

    async def main() -> list[bytes]:
        with tempfile.TemporaryDirectory() as folder:
            async with await asyncio.start_server(far, "127.0.0.1", 0) as server:
                port = server.sockets[0].getsockname()[1]
                door = Anywhere([], port=port)
                async with await asyncio.start_unix_server(door.connected, f"{folder}/out"):
                    reader, writer = await asyncio.open_unix_connection(f"{folder}/out")
                    writer.write(b"CONNECT allowed.example:443 HTTP/1.1\r\n\r\n")
                    answer = [await reader.readline(), await reader.readline()]
                    writer.write(b"hello\n")
                    answer.append(await reader.readline())
                    writer.close()
                    return answer

    assert asyncio.run(main()) == [b"HTTP/1.1 200 OK\r\n", b"\r\n", b"you said hello\n"]


def test_serving_ends_when_it_is_told_to() -> None:
    async def main() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("platform", "outside"):
                (Path(folder) / name).mkdir()
            task = asyncio.create_task(serve(Path(folder), 9, 9, []))
            await asyncio.to_thread(until, (Path(folder) / "outside" / "out").exists)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return task.cancelled()

    assert asyncio.run(main())


def test_a_sandbox_has_no_port_of_its_own_machine(sockets: Path, hub: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        program = f"import socket; socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)"
        walls = Sandbox("port", Limits(256 * MEBIBYTE, 64), environment={"PATH": "/usr/bin"})
        running = launch(walls, ["/usr/bin/python3", "-c", program])
        assert running.wait(20) == 1
        running.end()
