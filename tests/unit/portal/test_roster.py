"""The people of a course: roles, lists, links; every change written down; never without a teacher."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from hub_config.access.roles import Role
from hub_services.people import api as people
from hub_services.people.api import Person
from hub_services.people.tables import audit
from hub_services.web.platform import Platform
from tests.unit.conftest import FakeHub
from tests.unit.portal.conftest import Class

Browser = Callable[[Person], TestClient]


@pytest.fixture
def karim(school: Class, browser_of: Browser) -> TestClient:
    return browser_of(school.teacher)


def role_of(platform: Platform, school: Class, person: Person) -> Role | None:
    with platform.database.read() as connection:
        found = people.membership(platform, connection, person.id, school.course.key)
    return found.role if found else None


def written(platform: Platform, school: Class) -> list[tuple[str, str, str]]:
    with platform.database.read() as connection:
        rows = connection.execute(select(audit).where(audit.c.course == school.course.key).order_by(audit.c.id)).all()
    return [(row.person, row.action, row.subject) for row in rows if row.action != "course-created"]


def send(browser: TestClient, school: Class, content: bytes) -> tuple[int, str]:
    answer = browser.post(f"{school.address}/people/list", files={"file": ("class.csv", content, "text/csv")})
    return answer.status_code, answer.text


def test_the_page_shows_who_is_what(school: Class, karim: TestClient) -> None:
    page = karim.get(f"{school.address}/people").text
    for person in (school.teacher, school.assistant, school.amina, school.lucas):
        assert person.name in page
    assert school.stranger.name not in page
    assert "4 people" in page


def test_a_role_is_changed_and_written_down(platform: Platform, school: Class, karim: TestClient) -> None:
    answer = karim.post(f"{school.address}/people/role", data={"person": school.amina.id, "role": "assistant"})
    assert answer.status_code == 303
    assert role_of(platform, school, school.amina) is Role.ASSISTANT
    assert written(platform, school) == [(school.teacher.id, "role changed", school.amina.id)]


@pytest.mark.parametrize("role", ["administrator", "", "Teacher", "student "])
def test_a_role_that_does_not_exist_changes_nothing(role: str, platform: Platform, school: Class, karim: TestClient) -> None:
    answer = karim.post(f"{school.address}/people/role", data={"person": school.amina.id, "role": role})
    assert answer.status_code == 422
    assert role_of(platform, school, school.amina) is Role.STUDENT


def test_a_stranger_is_given_no_role_by_this_form(platform: Platform, school: Class, karim: TestClient) -> None:
    answer = karim.post(f"{school.address}/people/role", data={"person": school.stranger.id, "role": "teacher"})
    assert answer.status_code == 404
    assert role_of(platform, school, school.stranger) is None


@pytest.mark.parametrize("action", [("role", {"role": "student"}), ("remove", {})], ids=["demote", "remove"])
def test_the_last_teacher_stays(action: tuple[str, dict[str, str]], platform: Platform, school: Class, karim: TestClient) -> None:
    name, form = action
    answer = karim.post(f"{school.address}/people/{name}", data={"person": school.teacher.id, **form})
    assert answer.status_code == 409
    assert "at least one teacher" in answer.text
    assert role_of(platform, school, school.teacher) is Role.TEACHER
    assert written(platform, school) == []


def test_a_teacher_may_go_when_another_stays(
    platform: Platform, school: Class, karim: TestClient, joins: Callable[[Person, Role], None]
) -> None:
    joins(school.assistant, Role.TEACHER)
    answer = karim.post(f"{school.address}/people/remove", data={"person": school.teacher.id})
    assert answer.headers["location"] == "/"
    assert role_of(platform, school, school.teacher) is None


def test_removing_somebody_stops_their_workspace(platform: Platform, school: Class, karim: TestClient, hub: FakeHub) -> None:
    karim.post(f"{school.address}/people/remove", data={"person": school.amina.id})
    assert role_of(platform, school, school.amina) is None
    assert hub.stopped == [(school.amina.id, school.course.key)]
    assert written(platform, school) == [(school.teacher.id, "member removed", school.amina.id)]


def test_a_good_list_is_taken_whole(platform: Platform, school: Class, karim: TestClient) -> None:
    status, page = send(karim, school, b"email;role\namina@univ.example;assistant\nzoe@univ.example;\n")
    assert status == 200
    assert "2 lines taken" in page
    assert "1 person is in the course at once." in page
    assert "zoe@univ.example" in page
    assert role_of(platform, school, school.amina) is Role.ASSISTANT
    assert [action for _, action, _ in written(platform, school)] == ["list applied"]


def test_a_list_with_one_bad_line_does_nothing(platform: Platform, school: Class, karim: TestClient) -> None:
    status, page = send(karim, school, b"email,role\namina@univ.example,assistant\nnobody,\n<script>@x.fr,\n")
    assert status == 422
    assert "Nothing was changed" in page
    assert "this is not an e-mail address" in page
    assert "<script>@" not in page
    assert role_of(platform, school, school.amina) is Role.STUDENT
    assert written(platform, school) == []


def test_a_list_may_not_leave_the_course_without_a_teacher(platform: Platform, school: Class, karim: TestClient) -> None:
    status, _ = send(karim, school, b"email,role\nkarim@univ.example,student\nzoe@univ.example,student\n")
    assert status == 409
    assert role_of(platform, school, school.teacher) is Role.TEACHER
    with platform.database.read() as connection:
        assert people.invitations(connection, school.course.key) == []


@pytest.mark.parametrize("content", [b"", b"\n;;\n", b"email;name\n"])
def test_an_empty_list_says_so(content: bytes, school: Class, karim: TestClient) -> None:
    status, page = send(karim, school, content)
    assert status == 422
    assert "The file holds no line." in page


def test_a_list_that_is_too_long_is_refused_before_it_is_read(school: Class, karim: TestClient) -> None:
    assert send(karim, school, b"a@univ.example\n" * 5001)[0] == 413
    assert send(karim, school, b"x" * 2_200_000)[0] == 413


def test_one_person_is_added_or_announced_by_address(platform: Platform, school: Class, karim: TestClient) -> None:
    address = f"{school.address}/people/add"
    assert karim.post(address, data={"email": " EVE@univ.example ", "role": "assistant"}).status_code == 200
    assert role_of(platform, school, school.stranger) is Role.ASSISTANT
    page = karim.post(address, data={"email": "zoe@univ.example", "role": "student"}).text
    assert "1 is announced" in page
    for wrong in ("nobody", "a@univ.example\tteacher", "a@univ.example\nb@univ.example", "<b>@x.fr"):
        answer = karim.post(address, data={"email": wrong, "role": "student"})
        assert answer.status_code == 422, wrong
        assert "Nothing was changed" in answer.text


def test_an_announcement_is_taken_back(platform: Platform, school: Class, karim: TestClient) -> None:
    send(karim, school, b"zoe@univ.example\n")
    assert karim.post(f"{school.address}/people/forget", data={"email": "zoe@univ.example"}).status_code == 303
    with platform.database.read() as connection:
        assert people.invitations(connection, school.course.key) == []


def link_in(page: str) -> str:
    return page.split('value="http://localhost:8000/join/', 1)[1].split('"', 1)[0]


def test_a_join_link_lets_a_stranger_in_as_a_student(platform: Platform, school: Class, browser_of: Browser) -> None:
    karim = browser_of(school.teacher)
    assert karim.post(f"{school.address}/people/link").status_code == 303
    code = link_in(karim.get(f"{school.address}/people").text)
    eve = browser_of(school.stranger)
    assert "Statistics" in eve.get(f"/join/{code}").text
    assert role_of(platform, school, school.stranger) is None, "looking joins nobody"
    assert eve.post(f"/join/{code}").headers["location"] == school.address
    assert role_of(platform, school, school.stranger) is Role.STUDENT
    assert eve.get(f"/join/{code}").headers["location"] == school.address
    assert [action for _, action, _ in written(platform, school)] == ["join link made", "joined by link"]


def test_a_link_never_lowers_a_role(platform: Platform, school: Class, karim: TestClient) -> None:
    karim.post(f"{school.address}/people/link")
    karim.post(f"/join/{link_in(karim.get(school.address + '/people').text)}")
    assert role_of(platform, school, school.teacher) is Role.TEACHER


def test_an_ended_link_leads_nowhere_and_says_so(school: Class, browser_of: Browser) -> None:
    karim = browser_of(school.teacher)
    karim.post(f"{school.address}/people/link")
    code = link_in(karim.get(f"{school.address}/people").text)
    karim.post(f"{school.address}/people/link/end")
    eve = browser_of(school.stranger)
    for answer in (eve.get(f"/join/{code}"), eve.post(f"/join/{code}"), eve.get("/join/none")):
        assert answer.status_code == 404
        assert "This link leads nowhere any more" in answer.text


def test_a_link_asks_to_sign_in_and_comes_back(visitor: TestClient) -> None:
    assert visitor.get("/join/abc").headers["location"] == "/sign-in?next=%2Fjoin%2Fabc"
