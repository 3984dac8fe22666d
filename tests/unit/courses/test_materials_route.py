"""The course's files over the exchange: for members of that course's token, as the teacher left them."""

import pytest
from fastapi.testclient import TestClient
from himalia_exchange.archive import pack

from hub_config.access.roles import Role
from hub_services.app import create_public
from hub_services.courses import api, materials
from hub_services.courses.models import Course, NewCourse
from hub_services.people.api import Person, enrol
from hub_services.web.hub import ServerIdentity
from hub_services.web.platform import Platform


@pytest.fixture
def course(platform: Platform, karim: Person, amina: Person) -> Course:
    with platform.database.begin() as connection:
        made = api.create(platform, connection, karim, NewCourse("Stat L2", "fr"))
        enrol(connection, amina.id, made.key, Role.STUDENT, source="form", now=platform.now())
    return made


def test_a_member_s_server_gets_the_files(
    platform: Platform, course: Course, karim: Person, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    holders = {"amina": ServerIdentity(amina.id, course.key), "elsewhere": ServerIdentity(amina.id, "other-abcdef")}
    monkeypatch.setattr(platform.hub, "identify", holders.get)
    with TestClient(create_public(platform)) as client:

        def ask(token: str) -> tuple[int, bytes]:
            answer = client.get("/api/exchange/materials", headers={"authorization": f"token {token}"})
            return answer.status_code, answer.content

        assert ask("amina") == (204, b"")
        zipped = pack({"data.csv": b"1"})
        with platform.database.begin() as connection:
            materials.keep(platform, connection, course, karim.id, zipped)
        assert ask("amina") == (200, zipped)
        assert ask("elsewhere")[0] == 403
        assert ask("unknown")[0] == 401
