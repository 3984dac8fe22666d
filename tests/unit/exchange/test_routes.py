"""The token API: every route as every role, by a real client over a transport without a socket."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2 as httpx
import pytest
from himalia_exchange.archive import pack, unpack
from himalia_exchange.client import ExchangeClient, ExchangeRefused, Patience
from himalia_exchange.wire import LatePolicy, State
from sqlalchemy import select
from starlette.testclient import TestClient

from hub_config.access.roles import Role
from hub_services.app import create_public
from hub_services.courses.api import NewCourse, create
from hub_services.exchange import api
from hub_services.people.api import Person
from hub_services.people.tables import audit
from hub_services.web.hub import ServerIdentity
from hub_services.web.platform import Platform
from tests.unit.conftest import Clock, FakeHub
from tests.unit.exchange.conftest import COURSE, copy, notebook

SOURCE = pack({"tp2.ipynb": notebook("solution")})


@dataclass(frozen=True)
class Door:
    """Gives exchange clients to people."""

    http: TestClient
    hub: FakeHub

    def client(self, person: Person | None, course: str = COURSE, language: str = "en") -> ExchangeClient:
        token = f"token-{person.id}-{course}" if person else "unknown"
        if person:
            self.hub.tokens[token] = ServerIdentity(person.id, course)
        transport = httpx.MockTransport(self._pass_on)
        patience = Patience(pauses=())
        return ExchangeClient("http://web", token, language=language, patience=patience, transport=transport)

    def _pass_on(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        given = self.http.request(request.method, target, content=request.content, headers=dict(request.headers))
        return httpx.Response(given.status_code, content=given.content)


@pytest.fixture
def door(platform: Platform, hub: FakeHub) -> Iterator[Door]:
    with TestClient(create_public(platform), raise_server_exceptions=False) as http:
        yield Door(http, hub)


def test_a_student_fetches_hands_in_and_gets_a_copy_back(
    door: Door, tp1: api.Assignment, student: Person, teacher: Person
) -> None:
    mine = door.client(student)
    assert [(info.name, info.fetched_version) for info in mine.assignments()] == [("tp1", None)]
    assert set(unpack(mine.fetch("tp1"))) == {"tp1.ipynb", "page.png"}
    receipt = mine.submit("tp1", copy())
    assert receipt.version == 1
    info = mine.assignments()[0]
    assert (info.fetched_version, info.submissions, info.feedback) == (1, 1, False)
    assert info.notebooks == ("tp1.ipynb",)
    assert mine.submission(receipt.id) == copy()

    theirs = door.client(teacher)
    assert [(s.person, s.counts) for s in theirs.submissions("tp1", everyone=True)] == [(student.id, True)]
    assert theirs.publish_feedback("tp1", pack({f"{receipt.id}/tp1.html": b"<p>Bravo"})).published == 1
    assert unpack(mine.feedback("tp1")) == {f"{receipt.id}/tp1.html": b"<p>Bravo"}
    assert mine.submissions("tp1")[0].feedback_sha256


ACTIONS: dict[str, Callable[[ExchangeClient], object]] = {
    "list": lambda c: c.assignments(),
    "fetch": lambda c: c.fetch("tp1"),
    "submit": lambda c: c.submit("tp1", copy()),
    "own": lambda c: c.submissions("tp1"),
    "all": lambda c: c.submissions("tp1", everyone=True),
    "source": lambda c: c.source("tp1"),
    "put": lambda c: c.put_source("tp2", SOURCE),
    "release": lambda c: c.release("tp2", SOURCE, ready=True),
    "publish": lambda c: c.publish_feedback("tp1", pack({})),
    "withdraw": lambda c: c.withdraw("tp1"),
}
OPEN = {
    Role.STUDENT: {"list", "fetch", "submit", "own"},
    Role.ASSISTANT: {"list", "fetch", "submit", "own", "all"},
    Role.TEACHER: set(ACTIONS),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_its_own(door: Door, tp1: api.Assignment, somebody: Callable[..., Person], role: Role) -> None:
    client = door.client(somebody("X", COURSE, role))
    for name, act in ACTIONS.items():
        assert (status(act, client) == 200) is (name in OPEN[role]), name
        assert status(act, client) in (200, 403) or role is Role.TEACHER, name


def test_who_is_not_in_the_course_may_nothing(door: Door, tp1: api.Assignment, somebody: Callable[..., Person]) -> None:
    stranger, nobody = door.client(somebody("Stranger")), door.client(None)
    assert {status(act, stranger) for act in ACTIONS.values()} == {403}
    assert {status(act, nobody) for act in ACTIONS.values()} == {401}


def status(act: Callable[[ExchangeClient], object], client: ExchangeClient) -> int:
    """200, or how it was refused."""
    try:
        act(client)
    except ExchangeRefused as refused:
        return refused.status
    return 200


def test_another_courses_teacher_sees_nothing_here(
    door: Door, tp1: api.Assignment, student: Person, somebody: Callable[..., Person]
) -> None:
    receipt = door.client(student).submit("tp1", copy())
    other = door.client(somebody("Other", "biology", Role.TEACHER), "biology")
    assert other.assignments() == ()
    for ask, what in ((other.submission, receipt.id), (other.source, "tp1"), (other.fetch, "tp1")):
        with pytest.raises(ExchangeRefused) as caught:
            ask(what)
        assert caught.value.status == 404


def test_a_token_counts_for_its_own_course_alone(
    door: Door, tp1: api.Assignment, student: Person, somebody: Callable[..., Person]
) -> None:
    both = somebody("Both", COURSE, Role.STUDENT)
    with pytest.raises(ExchangeRefused, match="not in this course"):
        door.client(both, "biology").assignments()


def test_another_students_submission_is_as_if_not_there(
    door: Door, tp1: api.Assignment, student: Person, somebody: Callable[..., Person], teacher: Person
) -> None:
    receipt = door.client(student).submit("tp1", copy())
    with pytest.raises(ExchangeRefused) as caught:
        door.client(somebody("Bo", COURSE)).submission(receipt.id)
    assert caught.value.status == 404
    assert door.client(teacher).submission(receipt.id) == copy()


def test_a_draft_is_shown_to_authors_alone(door: Door, student: Person, teacher: Person) -> None:
    door.client(teacher).put_source("tp2", SOURCE)
    assert door.client(teacher).assignments()[0].state is State.DRAFT
    assert door.client(student).assignments() == ()
    assert door.client(teacher).source("tp2") == SOURCE


def test_a_release_twice_is_one_version(door: Door, teacher: Person) -> None:
    client = door.client(teacher)
    assert client.release("tp2", SOURCE, ready=True).version == 1
    assert client.release("tp2", SOURCE, ready=True).version == 1
    assert client.release("tp2", pack({"tp2.ipynb": notebook("new")}), ready=True).version == 2


def test_a_solution_is_not_released(door: Door, teacher: Person) -> None:
    with pytest.raises(ExchangeRefused, match="solution"):
        door.client(teacher).release("tp2", pack({"tp2.ipynb": notebook("### BEGIN SOLUTION")}), ready=True)


@pytest.mark.parametrize("name", ["..", "a+b", "source", "x" * 65, "é"])
def test_a_bad_name_is_refused(door: Door, teacher: Person, name: str) -> None:
    with pytest.raises(ExchangeRefused):
        door.client(teacher).put_source(name, SOURCE)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": 1}', b"\xff", b"[" * 100_000])
def test_a_broken_notebook_is_named(door: Door, teacher: Person, content: bytes) -> None:
    with pytest.raises(ExchangeRefused, match=r"bad\.ipynb"):
        door.client(teacher).put_source("tp2", pack({"bad.ipynb": content}))


def test_feedback_for_nobody_publishes_nothing(door: Door, tp1: api.Assignment, student: Person, teacher: Person) -> None:
    receipt = door.client(student).submit("tp1", copy())
    archive = pack({f"{receipt.id}/tp1.html": b"x", "s-nobody/tp1.html": b"x"})
    with pytest.raises(ExchangeRefused, match="nothing was published"):
        door.client(teacher).publish_feedback("tp1", archive)
    with pytest.raises(ExchangeRefused, match="No graded copy"):
        door.client(student).feedback("tp1")


def test_refusals_speak_the_workspaces_language(door: Door, tp1: api.Assignment, student: Person) -> None:
    with pytest.raises(ExchangeRefused, match=r"\.ipynb, \.py, \.pdf, \.csv") as caught:
        door.client(student, language="fr-FR").submit("tp1", copy(more={"a.exe": b"MZ"}))
    assert "type" in caught.value.title


def test_a_large_body_is_refused_before_it_is_read(door: Door, tp1: api.Assignment, student: Person) -> None:
    with pytest.raises(ExchangeRefused) as caught:
        door.client(student).submit("tp1", bytes(101 * 1024 * 1024))
    assert caught.value.status == 413


def test_the_receipt_can_be_had_again(door: Door, tp1: api.Assignment, student: Person) -> None:
    client = door.client(student)
    receipt = client.submit("tp1", copy())
    assert client.receipt(receipt.id) == receipt


def solved(text: str = "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION") -> bytes:
    """A notebook as its author solved it, with nbgrader's marks and no cell ids, as older tools write."""
    solution = {"grade": False, "grade_id": "a", "locked": False, "schema_version": 3, "solution": True, "task": False}
    tests = {**solution, "grade": True, "grade_id": "t", "points": 1, "solution": False, "locked": True}
    hidden = "assert answer\n### BEGIN HIDDEN TESTS\nassert answer == 42\n### END HIDDEN TESTS"
    blank: dict[str, object] = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [
        {**blank, "metadata": {"nbgrader": solution}, "source": text},
        {**blank, "metadata": {"nbgrader": tests}, "source": hidden},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def test_students_fetch_no_solution_and_no_hidden_test(door: Door, student: Person, teacher: Person) -> None:
    source = pack({"tp3.ipynb": solved(), "data.csv": b"a;b"})
    first = door.client(teacher).release("tp3", source)
    given = unpack(door.client(student).fetch("tp3"))
    assert b"42" not in given["tp3.ipynb"]
    assert b"YOUR CODE HERE" in given["tp3.ipynb"]
    assert given["data.csv"] == b"a;b"
    assert door.client(teacher).release("tp3", source) == first
    assert door.client(teacher).source("tp3") == source


def test_a_notebook_that_nbgrader_refuses_is_refused_in_words(door: Door, teacher: Person) -> None:
    with pytest.raises(ExchangeRefused, match=r"tp3\.ipynb"):
        door.client(teacher).release("tp3", pack({"tp3.ipynb": solved("### BEGIN SOLUTION\nanswer = 42")}))


def test_what_changes_a_course_is_written_down(door: Door, platform: Platform, teacher: Person) -> None:
    client = door.client(teacher)
    client.put_source("tp2", SOURCE)
    client.release("tp2", SOURCE, ready=True)
    client.withdraw("tp2")
    with platform.database.read() as connection:
        rows = connection.execute(select(audit.c.person, audit.c.course, audit.c.detail).order_by(audit.c.id)).all()
    assert [tuple(row) for row in rows] == [
        (teacher.id, COURSE, "tp2"),
        (teacher.id, COURSE, "tp2, version 1"),
        (teacher.id, COURSE, "tp2"),
    ]


def test_a_new_assignment_has_the_courses_late_policy(door: Door, platform: Platform, teacher: Person) -> None:
    with platform.database.begin() as connection:
        made = create(platform, connection, teacher, NewCourse("Statistics", "en", late_policy=LatePolicy.ACCEPT))
    info = door.client(teacher, made.key).put_source("tp1", SOURCE)
    assert info.late_policy is LatePolicy.ACCEPT


def test_the_time_is_the_servers_whatever_the_workspace_believes(
    door: Door, tp1: api.Assignment, student: Person, platform: Platform, clock: Clock
) -> None:
    clock.move(minutes=59)
    client = door.client(student)
    client._http.headers["Date"] = "Mon, 02 Mar 2026 12:00:00 GMT"  # two hours ahead, after the deadline
    receipt = client.submit("tp1", copy())
    assert receipt.received_at == platform.now()
    assert not receipt.late
