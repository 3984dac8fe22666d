"""A person's Jupyter server with the Lab extension, started as a process, and a client that speaks to it as the page does."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx

from tests.service.conftest import free_port, until

PAGE_TOKEN = "of-the-page"


@dataclass(frozen=True)
class LabServer:
    """Where it is, and how the page talks to it: a cookie and an XSRF token, as a browser holds them."""

    url: str
    home: Path
    work: Path
    page: httpx.Client

    def save(self, path: str, notebook: object) -> httpx.Response:
        """What Ctrl-S does."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        return self.page.put(f"/api/contents/{path}", json=body)


@contextmanager
def lab_server(
    folder: Path, exchange_url: str, exchange_token: str, *, program: str = "jupyter_server", **more: str
) -> Iterator[LabServer]:
    """A server with himalia_lab on a free port of 127.0.0.1, its home and its root in `folder`; `program` may be jupyterlab."""
    home, work, port = folder / "home", folder / "work", free_port()
    home.mkdir(parents=True)
    work.mkdir()
    argv = [sys.executable, "-m", program, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    argv += [f"--ServerApp.root_dir={work}", f"--IdentityProvider.token={PAGE_TOKEN}", "--ServerApp.port_retries=0"]
    variables = _variables(home, exchange_url, exchange_token, more)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=work, env=variables, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or _listens(port), what="the server to listen")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as page:
            _sign_in(page)
            yield LabServer(f"http://127.0.0.1:{port}", home, work, page)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _variables(home: Path, url: str, token: str, more: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "HIMALIA_URL": url,
        "JUPYTERHUB_API_TOKEN": token,
        "HIMALIA_COURSE": "enquetes",
        "HIMALIA_COURSE_TITLE": "Enquêtes et images (SHS)",
        "HIMALIA_ENVIRONMENT": "3fa1b2c4d5e6f708",
        "HIMALIA_ROLE": "student",
        **more,
    }


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _sign_in(page: httpx.Client) -> None:
    page.get("/tree", params={"token": PAGE_TOKEN})
    page.get("/login")
    page.headers["X-XSRFToken"] = page.cookies.get("_xsrf") or ""
