"""Every page of the portal as every sort of person: the whole matrix, so that a new route without a row fails."""

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.portal.routes import PAGES
from tests.unit.portal.conftest import Class

Browser = Callable[[Person], TestClient]
OPEN, READ, GRADE, AUTHOR, PEOPLE = range(5)
# Who may: [student, assistant, teacher]; everybody else gets 404, as for a course that does not exist.
MAY = {
    OPEN: (True, True, True),
    READ: (False, True, True),
    GRADE: (False, True, True),
    AUTHOR: (False, False, True),
    PEOPLE: (False, False, True),
}
ROUTES = {
    ("POST", "/courses/{slug}/open"): OPEN,
    ("GET", "/courses/{slug}/opening"): OPEN,
    ("GET", "/courses/{slug}/opening/events"): OPEN,
    ("GET", "/courses/{slug}"): OPEN,
    ("GET", "/courses/{slug}/{name}"): OPEN,
    ("GET", "/courses/{slug}/people"): PEOPLE,
    ("POST", "/courses/{slug}/people/role"): PEOPLE,
    ("POST", "/courses/{slug}/people/remove"): PEOPLE,
    ("POST", "/courses/{slug}/people/list"): PEOPLE,
    ("POST", "/courses/{slug}/people/forget"): PEOPLE,
    ("POST", "/courses/{slug}/people/link"): PEOPLE,
    ("POST", "/courses/{slug}/people/link/end"): PEOPLE,
    ("GET", "/courses/{slug}/new-assignment"): AUTHOR,
    ("POST", "/courses/{slug}/new-assignment"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/edit"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/source"): AUTHOR,
    ("GET", "/courses/{slug}/{name}/source.zip"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/release"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/withdraw"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/delete"): AUTHOR,
    ("GET", "/courses/{slug}/{name}/preview"): AUTHOR,
    ("GET", "/courses/{slug}/{name}/preview/{path:path}.html"): AUTHOR,
    ("POST", "/courses/{slug}/{name}/extension"): GRADE,
    ("GET", "/courses/{slug}/{name}/submissions/{id}.zip"): READ,
    ("GET", "/courses/{slug}/{name}/submissions/{id}.json"): READ,
    ("GET", "/courses/{slug}/{name}/submissions/{id}.txt"): READ,
}
# These belong to whoever is signed in; the link itself is the right.
PERSONAL = {("GET", "/"), ("POST", "/path"), ("GET", "/join/{code}"), ("POST", "/join/{code}")}
FORMS = {
    "role": {"person": "p-x", "role": "student"},
    "remove": {"person": "p-x"},
    "forget": {"email": "x@univ.example"},
    "new-assignment": {"title": "TP9"},
    "edit": {"title": "TP1", "kind": "lab", "late_policy": "refuse", "accepts": ".ipynb"},
    "extension": {"person": "p-x", "deadline": "2026-04-01T12:00"},
}
WITH_FILES = {"list": "file", "new-assignment": "files", "source": "files"}


def routes() -> set[tuple[str, str]]:
    every = (route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute))
    return {(method, route.path) for route in every for method in route.methods}


def test_the_matrix_names_every_route() -> None:
    assert routes() == set(ROUTES) | PERSONAL


def ask(browser: TestClient, method: str, path: str) -> int:
    action = path.rsplit("/", 1)[1]
    if method == "GET":
        return browser.get(path).status_code
    files = {WITH_FILES[action]: ("x.csv", b"")} if action in WITH_FILES else None
    return browser.post(path, data=FORMS.get(action, {}), files=files).status_code


@pytest.mark.parametrize(("method", "template"), sorted(ROUTES))
def test_who_may_do_what(
    method: str,
    template: str,
    school: Class,
    assignment: Callable[..., exchange.Assignment],
    submits: Callable[..., exchange.Submission],
    browser_of: Browser,
) -> None:
    name = assignment("TP1").name
    theirs = submits(school.lucas, name)
    path = template.replace("{path:path}", "notebook.ipynb").format(slug=school.course.slug, name=name, id=theirs.id)
    for person in (school.stranger, school.administrator):
        assert ask(browser_of(person), method, path) == 404, person.name
    roles = zip((school.amina, school.assistant, school.teacher), MAY[ROUTES[method, template]], strict=True)
    for person, may in roles:
        status = ask(browser_of(person), method, path)
        if may:
            assert status not in (401, 403), person.name
            assert status < 500, person.name
        else:
            assert status in (403, 404), (person.name, status)


@pytest.mark.parametrize(("method", "template"), sorted(ROUTES))
def test_nobody_signed_in_gets_nothing(method: str, template: str, school: Class, visitor: TestClient) -> None:
    path = template.replace("{path:path}", "x").format(slug=school.course.slug, name="tp1", id="s-x")
    if method == "GET":
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=%2Fcourses")
    else:
        assert ask(visitor, method, path) == 401


@pytest.mark.parametrize("template", sorted(path for method, path in ROUTES if method == "POST"))
def test_code_on_a_students_own_origin_changes_nothing(
    template: str, school: Class, browser_of: Browser, assignment: Callable[..., exchange.Assignment]
) -> None:
    """The teacher looks at a page of a student's server: its scripts carry the teacher's cookie on a real domain."""
    name = assignment("TP1").name
    browser = browser_of(school.teacher)
    attack = {"sec-fetch-site": "same-site", "origin": "http://p-mallory.localhost:8000"}
    path = template.format(slug=school.course.slug, name=name)
    assert browser.post(path, headers=attack).status_code == 403


def test_a_servers_token_opens_no_page(school: Class, visitor: TestClient) -> None:
    answer = visitor.get(school.address + "/people", headers={"authorization": "token of-a-teachers-server"})
    assert answer.status_code == 303
    assert visitor.post(school.address + "/open", headers={"authorization": "token x"}).status_code == 401
