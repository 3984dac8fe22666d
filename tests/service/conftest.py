"""A whole Himalia, started by its own command, and a browserless person who signs in to it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

COMMAND = Path(sys.executable).with_name("himalia")
STORE = Path(os.environ.get("HIMALIA_ENVIRONMENTS") or Path.home() / ".cache" / "himalia" / "environments")
SECONDS = 300
_pause = threading.Event()


class LocalhostTransport(httpx.HTTPTransport):
    """`*.localhost` is this machine, which browsers know and the system's resolver does not."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith("localhost"):
            # The Host header was written before, and cookies stay those of the name: a request of its own goes there.
            url = request.url.copy_with(host="127.0.0.1")
            there = httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
            return super().handle_request(there)
        return super().handle_request(request)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def until(condition: Callable[[], Any], *, seconds: float = 30, what: str = "the condition") -> Any:
    """The first true value of `condition`; fails if there is none within `seconds`."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        value = condition()
        if value:
            return value
        _pause.wait(0.05)
    pytest.fail(f"{what} did not come true within {seconds} s")


@dataclass(frozen=True)
class Himalia:
    """One running platform, and the state folder that it has to itself."""

    state: Path
    port: int
    browsers: list[httpx.Client] = field(default_factory=list, compare=False, repr=False)
    workspaces: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / "run.json").read_text(encoding="utf-8"))
        return found

    @property
    def address(self) -> str:
        return str(self.record["address"])

    @property
    def accounts(self) -> list[str]:
        """The subjects that can sign in."""
        return [account["sub"] for account in self.record["accounts"]]

    @property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / "run" / "settings.json").read_text(encoding="utf-8"))
        return found

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`himalia WORDS`, on this state folder."""
        environment = os.environ | {"HIMALIA_ENVIRONMENTS": str(STORE)}
        argv = self._argv(*words)
        return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    @contextmanager
    def popen(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """`himalia WORDS` as at a terminal, where Ctrl-C is heard even if the tests run in the background; ended at the end."""
        environment = os.environ | {"HIMALIA_ENVIRONMENTS": str(STORE)}
        argv = ["/usr/bin/env", "--default-signal=INT", *self._argv(*words)]
        process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=60)

    def _argv(self, *words: str) -> list[str]:
        return [str(COMMAND), *words, "--state", str(self.state)]

    def up(self) -> "subprocess.CompletedProcess[str]":
        return self.run("up", "--detach", "--port", str(self.port))

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def answers_at_its_workspace(self) -> bool:
        """Whether JupyterLab itself answers at the address of every opened workspace, through the proxy."""
        answers = [self.browser().get(address) for address in self.workspaces]
        return bool(answers) and all(answer.status_code == 200 and "version" in answer.text for answer in answers)

    def browser(self) -> httpx.Client:
        """Follows redirects and keeps cookies as a browser does, says where its forms come from, runs no script."""
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "en"}
        browser = httpx.Client(
            base_url=self.address, transport=LocalhostTransport(), headers=headers, follow_redirects=True, timeout=30
        )
        self.browsers.append(browser)
        return browser

    def sign_in(self, account: str) -> httpx.Client:
        """A browser that has gone through the demo's provider as one of its accounts."""
        browser = self.browser()
        chooser = browser.get("/sign-in/demo")
        assert chooser.status_code == 200, chooser.text
        done = browser.post(chooser.url, data={"account": account})
        assert str(done.url).startswith(self.address), f"still at {done.url}: {done.text[:500]}"
        return browser


@pytest.fixture(scope="session")
def himalia() -> Iterator[Himalia]:
    """The platform of this test session, with the demo. Its environments are built once per machine."""
    yield from started()


def started() -> Iterator[Himalia]:
    """Start one in a folder that people's own uids can pass through (pytest's own are closed); end it and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="himalia-test-"))
    folder.chmod(0o755)
    platform = Himalia(folder / "state", free_port())
    try:
        begun = platform.up()
        assert begun.returncode == 0, begun.stdout + begun.stderr + _logs(platform.state)
        yield platform
    finally:
        for browser in platform.browsers:
            browser.close()
        platform.run("down")
        shutil.rmtree(folder, ignore_errors=True)


def _logs(state: Path) -> str:
    """The last words of each process, for whoever reads a failure."""
    texts = [f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in (state / "logs").glob("*.log")]
    return "\n".join(texts)
