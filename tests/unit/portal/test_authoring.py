"""Making, editing, releasing an assignment; what students see of it, and when."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from himalia_exchange.archive import pack, unpack
from himalia_exchange.wire import Kind, LatePolicy, State
from starlette.testclient import TestClient

from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.portal.model_notebook import model_files
from hub_services.web.platform import Platform
from tests.unit.conftest import START
from tests.unit.portal.conftest import WORK, Class

Browser = Callable[[Person], TestClient]
Make = Callable[..., exchange.Assignment]
SOLVED = model_files("Solved", "fr")["notebook.ipynb"]


@pytest.fixture
def karim(school: Class, browser_of: Browser) -> TestClient:
    return browser_of(school.teacher)


def seen(platform: Platform, school: Class, name: str) -> exchange.Assignment:
    with platform.database.read() as connection:
        return exchange.assignment(connection, school.course.key, name)


def form_data(title: str, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The form as a browser sends it: where no file is chosen, one without a name and without content."""
    parts = [b'Content-Disposition: form-data; name="title"\r\n\r\n' + title.encode()]
    for name, content in files or [("", b"")]:
        head = (
            f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        parts.append(head.encode() + content)
    return b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"


def make(browser: TestClient, school: Class, title: str, *files: tuple[str, bytes]) -> tuple[int, str]:
    kind = {"content-type": "multipart/form-data; boundary=edge"}
    answer = browser.post(f"{school.address}/new-assignment", content=form_data(title, files), headers=kind)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_a_draft_starts_from_the_model(platform: Platform, school: Class, karim: TestClient) -> None:
    status, location = make(karim, school, "Ma première évaluation")
    assert (status, location) == (303, f"{school.address}/ma-premiere-evaluation")
    made = seen(platform, school, "ma-premiere-evaluation")
    assert (made.state, made.title) == (State.DRAFT, "Ma première évaluation")
    source = unpack(exchange.source(platform, school.course.key, made.name))
    assert "# Ma première évaluation" in source["notebook.ipynb"].decode()


def test_a_draft_starts_from_files(platform: Platform, school: Class, karim: TestClient) -> None:
    assert make(karim, school, "TP1", ("tp1.ipynb", SOLVED), ("data/answers.csv", b"a,b\n"))[0] == 303
    assert sorted(unpack(exchange.source(platform, school.course.key, "tp1"))) == ["answers.csv", "tp1.ipynb"]


def test_a_draft_starts_from_one_zip_without_its_outer_folder(platform: Platform, school: Class, karim: TestClient) -> None:
    content = pack({"tp1/tp1.ipynb": SOLVED, "tp1/data/a.csv": b"a\n", "__MACOSX/tp1/._tp1.ipynb": b"x"})
    assert make(karim, school, "TP1", ("TP1.ZIP", content))[0] == 303
    assert sorted(unpack(exchange.source(platform, school.course.key, "tp1"))) == ["data/a.csv", "tp1.ipynb"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("notes.txt", b"x")], "There is no notebook"),
        ([("tp1.ipynb", b"{not json")], "tp1.ipynb"),
        ([("tp1.zip", b"not a zip")], "This zip cannot be taken"),
    ],
    ids=["no notebook", "broken notebook", "broken zip"],
)
def test_files_that_cannot_be_taken_leave_no_draft(
    files: list[tuple[str, bytes]], words: str, platform: Platform, school: Class, karim: TestClient
) -> None:
    status, page = make(karim, school, "TP1", *files)
    assert status == 422
    assert words in page
    with platform.database.read() as connection:
        assert exchange.assignments(connection, school.course.key) == []


def test_an_assignment_needs_a_title(school: Class, karim: TestClient) -> None:
    assert make(karim, school, "   ")[0] == 422


@pytest.mark.parametrize("title", ["People", "Environment", "Opening", "New assignment", "Open"])
def test_a_title_never_takes_the_address_of_a_page(title: str, school: Class, karim: TestClient) -> None:
    status, location = make(karim, school, title)
    assert status == 303
    assert location.endswith("-2")
    assert title in karim.get(location).text


def test_settings_are_saved_and_a_deadline_is_the_sites(
    platform: Platform, school: Class, karim: TestClient, assignment: Make
) -> None:
    name = assignment("TP1").name
    form = {"title": "TP1 bis", "kind": "exam", "deadline": "2026-04-01T12:00", "late_policy": "accept", "accepts": "ipynb, .PDF"}
    assert karim.post(f"{school.address}/{name}/edit", data=form).status_code == 303
    saved = seen(platform, school, name)
    assert (saved.title, saved.kind, saved.late_policy) == ("TP1 bis", Kind.EXAM, LatePolicy.ACCEPT)
    assert saved.accepts == (".ipynb", ".pdf")
    assert saved.deadline
    assert saved.deadline.isoformat() == "2026-04-01T10:00:00+00:00"
    assert 'value="2026-04-01T12:00"' in karim.get(f"{school.address}/{name}").text
    karim.post(f"{school.address}/{name}/edit", data=form | {"deadline": ""})
    assert seen(platform, school, name).deadline is None


@pytest.mark.parametrize(
    "changed", [{"title": " "}, {"accepts": " ,"}, {"deadline": "soon"}, {"kind": "quiz"}, {"late_policy": "maybe"}], ids=str
)
def test_wrong_settings_change_nothing(
    changed: dict[str, str], platform: Platform, school: Class, karim: TestClient, assignment: Make
) -> None:
    before = assignment("TP1")
    form = {"title": "X", "kind": "lab", "deadline": "", "late_policy": "refuse", "accepts": ".ipynb"}
    assert karim.post(f"{school.address}/{before.name}/edit", data=form | changed).status_code == 422
    assert seen(platform, school, before.name) == before


