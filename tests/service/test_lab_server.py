"""The Lab extension's server half over HTTP: open, hand in, versions, start again, source, and who may ask."""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.service.conftest import until
from tests.service.lab_platform import TOKEN, Platform, notebook, platform
from tests.service.lab_server import LabServer, lab_server

pytestmark = pytest.mark.service

NOTEBOOK = "tp1/TP1 enquête.ipynb"


@pytest.fixture
def exchange() -> Iterator[Platform]:
    with platform() as running:
        yield running


@pytest.fixture
def lab(tmp_path: Path, exchange: Platform) -> Iterator[LabServer]:
    with lab_server(tmp_path / "amina", exchange.url, TOKEN) as running:
        yield running


@pytest.fixture
def authors_lab(tmp_path: Path, exchange: Platform) -> Iterator[LabServer]:
    with lab_server(tmp_path / "karim", exchange.url, TOKEN, HIMALIA_ROLE="teacher") as running:
        yield running


def versions(lab: LabServer, path: str = NOTEBOOK) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lab.page.get("/himalia/api/versions", params={"path": path}).json()["versions"]
    return found


def on_disk(lab: LabServer) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((lab.work / NOTEBOOK).read_text())
    return content


def answer(lab: LabServer) -> str:
    return source(lab, 2)


def source(lab: LabServer, cell: int) -> str:
    return "".join(on_disk(lab)["cells"][cell]["source"])


def test_opening_fetches_once_and_leads_to_the_notebook(lab: LabServer, exchange: Platform) -> None:
    for _ in range(2):
        opened = lab.page.get("/himalia/open/tp1")
        assert (opened.status_code, opened.headers["Location"]) == (302, "/lab/tree/tp1/TP1%20enqu%C3%AAte.ipynb")
    assert exchange.fetched == 1
    assert (lab.work / "tp1" / "donnees" / "reponses.csv").exists()


def test_what_cannot_be_opened_is_explained(lab: LabServer) -> None:
    page = lab.page.get("/himalia/open/tp9", headers={"Accept-Language": "fr"})
    assert page.status_code == 404
    assert '<html lang="fr">' in page.text
    assert "There is no such assignment." in page.text
    assert "Réessayer" in page.text


def test_the_list_says_what_is_here(lab: LabServer) -> None:
    def here() -> tuple[str, bool]:
        listed = lab.page.get("/himalia/api/assignments").json()["assignments"]
        return listed[0]["name"], listed[0]["fetched"]

    assert here() == ("tp1", False)
    assert lab.page.post("/himalia/api/open", json={"assignment": "tp1"}).json() == {"path": NOTEBOOK}
    assert here() == ("tp1", True)


def test_handing_in_gives_a_receipt_whose_digest_is_that_of_the_download(lab: LabServer, exchange: Platform) -> None:
    lab.page.get("/himalia/open/tp1")
    body = {"assignment": "tp1", "key": "press-1"}
    receipt = lab.page.post("/himalia/api/submit", json=body).json()
    again = lab.page.post("/himalia/api/submit", json=body).json()
    assert again == receipt
    assert len(exchange.receipts) == 1
    file = lab.page.get(f"/himalia/api/submissions/tp1/{receipt['id']}.zip")
    assert hashlib.sha256(file.content).hexdigest() == receipt["sha256"]
    assert json.loads((lab.home / ".himalia" / "receipts" / "tp1" / "r1.json").read_text()) == receipt
    assert [each["id"] for each in lab.page.get("/himalia/api/submissions/tp1").json()["submissions"]] == ["r1"]
    assert "submitted" in [version["reason"] for version in versions(lab)]


def test_a_refusal_reaches_the_page_in_its_own_words(lab: LabServer, exchange: Platform) -> None:
    lab.page.get("/himalia/open/tp1")
    exchange.refusal = (409, "The deadline has passed.", "Ask your teacher for an extension.")
    refused = lab.page.post("/himalia/api/submit", json={"assignment": "tp1", "key": "press-1"})
    assert refused.status_code == 409
    assert refused.json() == {
        "code": "refused",
        "title": "The deadline has passed.",
        "detail": "Ask your teacher for an extension.",
    }


