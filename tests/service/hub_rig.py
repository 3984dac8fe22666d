"""A real hub, proxy, relay and JupyterLab for tests of people's servers; the web application is a small counterpart."""

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from himalia_sandbox import Process
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from hub_cli.one_machine import node
from hub_cli.one_machine.environments import SHARED_STORE, ensure_bare, ensure_server
from hub_config.settings.model import EnvironmentSettings, Settings

ROOT = Path(__file__).parents[2]
PERSON, COURSE = "p-aaaaaaaaaa", "intro"
SECRETS = (
    *("hub_token_web", "hub_token_metrics", "launch_token", "proxy_token"),
    *("oauth_client_secret", "hub_crypt_key", "cookie_secret"),
)
SPECIFICATION: dict[str, Any] = {
    "person": PERSON,
    "person_number": 7,
    "course": COURSE,
    "course_title": "Introduction",
    "course_url": "http://localhost:8000/courses/introduction",
    "environment": "",
    "role": "student",
    "language": "fr",
    "memory_bytes": 1 << 30,
    "cpus": 1.0,
    "processes": 200,
    "outside": [],
}


def free_port() -> int:
    """A port that nobody has, from those that the system does not hand out meanwhile for connections."""
    for port in random.sample(range(10_240, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def until(condition: Callable[[], Any], seconds: float = 60, every: float = 0.05) -> Any:
    """The first true answer of `condition`; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        pause.wait(every)
    raise AssertionError(f"not within {seconds} s: {condition}")


@dataclass
class Platform:
    """The processes of one test, and how to speak with them."""

    state: Path
    ports: dict[str, int]
    answer: tuple[int, dict[str, Any]] = (200, SPECIFICATION)  # what the counterpart says to a launch
    asked: list[tuple[str, Any]] = field(default_factory=list)
    authorized: list[dict[str, str]] = field(default_factory=list)  # what the hub asked browsers to bring
    visitor: str = PERSON  # who signs in
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def call(self, method: str, path: str, token: str = "", data: Any = None) -> tuple[int, Any]:
        """The hub's API, as the web application by default."""
        url = f"http://127.0.0.1:{self.ports['hub']}/hub/api{path}"
        body = json.dumps(data).encode() if data is not None else None
        headers = {"Authorization": f"token {token or self.secret('hub_token_web')}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text.decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def visit(self, path: str, token: str, host: str = "", data: Any = None) -> tuple[int, str]:
        """An address of a person's server, through the proxy."""
        body = json.dumps(data).encode() if data is not None else None
        url = f"http://127.0.0.1:{self.ports['public']}{path}"
        headers = {"Host": host or f"{PERSON}.localhost:{self.ports['public']}", "Authorization": f"token {token}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def secret(self, name: str) -> str:
        return (self.state / "secrets" / name).read_text()

    def start(self, name: str, argv: list[str], **variables: str) -> None:
        with (self.state / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(argv, env={**os.environ, **variables}, stdout=log, stderr=log, cwd=ROOT)

    @property
    def settings(self) -> str:
        return str(self.state / "settings.json")

    def start_hub(self) -> None:
        settings = str(self.state / "settings.json")
        self.start(
            "hub",
            [sys.executable, "-m", "jupyterhub", "-f", str(ROOT / "hub_config/jupyterhub_config.py")],
            HIMALIA_SETTINGS=settings,
        )
        until(self.hub_answers)

    def hub_answers(self) -> bool:
        assert self.processes["hub"].poll() is None, (self.state / "hub.log").read_text()
        with contextlib.suppress(OSError):
            return self.call("GET", "/")[0] == 200
        return False

    def server(self) -> dict[str, Any]:
        servers: dict[str, Any] = self.call("GET", f"/users/{PERSON}")[1]["servers"]
        return dict(servers.get(COURSE, {}))

    def open(self) -> str:
        """Start the person's server and wait for it; returns a token that may visit it."""
        status, text = self.call("POST", f"/users/{PERSON}/servers/{COURSE}")
        assert status in (201, 202), text
        until(lambda: self.server().get("ready"))
        return str(self.call("POST", f"/users/{PERSON}/tokens", data={"note": "test"})[1]["token"])

    def fail(self) -> list[dict[str, Any]]:
        """Ask for a start that does not succeed; returns what the progress stream said."""
        assert self.call("POST", f"/users/{PERSON}/servers/{COURSE}")[0] in (201, 202)
        events = self.progress()
        assert events[-1].get("failed"), events
        until(lambda: not self.server())
        return events

    def progress(self) -> list[dict[str, Any]]:
        """The events of the start that goes on, to its end."""
        text = self.call("GET", f"/users/{PERSON}/servers/{COURSE}/progress")[1]
        return [json.loads(line[5:]) for line in text.splitlines() if line.startswith("data:")]

    def run(self, code: str, token: str) -> str:
        """What a notebook cell prints, in a kernel of the person's server, through the proxy."""
        return asyncio.run(run_cell(self, code, token))

    def close(self) -> None:
        self.call("DELETE", f"/users/{PERSON}/servers/{COURSE}")
        until(lambda: not self.server())

    @property
    def record(self) -> Path:
        return self.state / "run" / "servers" / f"{PERSON}.{COURSE}.json"

    def process(self) -> Process:
        return Process(**json.loads(self.record.read_text())["process"])


async def run_cell(platform: Platform, code: str, token: str) -> str:
    """Start a kernel, run one cell, and return its output with its errors."""
    status, kernel = platform.visit(f"/user/{PERSON}/{COURSE}/api/kernels", token, data={})
    assert status == 201, kernel
    host = f"{PERSON}.localhost:{platform.ports['public']}"
    path = f"/user/{PERSON}/{COURSE}/api/kernels/{json.loads(kernel)['id']}/channels"
    request = HTTPRequest(
        f"ws://127.0.0.1:{platform.ports['public']}{path}", headers={"Host": host, "Authorization": f"token {token}"}
    )
    socket = await websocket_connect(request)
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    header = {"msg_id": "1", "msg_type": "execute_request", "username": "", "session": "1", "date": "", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(message))
    output = ""
    async with asyncio.timeout(60):
        while answer := await socket.read_message():
            said = json.loads(answer)
            state = said["content"].get("execution_state")
            if state == "restarting":
                output += "the kernel died"
                break
            if said["parent_header"].get("msg_id") != "1":
                continue
            output += said["content"].get("text", "") + "\n".join(said["content"].get("traceback", []))
            if said["channel"] == "iopub" and state == "idle":  # what was printed has arrived before
                break
    socket.close()
    async with asyncio.timeout(10):
        while await socket.read_message() is not None:
            pass
    return output


class Counterpart(BaseHTTPRequestHandler):
    """The web application, as far as the hub needs it: launch specifications, and a sign-in that knows one person."""

    platform: Platform

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        if address.path == "/oauth/authorize":
            self.platform.authorized.append(query)
            self.answer(302, {}, f"{query['redirect_uri']}?{urlencode({'code': 'c0de', 'state': query['state']})}")
        elif address.path == "/oauth/userinfo":
            self.answer(200, {"sub": self.platform.visitor})
        else:
            self.answer(200, {"web": self.headers["Host"]})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/oauth/token":
            self.answer(200 if self.proven(dict(parse_qsl(text))) else 401, {"access_token": "t0ken", "token_type": "Bearer"})
        else:
            self.answer(*self.launch(json.loads(text)))

    def proven(self, form: dict[str, str]) -> bool:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        secret = self.platform.secret("oauth_client_secret")
        return challenge == self.platform.authorized[-1]["code_challenge"] and form["client_secret"] == secret

    def launch(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.platform.asked.append((self.headers["Authorization"], asked))
        status, answer = self.platform.answer
        if status == 200 and asked["person"] != PERSON:
            answer = answer | asked | {"person_number": 10 + len(self.platform.asked)}
        return status, answer

    def answer(self, status: int, content: dict[str, Any], location: str = "") -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def counterpart(platform: Platform) -> Iterator[None]:
    """The web application's two ports."""
    handler = type("Handler", (Counterpart,), {"platform": platform})
    servers = [ThreadingHTTPServer(("127.0.0.1", platform.ports[name]), handler) for name in ("internal", "web")]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """One platform for the tests of a module. Each test leaves no server behind."""
    with state_folder() as state, running(state, {}) as platform:
        yield platform


@contextlib.contextmanager
def state_folder() -> Iterator[Path]:
    """A state folder with secrets and the two environments, which are built once per machine and kept.

    Not pytest's own folder: that is closed, and people's own uids must pass.
    """
    state = Path(tempfile.mkdtemp(prefix="himalia-hub-"))
    state.chmod(0o755)
    (state / "secrets").mkdir(0o700)
    for name in SECRETS:
        (state / "secrets" / name).write_text(os.urandom(32).hex())
        (state / "secrets" / name).chmod(0o600)
    store = os.environ.get(SHARED_STORE) or str(Path.home() / ".cache" / "himalia" / "environments")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SHARED_STORE, store)
        ensure_server(state, state / "install.log")
        ensure_bare(state, EnvironmentSettings().default_requirements, "", state / "install.log")
    try:
        yield state
    finally:
        shutil.rmtree(state)


@contextlib.contextmanager
def running(state: Path, isolation: dict[str, Any]) -> Iterator[Platform]:
    """Relay, proxy, hub and the counterpart, until the block ends."""
    names = ("public", "proxy_api", "hub", "web", "internal", "metrics", "proxy_metrics")
    platform = Platform(state, {name: free_port() for name in names})
    addresses: dict[str, Any] = {f"{name}_port": port for name, port in platform.ports.items() if name != "public"}
    addresses["public_url"] = f"http://localhost:{platform.ports['public']}"
    settings = Settings.model_validate({"state": state, "addresses": addresses, "isolation": isolation})
    Path(platform.settings).write_text(settings.model_dump_json())
    with counterpart(platform), ending(platform):
        platform.start("relay", [sys.executable, "-m", "hub_cli.main", "serve", "relay"], HIMALIA_SETTINGS=platform.settings)
        platform.start("proxy", proxy_command(platform.ports), CONFIGPROXY_AUTH_TOKEN=platform.secret("proxy_token"))
        platform.start_hub()
        assert platform.call("POST", f"/users/{PERSON}")[0] == 201
        yield platform
        platform.close()


@contextlib.contextmanager
def ending(platform: Platform) -> Iterator[None]:
    """End what a platform started."""
    try:
        yield
    finally:
        for process in platform.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in platform.processes.values():
            process.wait(20)


def proxy_command(ports: dict[str, int]) -> list[str]:
    folder = Path(tempfile.gettempdir())
    program = node.ensure(folder, folder / "himalia-node.log")
    return [
        *(program, str(ROOT / "node_modules/.bin/configurable-http-proxy"), "--host-routing", "--ip", "127.0.0.1"),
        *("--port", str(ports["public"]), "--api-ip", "127.0.0.1", "--api-port", str(ports["proxy_api"])),
        *("--default-target", f"http://127.0.0.1:{ports['web']}", "--error-target", f"http://127.0.0.1:{ports['hub']}/hub/error"),
    ]