def test_a_draft_is_unknown_to_students_until_it_is_released(
    platform: Platform, school: Class, browser_of: Browser, assignment: Make
) -> None:
    name = assignment("TP1", released=False).name
    amina = browser_of(school.amina)
    assert amina.get(f"{school.address}/{name}").status_code == 404
    assert "TP1" not in amina.get(school.address).text
    assert browser_of(school.teacher).post(f"{school.address}/{name}/release").status_code == 303
    amina = browser_of(school.amina)
    assert amina.get(f"{school.address}/{name}").status_code == 200
    assert "TP1" in amina.get(school.address).text
    fetched = exchange.fetch(platform, school.course.key, school.amina.id, name)
    given = unpack(fetched[1])["notebook.ipynb"].decode()
    assert "HIDDEN" not in given
    assert "sum(numbers)" not in given


def test_the_students_view_hides_solutions_and_is_sandboxed(school: Class, karim: TestClient, assignment: Make) -> None:
    name = assignment("TP1", released=False).name
    page = karim.get(f"{school.address}/{name}/preview").text
    assert f'<iframe class="copy" sandbox title="Notebook: notebook.ipynb" src="{school.address}/{name}/preview/notebook' in page
    shown = karim.get(f"{school.address}/{name}/preview/notebook.ipynb.html")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert "script" not in policy
    assert "numbers" in shown.text
    assert "sum(numbers)" not in shown.text
    assert "0.15" not in shown.text
    assert karim.get(f"{school.address}/{name}/preview/other.ipynb.html").status_code == 404


def test_what_cannot_be_released_says_why_before_it_is_tried(
    platform: Platform, school: Class, karim: TestClient, assignment: Make
) -> None:
    name = assignment("TP1", released=False).name
    broken = json.loads(SOLVED)
    for cell in broken["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = "same"
    exchange.put_source(platform, school.course.key, school.teacher.id, name, pack({"tp1.ipynb": json.dumps(broken).encode()}))
    page = karim.get(f"{school.address}/{name}/preview").text
    assert "This cannot be released as it is" in page
    assert "The id same is given to several cells." in page
    assert "<iframe" not in page
    assert f"{name}/release" not in page
    assert karim.post(f"{school.address}/{name}/release").status_code == 422


def test_a_changed_source_waits_for_the_next_release(
    platform: Platform, school: Class, karim: TestClient, assignment: Make
) -> None:
    name = assignment("TP1").name
    changed = json.loads(SOLVED)
    sent = [("files", ("tp1.ipynb", json.dumps(changed).encode()))]
    assert karim.post(f"{school.address}/{name}/source", files=sent).status_code == 303
    assert "The source has changed since version 1" in karim.get(f"{school.address}/{name}").text
    karim.post(f"{school.address}/{name}/release")
    assert seen(platform, school, name).version == 2
    assert "Version 2 is what students fetch." in karim.get(f"{school.address}/{name}").text


def test_no_file_replaces_no_source(school: Class, karim: TestClient, assignment: Make) -> None:
    name = assignment("TP1").name
    kind = {"content-type": "multipart/form-data; boundary=edge"}
    answer = karim.post(f"{school.address}/{name}/source", content=form_data("", []), headers=kind)
    assert answer.status_code == 422
    assert "No file was chosen" in answer.text


def test_an_assignment_with_submissions_is_withdrawn_and_never_deleted(
    platform: Platform, school: Class, karim: TestClient, assignment: Make, submits: Callable[..., exchange.Submission]
) -> None:
    name, other = assignment("TP1").name, assignment("TP2").name
    submits(school.amina, name)
    assert karim.post(f"{school.address}/{name}/delete").status_code == 409
    assert karim.post(f"{school.address}/{other}/delete").status_code == 303
    assert karim.get(f"{school.address}/{other}").status_code == 404
    assert karim.post(f"{school.address}/{name}/withdraw").status_code == 303
    assert seen(platform, school, name).state is State.WITHDRAWN


def test_an_extension_is_given_shown_and_taken_back(
    platform: Platform, school: Class, browser_of: Browser, assignment: Make
) -> None:
    name = assignment("TP1", days=7).name
    ines = browser_of(school.assistant)
    address = f"{school.address}/{name}/extension"
    later = (START + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert ines.post(address, data={"person": school.amina.id, "deadline": later}).status_code == 303
    assert "You have an extension" in browser_of(school.amina).get(f"{school.address}/{name}").text
    assert "You have an extension" not in browser_of(school.lucas).get(f"{school.address}/{name}").text
    ines = browser_of(school.assistant)
    assert ines.post(address, data={"person": school.amina.id, "deadline": "2026-03-03T12:00"}).status_code == 422
    assert ines.post(address, data={"person": school.stranger.id, "deadline": later}).status_code == 404
    assert ines.post(address, data={"person": school.amina.id, "deadline": ""}).status_code == 303
    with platform.database.read() as connection:
        assert exchange.extensions(connection, school.course.key, name) == []


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_the_model_has_what_nbgrader_asks_for(language: str) -> None:
    notebook = json.loads(model_files('A "title" {x}', language)["notebook.ipynb"])
    marks = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    ids = [mark["grade_id"] for mark in marks]
    assert len(ids) == len(set(ids)) == 3
    assert sum(mark.get("points", 0) for mark in marks) == 5
    assert 'A "title" {x}' in notebook["cells"][0]["source"]


def test_the_source_is_downloaded_by_its_authors(school: Class, karim: TestClient, assignment: Make) -> None:
    name = assignment("TP1").name
    answer = karim.get(f"{school.address}/{name}/source.zip")
    assert answer.content == WORK
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}-source.zip"'
