"""People's servers with a real hub, proxy, relay and JupyterLab; the web application is a small counterpart."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from himalia_sandbox import Process

from hub_config.settings.model import Settings

ROOT = Path(__file__).parents[2]
PERSON, COURSE = "p-aaaaaaaaaa", "intro"
SECRETS = (
    *("hub_token_web", "hub_token_metrics", "launch_token", "proxy_token"),
    *("oauth_client_secret", "hub_crypt_key", "cookie_secret"),
)
SPECIFICATION = {
    "person": PERSON,
    "person_number": 7,
    "course": COURSE,
    "course_title": "Introduction",
    "environment": "",
    "role": "student",
    "language": "fr",
    "memory_bytes": 1 << 30,
    "cpus": 1.0,
    "processes": 200,
    "outside": [],
}

pytestmark = pytest.mark.service


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    answers: dict[str, Any] = field(default_factory=dict)  # what the counterpart says to a launch
    asked: list[tuple[str, Any]] = field(default_factory=list)
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

    def visit(self, path: str, token: str, host: str = "") -> tuple[int, str]:
        """An address of a person's server, through the proxy."""
        url = f"http://127.0.0.1:{self.ports['public']}{path}"
        headers = {"Host": host or f"{PERSON}.localhost:{self.ports['public']}", "Authorization": f"token {token}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
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

    def close(self) -> None:
        self.call("DELETE", f"/users/{PERSON}/servers/{COURSE}")
        until(lambda: not self.server())

    @property
    def record(self) -> Path:
        return self.state / "run" / "servers" / f"{PERSON}.{COURSE}.json"

    def process(self) -> Process:
        return Process(**json.loads(self.record.read_text())["process"])


def counterpart(platform: Platform) -> ThreadingHTTPServer:
    """The web application's internal side, as far as the hub needs it here."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            platform.asked.append((self.headers["Authorization"], asked))
            status, answer = platform.answers.get(asked["course"], (403, {"message": "Vous n'êtes pas dans ce cours."}))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", platform.ports["internal"]), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def environments() -> Path:
    """Where `himalia up` or an earlier run has installed the server's and the bare environment."""
    folder = os.environ.get("HIMALIA_TEST_ENVIRONMENTS")
    if not folder:
        pytest.skip("HIMALIA_TEST_ENVIRONMENTS names no folder with `server` and `bare`")
    return Path(folder)


@pytest.fixture
def platform(tmp_path: Path, environments: Path) -> Iterator[Platform]:
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(folder.stat().st_mode | 0o011)  # pytest closes its folders; people's own uids must pass
    state = tmp_path / "state"
    (state / "secrets").mkdir(parents=True)
    (state / "secrets").chmod(0o700)
    for name in SECRETS:
        (state / "secrets" / name).write_text(os.urandom(32).hex())
        (state / "secrets" / name).chmod(0o600)
    (state / "environments").symlink_to(environments)
    names = ("public", "proxy_api", "hub", "web", "internal", "metrics", "proxy_metrics")
    platform = Platform(state, {name: free_port() for name in names})
    platform.answers[COURSE] = (200, SPECIFICATION)
    addresses: dict[str, Any] = {f"{name}_port": port for name, port in platform.ports.items() if name != "public"}
    addresses["public_url"] = f"http://localhost:{platform.ports['public']}"
    settings = Settings.model_validate({"state": state, "addresses": addresses})
    Path(platform.settings).write_text(settings.model_dump_json())
    yield from running(platform)


def running(platform: Platform) -> Iterator[Platform]:
    server = counterpart(platform)
    ports = platform.ports
    platform.start("relay", [sys.executable, "-m", "hub_cli.main", "serve", "relay"], HIMALIA_SETTINGS=platform.settings)
    proxy = [
        *("node", str(ROOT / "node_modules/.bin/configurable-http-proxy"), "--host-routing", "--ip", "127.0.0.1"),
        *("--port", str(ports["public"]), "--api-ip", "127.0.0.1", "--api-port", str(ports["proxy_api"])),
        *("--default-target", f"http://127.0.0.1:{ports['web']}", "--error-target", f"http://127.0.0.1:{ports['hub']}/hub/error"),
    ]
    platform.start("proxy", proxy, CONFIGPROXY_AUTH_TOKEN=platform.secret("proxy_token"))
    try:
        platform.start_hub()
        assert platform.call("POST", f"/users/{PERSON}")[0] == 201
        yield platform
    finally:
        with contextlib.suppress(OSError):
            platform.close()
        for process in platform.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in platform.processes.values():
            process.wait(20)
        server.shutdown()
        server.server_close()


def test_a_server_opens_in_its_sandbox_and_leaves_nothing(platform: Platform) -> None:
    token = platform.open()
    assert platform.asked == [(f"Bearer {platform.secret('launch_token')}", {"person": PERSON, "course": COURSE})]
    status, text = platform.visit(f"/user/{PERSON}/{COURSE}/api/status", token)
    assert status == 200, text
    process = platform.process()
    assert process.alive()
    platform.close()
    assert not process.alive()
    assert not platform.record.exists()
