"""The web application's exchange on a real port, with a hub that only knows tokens; and nbgrader's command line."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import uvicorn
from himalia_exchange.client import ExchangeClient

from hub_config.access.roles import Role
from hub_config.settings.model import Settings
from hub_services.app import create_public
from hub_services.people import store
from hub_services.people.api import Person, enrol
from hub_services.web.database import metadata
from hub_services.web.hub import HubClient, ServerIdentity
from hub_services.web.platform import Platform, assemble

COURSE = "intro"
NBGRADER = Path(sys.executable).with_name("nbgrader")


@dataclass
class Tokens:
    """Stands for the hub: whose server holds which token."""

    known: dict[str, ServerIdentity] = field(default_factory=dict)

    def identify(self, token: str) -> ServerIdentity | None:
        return self.known.get(token)


@dataclass(frozen=True)
class Exchange:
    """A running exchange and its people."""

    platform: Platform
    tokens: Tokens
    url: str

    def somebody(self, name: str, role: Role = Role.STUDENT, course: str = COURSE) -> Person:
        """A member of the course, whose server's token is `token-NAME`."""
        now = self.platform.now()
        with self.platform.database.begin() as connection:
            person = store.add_person(connection, name=name, email=f"{name}@univ.example", now=now)
            enrol(connection, person.id, course, role, source="form", now=now)
        self.tokens.known[f"token-{name}"] = ServerIdentity(person.id, course)
        return person

    def client(self, name: str) -> ExchangeClient:
        return ExchangeClient(self.url, f"token-{name}", language="en")

    def workspace(self, name: str, folder: Path) -> dict[str, str]:
        """The environment of that person's server of the course."""
        home = folder / ".home"
        home.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": f"{NBGRADER.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "en_GB.UTF-8",
            "HIMALIA_URL": self.url,
            "HIMALIA_COURSE": self.tokens.known[f"token-{name}"].course,
            "JUPYTERHUB_API_TOKEN": f"token-{name}",
            "JUPYTERHUB_USER": self.tokens.known[f"token-{name}"].person,
        }

    def nbgrader(self, name: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        """`nbgrader WORDS` in `folder`, as it runs in that person's server of the course."""
        argv, workspace = [str(NBGRADER), *words], self.workspace(name, folder)
        return subprocess.run(argv, cwd=folder, env=workspace, capture_output=True, text=True, timeout=180, check=False)


@contextmanager
def serving(state: Path) -> Iterator[Exchange]:
    """The public application on a free port, in a thread."""
    tokens = Tokens()
    platform = replace(assemble(Settings(state=state)), hub=cast("HubClient", tokens))
    metadata.create_all(platform.database.engine)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_public(platform), log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Exchange(platform, tokens, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        platform.database.engine.dispose()
