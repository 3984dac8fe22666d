"""Opening a workspace: where it leads, how the wait is told, how a refusal reads."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.portal.addresses import entrance
from hub_services.portal.opening import reason
from hub_services.web.hub import ServerState
from tests.unit.conftest import FakeHub
from tests.unit.portal.conftest import Class

Browser = Callable[[Person], TestClient]


def lab(school: Class, rest: str = "lab") -> str:
    person = school.amina.id
    return f"http://{person}.localhost:8000/user/{person}/{school.course.key}/{rest}"


def events(browser: TestClient, path: str) -> list[tuple[str, str]]:
    text = browser.get(path).text.replace("\r\n", "\n")
    blocks = [dict(line.split(": ", 1) for line in block.split("\n") if ": " in line) for block in text.split("\n\n")]
    return [(block["event"], block["data"]) for block in blocks if "event" in block]


@pytest.mark.parametrize(
    ("public", "address"),
    [
        ("http://localhost:8000", "http://p-a.localhost:8000/user/p-a/c/lab"),
        ("https://hub.univ.example", "https://p-a.hub.univ.example/user/p-a/c/lab"),
    ],
)
def test_each_person_has_an_origin_of_their_own(public: str, address: str) -> None:
    assert entrance(public, "p-a", "c") == address


def test_a_workspace_is_asked_for_and_the_wait_has_a_page(school: Class, browser_of: Browser, hub: FakeHub) -> None:
    browser = browser_of(school.amina)
    answer = browser.post(school.address + "/open")
    assert answer.status_code == 303
    assert answer.headers["location"] == school.address + "/opening"
    assert hub.started == [(school.amina.id, school.course.key)]
    page = browser.get(school.address + "/opening")
    assert f'data-events="{school.address}/opening/events"' in page.text
    assert "Your workspace is being started." in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text


def test_a_workspace_that_runs_is_entered_at_once(school: Class, browser_of: Browser, hub: FakeHub) -> None:
    hub.states[school.amina.id, school.course.key] = ServerState(running=True, ready=True, pending=None)
    browser = browser_of(school.amina)
    assert browser.post(school.address + "/open").headers["location"] == lab(school)
    assert browser.get(school.address + "/opening").headers["location"] == lab(school)


def test_an_assignment_is_opened_on_its_own_address(
    school: Class, browser_of: Browser, hub: FakeHub, assignment: Callable[..., exchange.Assignment]
) -> None:
    name = assignment("TP1").name
    browser = browser_of(school.amina)
    answer = browser.post(school.address + "/open", data={"assignment": name})
    assert answer.headers["location"] == f"{school.address}/opening?assignment={name}"
    hub.events = [{"progress": 100, "ready": True, "message": "Server ready", "url": "http://anywhere.example/"}]
    assert events(browser, f"{school.address}/opening/events?assignment={name}") == [
        ("goto", lab(school, f"himalia/open/{name}"))
    ]


@pytest.mark.parametrize("name", ["no-such", "../../x", "draft"])
def test_what_is_not_there_for_a_student_starts_nothing(
    name: str, school: Class, browser_of: Browser, hub: FakeHub, assignment: Callable[..., exchange.Assignment]
) -> None:
    assignment("Draft", released=False)
    assert browser_of(school.amina).post(school.address + "/open", data={"assignment": name}).status_code == 404
    assert hub.started == []


def test_an_author_opens_the_source_and_a_student_does_not(
    school: Class, browser_of: Browser, assignment: Callable[..., exchange.Assignment]
) -> None:
    name = assignment("Draft", released=False).name
    form = {"assignment": name, "author": "true"}
    assert browser_of(school.teacher).post(school.address + "/open", data=form).status_code == 303
    assert browser_of(school.amina).post(school.address + "/open", data=form).status_code == 403


def test_the_wait_is_told_in_the_readers_language(school: Class, browser_of: Browser, hub: FakeHub) -> None:
    hub.events = [{"progress": 0, "message": "Server requested"}, {"progress": 50, "stage": "server"}, {"ready": True}]
    browser = browser_of(school.amina)
    told = events(browser, school.address + "/opening/events")
    assert told == [
        ("stage", "Your workspace is being started."),
        ("progress", "0/100"),
        ("stage", "JupyterLab is starting: a few seconds."),
        ("progress", "50/100"),
        ("goto", lab(school)),
    ]
    browser.cookies.set("himalia_language", "fr")
    assert events(browser, school.address + "/opening/events")[2] == ("stage", "JupyterLab démarre\u00a0: quelques secondes.")


def test_a_failed_start_gives_our_own_reason_and_never_the_hubs_words(school: Class, browser_of: Browser, hub: FakeHub) -> None:
    browser = browser_of(school.amina)
    path = school.address + "/opening/events"
    hub.events = [{"failed": True, "message": "Spawn failed: 403 SpawnException(reason='x'): You are not in this course."}]
    assert events(browser, path) == [("failed", "You are not in this course.")]
    hub.events = [{"failed": True, "message": "Spawn failed: Server at http://127.0.0.1:3/ didn't respond in 30 seconds"}]
    ((kind, words),) = events(browser, path)
    assert kind == "failed"
    assert words.startswith("The workspace did not start.")
    assert "127.0.0.1" not in words


def test_a_start_that_nobody_asked_for_says_so(school: Class, browser_of: Browser, hub: FakeHub) -> None:
    browser = browser_of(school.amina)
    page = browser.get(school.address + "/opening")
    assert "<noscript>" not in page.text
    assert "Your workspace is not open" in page.text
    ((kind, _),) = events(browser, school.address + "/opening/events")
    assert kind == "failed"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Spawn failed: 403 SpawnException(reason='a'): Out: of\n  hours", "Out: of hours"),
        ("Spawn failed: 503 SpawnException(reason=None): No.", "No."),
        ("Spawn failed: [Errno 2] No such file", ""),
        ("", ""),
    ],
)
def test_our_sentence_is_taken_out_of_the_hubs(message: str, words: str) -> None:
    assert reason(message) == words
