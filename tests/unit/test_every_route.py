"""Every page as everybody: who holds the right gets it, a member without it 403, a stranger 404, a visitor the sign-in page.

A route that is not in the table fails the test: nobody adds a page without saying whom it is for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi import APIRouter
from himalia_exchange.archive import pack
from starlette.testclient import TestClient

from hub_config.access.roles import Right, Role, allows
from hub_services.app import FEATURES
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import store as grading
from hub_services.grading.models import Cell, Copy, Notebook
from hub_services.people import store
from hub_services.people.api import Person, enrol
from hub_services.people.enrol import make_join_link
from hub_services.web.hub import ServerIdentity
from hub_services.web.platform import Platform
from tests.unit.conftest import FakeHub
from tests.unit.exchange.conftest import notebook

ANYONE, SIGNED_IN, TOKEN = "anyone", "signed in", "token"
COURSE = "/courses/{slug}"
WORK = COURSE + "/{name}"

# Who may: a right in the course, or one of the three words above. The token API has a matrix of its own in exchange/.
ROUTES: dict[str, Right | str] = {
    "GET /sign-in": ANYONE,
    "GET /sign-in/ended": ANYONE,
    "GET /sign-in/{provider}": ANYONE,
    "GET /sign-in/{provider}/callback": ANYONE,
    "POST /sign-out": ANYONE,
    "GET /oauth/authorize": ANYONE,
    "GET /courses/new": SIGNED_IN,
    "POST /courses/new": SIGNED_IN,
    "GET /": SIGNED_IN,
    "POST /path": SIGNED_IN,
    "GET /administration": SIGNED_IN,  # for administrators: test_administration
    "GET /administration/{slug}": SIGNED_IN,
    "POST /administration/{slug}/build": SIGNED_IN,
    "GET /administration/{slug}/events": SIGNED_IN,
    "GET /join/{code}": SIGNED_IN,
    "POST /join/{code}": SIGNED_IN,
    f"GET {COURSE}": Right.OPEN,
    f"POST {COURSE}/open": Right.OPEN,
    f"GET {COURSE}/opening": Right.OPEN,
    f"GET {COURSE}/opening/events": Right.OPEN,
    f"GET {WORK}": Right.OPEN,
    f"GET {WORK}/copy": Right.OPEN,
    f"GET {WORK}/copy/{{notebook}}.html": Right.OPEN,
    f"GET {WORK}/submissions/{{id}}.zip": Right.READ_COPIES,  # and its own student: see below
    f"GET {WORK}/submissions/{{id}}.json": Right.READ_COPIES,
    f"GET {WORK}/submissions/{{id}}.txt": Right.READ_COPIES,
    f"GET {WORK}/grading": Right.READ_COPIES,
    f"GET {WORK}/grading/events": Right.READ_COPIES,
    f"GET {WORK}/grading/{{person}}": Right.READ_COPIES,
    f"GET {WORK}/grading/{{person}}/{{notebook}}.html": Right.READ_COPIES,
    f"POST {WORK}/grading/{{person}}": Right.GRADE,
    f"POST {WORK}/grading/run": Right.GRADE,
    f"POST {WORK}/grading/cancel": Right.GRADE,
    f"POST {WORK}/grading/publish": Right.PUBLISH,
    f"GET {WORK}/grading/marks.csv": Right.PUBLISH,
    f"POST {WORK}/extension": Right.GRADE,
    f"GET {COURSE}/new-assignment": Right.AUTHOR,
    f"POST {COURSE}/new-assignment": Right.AUTHOR,
    f"POST {WORK}/edit": Right.AUTHOR,
    f"POST {WORK}/source": Right.AUTHOR,
    f"GET {WORK}/source.zip": Right.AUTHOR,
    f"POST {WORK}/release": Right.AUTHOR,
    f"POST {WORK}/withdraw": Right.AUTHOR,
    f"POST {WORK}/delete": Right.AUTHOR,
    f"GET {WORK}/preview": Right.AUTHOR,
    f"GET {WORK}/preview/{{path:path}}.html": Right.AUTHOR,
    f"GET {COURSE}/people": Right.PEOPLE,
    f"POST {COURSE}/people/role": Right.PEOPLE,
    f"POST {COURSE}/people/remove": Right.PEOPLE,
    f"POST {COURSE}/people/list": Right.PEOPLE,
    f"POST {COURSE}/people/add": Right.PEOPLE,
    f"POST {COURSE}/people/forget": Right.PEOPLE,
    f"POST {COURSE}/people/link": Right.PEOPLE,
    f"POST {COURSE}/people/link/end": Right.PEOPLE,
    f"GET {COURSE}/environment": Right.ENVIRONMENT,
    f"POST {COURSE}/environment/build": Right.ENVIRONMENT,
    f"POST {COURSE}/environment/cancel": Right.ENVIRONMENT,
    f"POST {COURSE}/environment/use": Right.ENVIRONMENT,
    f"GET {COURSE}/environment/lock": Right.ENVIRONMENT,
    f"GET {COURSE}/environment/events/{{job}}": Right.ENVIRONMENT,
    f"GET {COURSE}/settings": Right.COURSE,
    f"POST {COURSE}/settings/title": Right.COURSE,
    f"POST {COURSE}/settings/files": Right.COURSE,
    f"POST {COURSE}/settings/rules": Right.COURSE,
    f"GET {COURSE}/settings/files.zip": Right.COURSE,
}
# The fields that a form must have to be understood at all: the right is asked before they mean anything.
FIELDS = {
    f"POST {WORK}/edit": {"title": "T", "kind": "practice", "late_policy": "accept", "accepts": ".ipynb"},
    f"POST {COURSE}/new-assignment": {"title": "T"},
    f"POST {WORK}/extension": {"person": "p-nobody"},
    f"POST {COURSE}/people/role": {"person": "p-nobody", "role": "teacher"},
    f"POST {COURSE}/people/remove": {"person": "p-nobody"},
    f"POST {COURSE}/people/add": {"email": "nobody@univ.example", "role": "student"},
    f"POST {COURSE}/people/forget": {"email": "nobody@univ.example"},
    f"POST {COURSE}/environment/use": {"digest": "0" * 64},
    f"POST {COURSE}/settings/title": {"title": "T"},
    f"POST {COURSE}/settings/rules": {"late_policy": "refuse", "language": "fr"},
}
UPLOADS = {f"POST {COURSE}/new-assignment": "files", f"POST {WORK}/source": "files", f"POST {COURSE}/people/list": "file"}
OF_COURSES = {route: right for route, right in ROUTES.items() if isinstance(right, Right)}


def every_route(router: APIRouter) -> Iterator[str]:
    for route in router.routes:
        if hasattr(route, "original_router"):
            yield from every_route(route.original_router)
        else:
            yield from (f"{method} {route.path}" for method in sorted(getattr(route, "methods", ())))  # type: ignore[attr-defined]


def test_each_route_says_whom_it_is_for() -> None:
    routes = {route for feature in FEATURES for route in every_route(feature.router)}
    pages = {route for route in routes if "/api/exchange/" not in route}
    assert pages == set(ROUTES)


@dataclass(frozen=True)
class World:
    """A course with a graded copy in it, another course, and somebody of every kind."""

    values: dict[str, str]
    actors: dict[str, Person]

    def address(self, route: str) -> tuple[str, str]:
        method, _, path = route.partition(" ")
        return method, path.replace("{path:path}", "{notebook}").format(**self.values)


@pytest.fixture
def world(platform: Platform, hub: FakeHub, somebody: Callable[..., Person]) -> World:
    actors = {name: somebody(name) for name in ("student", "assistant", "teacher", "other teacher", "stranger")}
    actors["administrator"] = somebody("admin", is_administrator=True)
    with platform.database.begin() as connection:
        course = courses.create(platform, connection, actors["teacher"], courses.NewCourse("Ours", "en"))
        courses.create(platform, connection, actors["other teacher"], courses.NewCourse("Theirs", "en"))
        for name in ("student", "assistant"):
            enrol(connection, actors[name].id, course.key, Role(name), source="form", now=platform.now())
        code = make_join_link(connection, course.key, platform.now()).code
    submission = _graded(platform, course, actors["teacher"], actors["student"])
    hub.tokens["server"] = ServerIdentity(actors["teacher"].id, course.key)
    person = actors["student"].id
    named = {"slug": course.slug, "name": "tp1", "person": person, "notebook": "tp1", "id": submission, "job": "1"}
    return World(named | {"code": code, "provider": "none"}, actors)


def _graded(platform: Platform, course: courses.Course, teacher: Person, student: Person) -> str:
    exchange.put_source(platform, course.key, teacher.id, "tp1", pack({"tp1.ipynb": notebook("solution")}))
    exchange.release_as_is(platform, course.key, teacher.id, "tp1", pack({"tp1.ipynb": notebook("question")}))
    receipt = exchange.submit(platform, course.key, student.id, "tp1", pack({"tp1.ipynb": notebook("answer")}), "once")
    executed = platform.files.put(pack({"tp1.ipynb": notebook("answer")}))
    copy = Copy(
        course=course.key,
        assignment="tp1",
        person=student.id,
        submission=receipt.id,
        submission_sha256=receipt.sha256,
        environment="",
        tests="",
        engine="",
        executed=executed,
        notebooks=(Notebook("tp1", "", (Cell("q1", 3.0, 2.0, needs_manual_grade=False),)),),
        flags=(),
        reason="",
        seconds=0,
        cpu_seconds=0,
        graded_at=platform.now(),
    )
    with platform.database.begin() as connection:
        grading.put_copy(connection, copy)
    return receipt.id


def ask(browser: TestClient, world: World, route: str) -> int:
    method, address = world.address(route)
    files = {UPLOADS[route]: ("a.txt", b"x")} if route in UPLOADS else None
    return browser.request(method, address, data=FIELDS.get(route), files=files).status_code


@pytest.mark.parametrize("route", OF_COURSES)
def test_a_page_of_a_course(world: World, platform: Platform, browser_of: Callable[[Person], TestClient], route: str) -> None:
    """Those who lack the right are asked first, so that what the teacher's request changes cannot help them."""
    right = OF_COURSES[route]
    expected = dict.fromkeys(("stranger", "other teacher", "administrator"), 404)
    expected |= {role.value: 403 for role in Role if not allows(role, right)}
    if "/submissions/" in route:
        del expected["student"]  # it is their own
    got = {name: ask(browser_of(world.actors[name]), world, route) for name in expected}
    assert got == expected
    with platform.database.read() as connection:
        member = store.membership(connection, world.actors["teacher"].id, _key(platform, world), platform.now())
    assert member is not None
    allowed = [role.value for role in Role if allows(role, right)]
    assert not {name: s for name in allowed if (s := ask(browser_of(world.actors[name]), world, route)) in (401, 403)}


