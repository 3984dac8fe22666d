"""From the request to a ready server, and to JupyterLab in a browser: against stock JupyterHub, in turn, on this machine.

    .venv/bin/python benchmarks/start.py [ROUNDS]

Stock has the same packages as `pip install` leaves them (bytecode compiled, jsonschema's optional grammar package) and
SimpleLocalProcessSpawner. Other work on the machine counts on both sides.
"""

import contextlib
import json
import os
import platform as machine
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hub_cli.one_machine import install  # noqa: E402
from tests.service.hub_rig import COURSE, free_port, running, state_folder, until  # noqa: E402

BURST = 8
GOALS = {"ready": 0.4, "cpu": 0.5, "lab": 0.6, "burst": 0.4}
CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
STOCK = """
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.allow_named_servers = True
c.Authenticator.allow_all = True
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = ["{root}/node_modules/.bin/configurable-http-proxy"]
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.ConfigurableHTTPProxy.auth_token = "proxy"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.Spawner.cmd = ["{environment}/bin/jupyterhub-singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
c.JupyterHub.services = [{{"name": "bench", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{"name": "bench", "services": ["bench"], "scopes": ["admin:users", "servers", "tokens"]}}]
"""


@dataclass(frozen=True)
class Hub:
    """A hub to measure: how to ask it, and which process a server's tree hangs on."""

    name: str
    port: int
    token: str
    root_of: Callable[[str], int]
    origin: str  # with {person} where each has a host of their own

    def lab(self, person: str) -> float:
        """Seconds until JupyterLab can be used, in a browser that has never seen it, from an open server."""
        token = self.call("POST", f"/users/{person}/tokens")["token"]
        address = f"{self.origin.format(person=person)}/user/{person}/{COURSE}/lab"
        with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET)) as browser:
            page = browser.new_context(extra_http_headers={"Authorization": f"token {token}"}).new_page()
            begun = time.monotonic()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(".jp-LauncherCard", timeout=120_000)
            return time.monotonic() - begun

    def call(self, method: str, path: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/hub/api{path}"
        request = urllib.request.Request(
            url, b"" if method == "POST" else None, {"Authorization": f"token {self.token}"}, method=method
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def ready(self) -> set[str]:
        """Whose servers are ready: one question for all, since answering takes the hub's time."""
        users = self.call("GET", "/users")
        return {user["name"] for user in users if user.get("servers", {}).get(COURSE, {}).get("ready")}

    def open(self, people: Sequence[str]) -> float:
        """Seconds from the requests until the last server is ready."""
        begun = time.monotonic()
        with ThreadPoolExecutor(len(people)) as crowd:  # stock answers a request only after up to ten seconds
            for person in people:
                crowd.submit(self.call, "POST", f"/users/{person}/servers/{COURSE}")
            until(lambda: self.ready() >= set(people), seconds=180, every=0.1)
            return time.monotonic() - begun

    def stop(self, person: str) -> None:
        with contextlib.suppress(urllib.error.HTTPError):
            self.call("DELETE", f"/users/{person}/servers/{COURSE}")
        until(lambda: COURSE not in self.call("GET", f"/users/{person}")["servers"], seconds=60)


def processor_time(root: int) -> float:
    total = 0.0
    process = psutil.Process(root)
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextlib.contextmanager
def himalia(state: Path) -> Iterator[Hub]:
    with running(state, {}) as platform:

        def root_of(person: str) -> int:
            record = json.loads((state / "run" / "servers" / f"{person}.{COURSE}.json").read_text())
            inner = psutil.Process(record["process"]["pid"])
            outer = inner.parent()  # bubblewrap, which was the shell and setpriv before
            return outer.pid if outer and outer.name() == "bwrap" else inner.pid

        origin = f"http://{{person}}.localhost:{platform.ports['public']}"
        yield Hub("himalia", platform.ports["hub"], platform.secret("hub_token_web"), root_of, origin)


@contextlib.contextmanager
def stock(folder: Path, environment: Path) -> Iterator[Hub]:
    ports = {name: free_port() for name in ("public", "hub", "proxy")}
    token = os.urandom(16).hex()
    configuration = folder / "jupyterhub_config.py"
    configuration.write_text(STOCK.format(**ports, folder=folder, root=ROOT, environment=environment, token=token))
    with (folder / "hub.log").open("wb") as log:
        argv = [sys.executable, "-m", "jupyterhub", "-f", str(configuration)]
        process = subprocess.Popen(argv, stdout=log, stderr=log, cwd=folder, env=install.environment())

    def root_of(person: str) -> int:
        marks = (f"JUPYTERHUB_USER={person}\0", "JUPYTERHUB_SERVER_NAME=")
        for child in psutil.Process(process.pid).children():
            with contextlib.suppress(OSError):
                environ = Path(f"/proc/{child.pid}/environ").read_text()
                if all(mark in environ for mark in marks):
                    return child.pid
        raise AssertionError(f"no server of {person}")

    hub = Hub("stock", ports["hub"], token, root_of, f"http://127.0.0.1:{ports['public']}")

    def answers() -> bool:
        with contextlib.suppress(OSError):
            return bool(hub.call("GET", "/"))
        return False

    try:
        until(answers)
        yield hub
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextlib.contextmanager
def stock_environment(server: Path) -> Iterator[Path]:
    """The server's environment with the package that our lock leaves out, compiled as pip would."""
    folder = Path(tempfile.mkdtemp(prefix="himalia-stock-"))
    environment = folder / "environment"
    shutil.copytree(server, environment, symlinks=True)
    add = [install.uv(), "pip", "install", "-q", "--python", str(environment), "rfc3987-syntax"]
    subprocess.run(add, env=install.environment(), check=True, cwd=folder)  # not here, where our lock's exclusion holds
    compiling = [str(environment / "bin" / "python"), "-m", "compileall", "-q", "-j2", str(environment / "lib")]
    subprocess.run(compiling, env=install.environment(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def measure(hubs: tuple[Hub, Hub], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Each hub in turn, so that a noisy neighbour disturbs both."""
    found: dict[str, dict[str, list[float]]] = {hub.name: {what: [] for what in GOALS} for hub in hubs}
    people = [f"p-bench{letter * 4}a" for letter in "abcdefgh"[:BURST]]
    for hub in hubs:
        for person in people:
            hub.call("POST", f"/users/{person}")
    for _ in range(rounds):
        for hub in hubs:
            ready = hub.open(people[:1])
            found[hub.name]["ready"].append(ready)
            found[hub.name]["cpu"].append(processor_time(hub.root_of(people[0])))
            found[hub.name]["lab"].append(ready + hub.lab(people[0]))
            hub.stop(people[0])
    for _ in range(max(1, rounds // 2)):
        for hub in hubs:
            found[hub.name]["burst"].append(hub.open(people))
            for person in people:
                hub.stop(person)
    return found


def report(found: dict[str, dict[str, list[float]]], rounds: int) -> bool:
    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?"
    )
    print(f"{os.cpu_count()} × {processor}, Python {machine.python_version()}, {rounds} rounds, medians")
    reached = True
    for what, goal in GOALS.items():
        ours, theirs = (statistics.median(found[name][what]) for name in ("himalia", "stock"))
        ratio = ours / theirs
        reached = reached and ratio <= goal
        verdict = "reached" if ratio <= goal else "MISSED"
        print(f"{what:6} himalia {ours:6.2f} s  stock {theirs:6.2f} s  ratio {ratio:.2f} (goal ≤ {goal}: {verdict})")
    return reached


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with (
        state_folder() as state,
        stock_environment(state / "environments" / "server") as folder,
        himalia(state) as ours,
        stock(folder, folder / "environment") as theirs,
    ):
        found = measure((ours, theirs), rounds)
    return 0 if report(found, rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
