"""A platform on a temporary folder, a clock that tests move, a hub that only remembers, and browsers that are signed in."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from hub_config.access.roles import Role
from hub_config.settings.model import Settings
from hub_services.app import create_internal, create_public
from hub_services.people import store
from hub_services.people.api import Person, enrol
from hub_services.web.database import metadata
from hub_services.web.hub import HubClient, ServerIdentity, ServerState
from hub_services.web.platform import Platform, assemble
from hub_services.web.sessions import open_session

HOME = "http://localhost:8000"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """The time, as the platform sees it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class FakeHub:
    """Stands for the hub: what it was asked, and what it says."""

    started: list[tuple[str, str]] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    states: dict[tuple[str, str], ServerState] = field(default_factory=dict)
    tokens: dict[str, ServerIdentity] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def start(self, person: str, course: str) -> None:
        self.started.append((person, course))
        self.states.setdefault((person, course), ServerState(running=True, ready=False, pending="spawn"))

    def stop(self, person: str, course: str) -> None:
        self.stopped.append((person, course))
        self.states.pop((person, course), None)

    def server(self, person: str, course: str) -> ServerState:
        return self.states.get((person, course), ServerState(running=False, ready=False, pending=None))

    def forget_sessions(self, person: str) -> None:
        self.forgotten.append(person)

    def identify(self, token: str) -> ServerIdentity | None:
        return self.tokens.get(token)

    async def progress(self, person: str, course: str) -> AsyncIterator[dict[str, Any]]:
        for event in self.events:
            yield event | {"server": f"{person}/{course}"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def platform(tmp_path: Path, clock: Clock, hub: FakeHub) -> Iterator[Platform]:
    made = assemble(Settings(state=tmp_path), clock.now)
    metadata.create_all(made.database.engine)
    yield replace(made, hub=cast("HubClient", hub))
    made.database.engine.dispose()


@pytest.fixture
def visitor(platform: Platform) -> Iterator[TestClient]:
    """A browser that is not signed in; it says, as browsers do, that its forms come from our own pages."""
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin", "accept-language": "en"}
    with TestClient(create_public(platform), HOME, headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def internal(platform: Platform) -> Iterator[TestClient]:
    with TestClient(create_internal(platform), follow_redirects=False) as client:
        yield client


@pytest.fixture
def somebody(platform: Platform) -> Callable[..., Person]:
    """Make a person, and a member of `course` where one is named."""

    def make(name: str = "Amina", course: str = "", role: Role = Role.STUDENT, **more: Any) -> Person:
        with platform.database.begin() as connection:
            email = more.pop("email", f"{name.lower()}@univ.example")
            person = store.add_person(connection, name=name, email=email, now=platform.now(), **more)
            if course:
                enrol(connection, person.id, course, role, source="form", now=platform.now())
        return person

    return make


@pytest.fixture
def browser_of(platform: Platform, visitor: TestClient) -> Callable[[Person], TestClient]:
    """The browser, signed in as that person from now on."""

    def sign_in(person: Person) -> TestClient:
        response = Response()
        open_session(platform, response, person.id, "demo", "")
        name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
        visitor.cookies.clear()
        visitor.cookies.set(name, value)
        return visitor

    return sign_in
