"""A student's real workspace, in its sandbox: nbgrader's panel reaches the exchange through the relay."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2 as httpx
import pytest
from himalia_exchange.archive import pack

from hub_config.access.roles import Role
from hub_services.courses.api import NewCourse, create
from hub_services.exchange import api
from hub_services.people import store
from hub_services.people.api import enrol
from hub_services.web.platform import Platform
from tests.service.conftest import Himalia, LocalhostTransport, until
from tests.service.exchange_live import hub_client, opened, server_token

pytestmark = pytest.mark.service
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@dataclass(frozen=True)
class Workspace:
    """A running server of a student, and the course that it belongs to."""

    platform: Platform
    person: str
    course: str
    http: httpx.Client

    def ask(self, method: str, path: str, **parts: object) -> httpx.Response:
        return self.http.request(method, f"/user/{self.person}/{self.course}{path}", **parts)  # type: ignore[arg-type]


@pytest.fixture
def workspace(himalia: Himalia) -> Iterator[Workspace]:
    with opened(himalia) as platform:
        person, course = prepared(platform)
        token = server_token(platform, person, course)
        with hub_client(platform) as hub:
            assert hub.post(f"/users/{person}/servers/{course}").status_code in (201, 202)
            until(lambda: is_ready(hub, person, course), seconds=120, what="the workspace")
            address = f"http://{person}.localhost:{platform.settings.addresses.port}"
            headers = {"Authorization": f"token {token}"}
            with httpx.Client(base_url=address, headers=headers, transport=LocalhostTransport(), timeout=60) as http:
                yield Workspace(platform, person, course, http)
            hub.delete(f"/users/{person}/servers/{course}")


def prepared(platform: Platform) -> tuple[str, str]:
    """A student in a course with one released assignment."""
    with platform.database.begin() as connection:
        now = platform.now()
        teacher, student = (store.add_person(connection, name=name, email="", now=now) for name in ("Tea", "Stu"))
        course = create(platform, connection, teacher, NewCourse("Panel", "en")).key
        enrol(connection, student.id, course, Role.STUDENT, source="form", now=now)
    api.release_as_is(platform, course, teacher.id, "tp1", pack({"tp1.ipynb": NOTEBOOK}))
    return student.id, course


def is_ready(hub: httpx.Client, person: str, course: str) -> bool:
    return bool(hub.get(f"/users/{person}").json()["servers"].get(course, {}).get("ready"))


def test_the_panel_hands_in_from_the_sandbox(workspace: Workspace) -> None:
    tp1 = {"course_id": workspace.course, "assignment_id": "tp1"}
    listed = workspace.ask("GET", f"/assignments?course_id={workspace.course}").json()
    assert listed["success"], listed
    assert [row["status"] for row in listed["value"]] == ["released"]
    assert workspace.ask("POST", "/assignments/fetch", json=tp1).json()["value"][0]["status"] == "fetched"
    handed_in = workspace.ask("POST", "/assignments/submit", json=tp1).json()
    assert handed_in["success"], handed_in
    with workspace.platform.database.read() as connection:
        (made,) = api.submissions(connection, workspace.course, "tp1")
    assert made.person == workspace.person
    assert made.version == 1