def test_a_link_is_named_and_nothing_is_sent(lab: LabServer, exchange: Platform) -> None:
    lab.page.get("/himalia/open/tp1")
    (lab.work / "tp1" / "passwords.csv").symlink_to("/etc/passwd")
    refused = lab.page.post("/himalia/api/submit", json={"assignment": "tp1", "key": "press-1"})
    assert (refused.status_code, refused.json()["code"], refused.json()["detail"]) == (422, "archive-link", "passwords.csv")
    assert exchange.receipts == {}


def test_each_save_is_a_version_and_comes_back_with_the_present_one_kept(lab: LabServer) -> None:
    lab.page.get("/himalia/open/tp1")
    for text in ("return 1", "return 2"):
        assert lab.save(NOTEBOOK, notebook(text)).status_code == 200
        until(partial(newest_holds, lab, text), what="the version")
    first = next(each["id"] for each in versions(lab) if "return 1" in read(lab, each["id"]))
    lab.page.post("/himalia/api/versions", json={"path": NOTEBOOK, "version": first}).raise_for_status()
    assert "return 1" in answer(lab)
    kept = [each for each in versions(lab) if each["reason"] == "before-restore"]
    assert "return 2" in read(lab, kept[0]["id"])


def newest_holds(lab: LabServer, text: str) -> bool:
    kept = versions(lab)
    return bool(kept) and text in read(lab, kept[0]["id"])


def read(lab: LabServer, version: str) -> str:
    return lab.page.get("/himalia/api/versions/content", params={"path": NOTEBOOK, "version": version}).text


def test_notebooks_outside_of_assignments_are_left_alone(lab: LabServer) -> None:
    lab.page.get("/himalia/open/tp1")
    lab.save("notes.ipynb", notebook())
    lab.save(NOTEBOOK, notebook("return 3"))
    until(lambda: versions(lab), what="the assignment's version")
    assert versions(lab, "notes.ipynb") == []


def test_one_question_starts_again_and_the_other_stays(lab: LabServer) -> None:
    lab.page.get("/himalia/open/tp1")
    lab.save(NOTEBOOK, notebook("return 7"))
    questions = lab.page.get("/himalia/api/restart", params={"path": NOTEBOOK}).json()["questions"]
    assert [each["grade_id"] for each in questions] == ["nettoyer", "compter", "commenter"]
    lab.page.post("/himalia/api/restart", json={"path": NOTEBOOK, "question": "nettoyer"}).raise_for_status()
    assert "NotImplementedError" in answer(lab)
    assert "return 7" in source(lab, 5)
    assert "before-restart" in [each["reason"] for each in versions(lab)]


def test_the_whole_notebook_starts_again_without_the_platform(lab: LabServer, exchange: Platform) -> None:
    lab.page.get("/himalia/open/tp1")
    released = (lab.work / NOTEBOOK).read_bytes()
    lab.save(NOTEBOOK, notebook("return 7"))
    (lab.work / "tp1" / "donnees" / "reponses.csv").unlink()
    lab.page.post("/himalia/api/restart", json={"path": NOTEBOOK, "question": ""}).raise_for_status()
    assert (lab.work / NOTEBOOK).read_bytes() == released
    assert (lab.work / "tp1" / "donnees" / "reponses.csv").exists()
    assert exchange.fetched == 1


def test_an_authors_source_is_brought_and_sent_only_when_it_changed(authors_lab: LabServer, exchange: Platform) -> None:
    opened = authors_lab.page.get("/himalia/open/tp1")
    assert opened.headers["Location"].startswith("/lab/tree/source/tp1/")

    assert [send(authors_lab)["sent"] for _ in range(2)] == [False, False]
    authors_lab.save(f"source/{NOTEBOOK}", notebook("return 9"))
    assert [send(authors_lab)["sent"] for _ in range(2)] == [True, False]
    assert b"return 9" in exchange.sources[-1]["TP1 enquête.ipynb"]


def send(lab: LabServer, choice: str = "") -> dict[str, Any]:
    body = {"assignment": "tp1", "choice": choice}
    answered: dict[str, Any] = lab.page.post("/himalia/api/source", json=body).json()
    return answered