@pytest.mark.parametrize("route", [route for route, who in ROUTES.items() if who is not ANYONE])
def test_who_is_not_signed_in(world: World, visitor: TestClient, route: str) -> None:
    """A visitor, and code that holds a user server's token, are sent to the sign-in page: marks are not for tokens."""
    for headers in ({}, {"authorization": "token server"}, {"cookie": "himalia=forged"}):
        method, address = world.address(route)
        answer = visitor.request(method, address, headers=headers)
        sent = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
        assert sent if method == "GET" else answer.status_code == 401, (headers, answer.status_code)


@pytest.mark.parametrize("route", [route for route, who in ROUTES.items() if who is SIGNED_IN])
def test_everybody_who_is_signed_in(world: World, browser_of: Callable[[Person], TestClient], route: str) -> None:
    assert ask(browser_of(world.actors["stranger"]), world, route) not in (401, 404)


@pytest.mark.parametrize("kind", ["zip", "json", "txt"])
def test_a_submission_is_for_its_student_and_no_other(
    world: World, platform: Platform, somebody: Callable[..., Person], browser_of: Callable[[Person], TestClient], kind: str
) -> None:
    route = f"GET {WORK}/submissions/{{id}}.{kind}"
    other = somebody("other student")
    with platform.database.begin() as connection:
        enrol(connection, other.id, _key(platform, world), Role.STUDENT, source="form", now=platform.now())
    assert ask(browser_of(world.actors["student"]), world, route) == 200
    assert ask(browser_of(other), world, route) in (403, 404)


def _key(platform: Platform, world: World) -> str:
    with platform.database.read() as connection:
        found = courses.course_at(connection, world.values["slug"])
    assert isinstance(found, courses.Course)
    return found.key
