"""nbgrader's exchange classes as its commands and panels use them: what each refuses, and in which words."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from himalia_exchange import plugin
from himalia_exchange.wire import LatePolicy
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from traitlets.config import Config

from hub_config.access.roles import Role
from hub_services.exchange import api
from tests.service.exchange_server import COURSE, Exchange, serving

pytestmark = pytest.mark.service
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
SOLVED = NOTEBOOK.replace("[]", '[{"cell_type": "raw", "metadata": {}, "source": "### BEGIN SOLUTION"}]')
Act = Callable[..., Any]


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with serving(tmp_path / "state") as running:
        running.somebody("karim", Role.TEACHER)
        running.somebody("amina")
        yield running


@pytest.fixture
def as_(exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Act]:
    """`as_(name)(action, assignment, trait=…)`: does it in that person's folder, with their workspace's environment."""

    def enter(name: str) -> Act:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)

        def act(action: str, assignment: str = "", **options: Any) -> Any:
            for key, value in exchange.workspace(name, folder).items():
                monkeypatch.setenv(key, value)
            monkeypatch.chdir(folder)
            config = Config()
            plugin.configure(config)
            given = {key: options.pop(key) for key in ("course_id", "student_id") if key in options}
            directory = CourseDirectory(config=config, root=str(folder), assignment_id=assignment, **given)
            made = getattr(ExchangeFactory(config=config), action)(coursedir=directory, config=config, **options)
            return made.start()

        return act

    return enter


@pytest.fixture
def released(as_: Callable[[str], Act], tmp_path: Path) -> Path:
    """TP1 with two notebooks and a picture, released by Karim, fetched by Amina: her copy's folder."""
    folder = tmp_path / "karim" / "release" / "tp1"
    folder.mkdir(parents=True)
    for name in ("one.ipynb", "two.ipynb"):
        (folder / name).write_text(NOTEBOOK)
    (folder / "page.png").write_bytes(b"\x89PNG")
    as_("karim")("ReleaseAssignment", "tp1")
    as_("amina")("FetchAssignment", "tp1")
    return tmp_path / "amina" / "tp1"


def refused(act: Act, *what: str, **options: Any) -> str:
    with pytest.raises(ExchangeError) as caught:
        act(*what, **options)
    return str(caught.value)


def test_release(as_: Callable[[str], Act], released: Path, tmp_path: Path) -> None:
    karim = as_("karim")
    (tmp_path / "karim" / "source" / "tp2").mkdir(parents=True)
    assert "run `nbgrader generate_assignment` first" in refused(karim, "ReleaseAssignment", "tp2")
    assert "Assignment not found" in refused(karim, "ReleaseAssignment", "tp3")
    assert "add --force" in refused(karim, "ReleaseAssignment", "tp1")
    (tmp_path / "karim" / "release" / "tp1" / "one.ipynb").write_text(SOLVED)
    assert "one.ipynb" in refused(karim, "ReleaseAssignment", "tp1", force=True)
    assert "not open to you" in refused(as_("amina"), "List", remove=True)


def test_fetch(as_: Callable[[str], Act], released: Path) -> None:
    amina = as_("amina")
    assert "no such assignment" in refused(amina, "FetchAssignment", "nothing")
    assert "Name the assignment" in refused(amina, "FetchAssignment", "../tp1")
    assert "already have a copy" in refused(amina, "FetchAssignment", "tp1")
    (released / "page.png").unlink()
    (released / "one.ipynb").write_text("mine")
    amina("FetchAssignment", "tp1", replace_missing_files=True)
    assert (released / "page.png").exists()
    assert (released / "one.ipynb").read_text() == "mine"


def test_submit(as_: Callable[[str], Act], released: Path, exchange: Exchange) -> None:
    amina = as_("amina")
    assert "Assignment not found" in refused(amina, "Submit", "nothing")
    assert "for its own person alone" in refused(amina, "Submit", "tp1", student_id="p-other")
    (released / "program.exe").write_bytes(b"MZ")
    assert "program.exe" in refused(amina, "Submit", "tp1")
    (released / "program.exe").rename(released.parent / "program.exe")
    (released / "passwd").symlink_to("/etc/passwd")
    assert "link: passwd" in refused(amina, "Submit", "tp1")
    (released / "passwd").unlink()
    (released / "two.ipynb").unlink()
    assert "two.ipynb" in refused(amina, "Submit", "tp1", strict=True)
    amina("Submit", "tp1")
    assert [row["student_id"] for row in amina("List", cached=True)] == [os.environ["JUPYTERHUB_USER"]]


def test_the_deadline_and_the_end(as_: Callable[[str], Act], released: Path, exchange: Exchange) -> None:
    amina = as_("amina")
    with exchange.platform.database.begin() as connection:
        change = api.AssignmentEdit(deadline=exchange.platform.now(), late_policy=LatePolicy.REFUSE)
        api.edit(connection, COURSE, "tp1", change)
    assert "The deadline has passed" in refused(amina, "Submit", "tp1")
    with exchange.platform.database.begin() as connection:
        api.edit(connection, COURSE, "tp1", api.AssignmentEdit(late_policy=LatePolicy.ACCEPT))
    amina("Submit", "tp1")
    with exchange.platform.database.read() as connection:
        assert [made.late for made in api.submissions(connection, COURSE, "tp1")] == [True]
    assert [row["status"] for row in as_("karim")("List", "tp1", remove=True)] == ["removed"]
    assert "withdrawn" in refused(amina, "Submit", "tp1")
    assert amina("List") == []


def test_collect_and_feedback(as_: Callable[[str], Act], released: Path, tmp_path: Path) -> None:
    amina, karim = as_("amina"), as_("karim")
    amina("Submit", "tp1")
    person = os.environ["JUPYTERHUB_USER"]
    assert "not open to you" in refused(amina, "Collect", "tp1")
    assert "No graded copy" in refused(amina, "FetchFeedback", "tp1")
    karim("Collect", "tp1")
    folder = tmp_path / "karim" / "submitted" / person / "tp1"
    (folder / "one.ipynb").write_text("kept")
    karim("Collect", "tp1")
    karim("Collect", "tp1", update=True)
    assert (folder / "one.ipynb").read_text() == "kept", "the same submission was collected twice"
    amina("Submit", "tp1")
    karim("Collect", "tp1", update=True)
    assert (folder / "one.ipynb").read_text() == NOTEBOOK

    assert "generate_feedback" in refused(karim, "ReleaseFeedback", "tp1")
    feedback = tmp_path / "karim" / "feedback" / person / "tp1"
    feedback.mkdir(parents=True)
    (feedback / "one.html").write_text("<p>Bravo")
    assert "generate_feedback" in refused(karim, "ReleaseFeedback", "tp1"), "a folder that was not collected here"
    (feedback / "himalia_submission.txt").write_text((folder / "himalia_submission.txt").read_text())
    karim("ReleaseFeedback", "tp1")
    amina("FetchFeedback", "tp1")
    assert [page.read_text() for page in released.glob("feedback/*/one.html")] == ["<p>Bravo"]


def test_another_course_is_another_workspace(as_: Callable[[str], Act], released: Path) -> None:
    assert "This workspace is of the course intro" in refused(as_("amina"), "List", course_id="other")
    assert "not open to you" in refused(as_("amina"), "List", inbound=True)