def test_another_authors_change_is_brought_or_asked_about_never_overwritten(authors_lab: LabServer, exchange: Platform) -> None:
    def others(text: str) -> None:
        exchange.source = {**exchange.source, "TP1 enquête.ipynb": json.dumps(notebook(text)).encode()}

    def here() -> str:
        return (authors_lab.work / "source" / NOTEBOOK).read_text()

    authors_lab.page.get("/himalia/open/tp1")
    others("return 'first'")
    authors_lab.page.get("/himalia/open/tp1")
    assert "return 'first'" in here()

    others("return 'second'")
    authors_lab.save(f"source/{NOTEBOOK}", notebook("return 'mine'"))
    assert send(authors_lab)["code"] == "source-changed"
    authors_lab.page.get("/himalia/open/tp1")
    assert "return 'mine'" in here()
    assert exchange.sources == []

    send(authors_lab, "theirs")
    assert "return 'second'" in here()
    kept = versions(authors_lab, f"source/{NOTEBOOK}")
    assert "before-update" in [version["reason"] for version in kept]

    others("return 'third'")
    authors_lab.save(f"source/{NOTEBOOK}", notebook("return 'mine again'"))
    assert send(authors_lab, "mine")["sent"]
    assert b"return 'mine again'" in exchange.sources[-1]["TP1 enquête.ipynb"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/himalia/open/tp1"),
        ("GET", "/himalia/author/tp1"),
        ("GET", "/himalia/api/assignments"),
        ("POST", "/himalia/api/open"),
        ("POST", "/himalia/api/submit"),
        ("GET", "/himalia/api/submissions/tp1"),
        ("GET", "/himalia/api/submissions/tp1/r1.zip"),
        ("GET", "/himalia/api/versions?path=tp1/a.ipynb"),
        ("POST", "/himalia/api/versions"),
        ("GET", "/himalia/api/versions/content?path=tp1/a.ipynb&version=x"),
        ("GET", "/himalia/api/restart?path=tp1/a.ipynb"),
        ("POST", "/himalia/api/restart"),
        ("POST", "/himalia/api/source"),
    ],
)
def test_strangers_get_nothing(stranger: httpx.Client, method: str, path: str) -> None:
    assert stranger.request(method, path, json={} if method == "POST" else None).status_code in (302, 403)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Somebody without the server's cookie."""
    with (
        platform() as exchange,
        lab_server(tmp_path_factory.mktemp("server") / "amina", exchange.url, TOKEN) as lab,
        httpx.Client(base_url=lab.url) as client,
    ):
        yield client
        assert exchange.fetched == 0


def test_another_sites_form_is_refused(lab: LabServer, exchange: Platform) -> None:
    lab.page.get("/himalia/open/tp1")
    del lab.page.headers["X-XSRFToken"]
    assert lab.page.post("/himalia/api/submit", json={"assignment": "tp1", "key": "x"}).status_code == 403
    assert exchange.receipts == {}


def test_paths_that_climb_out_are_refused(lab: LabServer) -> None:
    for path in ("../../etc/passwd", "tp1/../../x.ipynb", "/../x.ipynb", ""):
        calls = (
            lab.page.get("/himalia/api/versions", params={"path": path}),
            lab.page.get("/himalia/api/restart", params={"path": path}),
            lab.page.post("/himalia/api/versions", json={"path": path, "version": "x"}),
            lab.page.post("/himalia/api/restart", json={"path": path, "question": ""}),
        )
        assert {call.status_code for call in calls} <= {400, 404}, path


def test_an_unreachable_platform_is_said_and_versions_go_on(tmp_path: Path) -> None:
    with lab_server(tmp_path / "amina", "http://127.0.0.1:9", TOKEN) as lab:
        (lab.work / "tp1").mkdir()
        lab.save(NOTEBOOK, notebook())
        assert lab.page.get("/himalia/api/versions", params={"path": NOTEBOOK}).status_code == 200
        refused = lab.page.get("/himalia/api/assignments")
        assert (refused.status_code, refused.json()["code"]) == (502, "unreachable")
        assert lab.page.get("/himalia/api/submissions/tp1").json() == {"submissions": []}
