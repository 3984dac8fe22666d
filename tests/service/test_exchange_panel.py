"""nbgrader's Assignment List panel in JupyterLab: the requests that it makes, to a stock Jupyter server."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import nbgrader
import pytest
from himalia_exchange.archive import pack, unpack

from hub_config.access.roles import Role
from hub_services.exchange import api
from tests.service.conftest import free_port, until
from tests.service.exchange_server import COURSE, Exchange, serving

pytestmark = pytest.mark.service
PS1 = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with serving(tmp_path / "state") as running:
        running.somebody("karim", Role.TEACHER)
        running.somebody("amina")
        for name in ("tp1", "tp2"):
            archive = pack({f"{name}.ipynb": NOTEBOOK})
            api.release_as_is(running.platform, COURSE, running.tokens.known["token-karim"].person, name, archive)
        yield running


@pytest.fixture
def panel(exchange: Exchange, tmp_path: Path) -> Iterator[httpx.Client]:
    """Amina's Jupyter server, with nbgrader's extensions as its wheel enables them."""
    with jupyter(exchange, "amina", tmp_path / "work") as client:
        yield client


@pytest.fixture
def formgrader(exchange: Exchange, tmp_path: Path) -> Iterator[httpx.Client]:
    """Karim's, on a course folder with nbgrader's own example."""
    shutil.copytree(PS1, tmp_path / "desk" / "source" / "ps1")
    with jupyter(exchange, "karim", tmp_path / "desk") as client:
        yield client


@contextmanager
def jupyter(exchange: Exchange, name: str, folder: Path) -> Iterator[httpx.Client]:
    """A stock Jupyter server in `folder`, in the environment of that person's workspace."""
    folder.mkdir(exist_ok=True)
    port, said = free_port(), folder.with_suffix(".log")
    options = (f"--port={port}", "--no-browser", "--IdentityProvider.token=t", "--allow-root", "--ServerApp.port_retries=0")
    argv = [sys.executable, "-m", "jupyter_server", *options]
    with said.open("w") as log:
        server = subprocess.Popen(argv, cwd=folder, env=exchange.workspace(name, folder), stdout=log, stderr=log)
    headers = {"Authorization": "token t"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120) as client:
        until(lambda: _answers(client), seconds=120, what=f"the Jupyter server ({said})")
        yield client
    server.terminate()
    server.wait(30)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/api/status").status_code == 200
    except httpx.TransportError:
        return False


def rows(answer: httpx.Response) -> list[Any]:
    body = answer.json()
    assert body["success"], body
    found: list[Any] = body["value"]
    return found


def test_the_panel_fetches_submits_and_shows_feedback(exchange: Exchange, panel: httpx.Client) -> None:
    assert rows(panel.get("/courses")) == [COURSE]
    assert [(row["assignment_id"], row["status"]) for row in rows(panel.get(f"/assignments?course_id={COURSE}"))] == [
        ("tp1", "released"),
        ("tp2", "released"),
    ]

    tp1 = {"course_id": COURSE, "assignment_id": "tp1"}
    fetched = rows(panel.post("/assignments/fetch", json=tp1))
    assert fetched[0]["status"] == "fetched"
    assert fetched[0]["path"] == "tp1"
    assert fetched[0]["notebooks"] == [{"notebook_id": "tp1", "path": "tp1/tp1.ipynb"}]

    submitted = rows(panel.post("/assignments/submit", json=tp1))[-1]
    assert (submitted["assignment_id"], submitted["status"]) == ("tp1", "submitted")
    (line,) = submitted["submissions"]
    assert not line["has_exchange_feedback"]
    assert line["timestamp"].endswith(" UTC")

    with exchange.platform.database.begin() as connection:
        made = api.submissions(connection, COURSE, "tp1")[0]
        api.publish_feedback(exchange.platform, connection, made, {"tp1.html": b"<p>Bravo"}, "p-t")
    (line,) = rows(panel.get(f"/assignments?course_id={COURSE}"))[-1]["submissions"]
    assert line["has_exchange_feedback"]
    assert not line["has_local_feedback"]
    (line,) = rows(panel.post("/assignments/fetch_feedback", json=tp1))[-1]["submissions"]
    assert line["has_local_feedback"]
    assert not line["feedback_updated"]
    page = panel.get(f"/api/contents/{line['local_feedback_path']}/tp1.html?content=1").json()
    assert page["content"] == "<p>Bravo"

    with exchange.platform.database.begin() as connection:
        api.publish_feedback(exchange.platform, connection, made, {"tp1.html": b"<p>Better"}, "p-t")
    (line,) = rows(panel.get(f"/assignments?course_id={COURSE}"))[-1]["submissions"]
    assert line["feedback_updated"]


def test_what_is_refused_is_shown_in_the_panel(exchange: Exchange, panel: httpx.Client) -> None:
    tp1 = {"course_id": COURSE, "assignment_id": "tp1"}
    rows(panel.post("/assignments/fetch", json=tp1))
    with exchange.platform.database.begin() as connection:
        api.edit(connection, COURSE, "tp1", api.AssignmentEdit(deadline=exchange.platform.now()))
    refused = panel.post("/assignments/submit", json=tp1).json()
    assert not refused["success"]
    assert "The deadline has passed" in refused["value"]


def test_the_course_list_answers(panel: httpx.Client) -> None:
    answer = panel.get("/formgraders").json()
    assert answer["success"]


def test_the_formgrader_releases_collects_and_gives_back(exchange: Exchange, formgrader: httpx.Client) -> None:
    def press(button: str) -> None:
        done = formgrader.post(f"/formgrader/api/assignment/ps1/{button}").json()
        assert done["success"], done["log"] + done.get("error", "")

    def row() -> dict[str, Any]:
        (found,) = [r for r in formgrader.get("/formgrader/api/assignments").json() if r["name"] == "ps1"]
        shown: dict[str, Any] = found
        return shown

    press("assign")
    assert (row()["status"], row()["releaseable"]) == ("draft", True)
    press("release")
    assert row()["status"] == "released"

    with exchange.client("amina") as amina:
        amina.submit("ps1", amina.fetch("ps1"))
        press("collect")
        assert row()["num_submissions"] == 1
        person = exchange.tokens.known["token-amina"].person
        graded = formgrader.post(f"/formgrader/api/submission/ps1/{person}/autograde").json()
        assert graded["success"], graded
        press("generate_feedback")
        press("release_feedback")
        names = sorted(path.rpartition("/")[2] for path in unpack(amina.feedback("ps1")))
    assert names == ["problem1.html", "problem2.html"]
    press("unrelease")
    assert row()["status"] == "draft"
