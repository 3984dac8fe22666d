"""Stock nbgrader's command line, on Himalia's exchange: the whole way of an assignment, and its refusals."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbgrader
import pytest
from himalia_exchange.wire import LatePolicy

from hub_config.access.roles import Role
from hub_services.exchange import api
from tests.service.exchange_server import COURSE, Exchange, serving

pytestmark = pytest.mark.service

PS1 = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with serving(tmp_path / "state") as running:
        running.somebody("karim", Role.TEACHER)
        running.somebody("amina")
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The teacher's course folder, with nbgrader's own example."""
    shutil.copytree(PS1, tmp_path / "desk" / "source" / "ps1")
    return tmp_path / "desk"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The student's course folder."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_the_whole_way_of_an_assignment(exchange: Exchange, desk: Path, work: Path) -> None:
    def karim(*words: str) -> str:
        return said(exchange, "karim", desk, *words)

    def amina(*words: str) -> str:
        return said(exchange, "amina", work, *words)

    karim("generate_assignment", "ps1", "--create")
    assert "Released as: intro ps1 (version 1)" in karim("release_assignment", "ps1")
    assert "intro ps1" in amina("list")

    assert "Fetched as: intro ps1" in amina("fetch_assignment", "ps1")
    assert "BEGIN SOLUTION" not in (work / "ps1" / "problem1.ipynb").read_text()
    assert (work / "ps1" / "jupyter.png").exists()
    assert "intro ps1 (already downloaded)" in amina("list")

    answer(work / "ps1" / "problem1.ipynb")
    assert "Receipt s-" in amina("submit", "ps1")
    person = exchange.tokens.known["token-amina"].person
    assert f"intro {person} ps1" in amina("list", "--cached")
    assert "no feedback available" in karim("list", "--inbound")

    assert "Collecting submission" in karim("collect", "ps1")
    assert "use --update" in karim("collect", "ps1")
    assert "No newer submission" in karim("collect", "ps1", "--update")
    handed_in = desk / "submitted" / person / "ps1"
    assert (handed_in / "problem1.ipynb").read_bytes() == (work / "ps1" / "problem1.ipynb").read_bytes()

    karim("autograde", "ps1", "--create")
    karim("generate_feedback", "ps1")
    assert "(1 copies)" in karim("release_feedback", "ps1")
    assert "feedback ready to be fetched" in amina("list", "--cached")
    amina("fetch_feedback", "ps1")
    assert "feedback already fetched" in amina("list", "--cached")
    pages = sorted(path.name for path in (work / "ps1" / "feedback").glob("*/*.html"))
    assert pages == ["problem1.html", "problem2.html"]

    assert "Receipt s-" in amina("submit", "ps1")  # its feedback folder is not handed in
    with exchange.platform.database.read() as connection:
        names = {file.path for file in api.submissions(connection, COURSE, "ps1")[-1].files}
    assert names == {"problem1.ipynb", "problem2.ipynb", "jupyter.png"}
    assert "Collecting submission" in karim("collect", "ps1", "--update")


def test_what_is_refused_is_said(exchange: Exchange, desk: Path, work: Path) -> None:
    assert "run `nbgrader generate_assignment` first" in refused(exchange, "karim", desk, "release_assignment", "ps1")
    said(exchange, "karim", desk, "generate_assignment", "ps1", "--create")
    said(exchange, "karim", desk, "release_assignment", "ps1")
    assert "add --force" in refused(exchange, "karim", desk, "release_assignment", "ps1")
    assert "version 1" in said(exchange, "karim", desk, "release_assignment", "ps1", "--force")

    assert "no such assignment" in refused(exchange, "amina", work, "fetch_assignment", "nothing")
    assert "This workspace is of the course intro" in refused(exchange, "amina", work, "list", "--course", "other")
    said(exchange, "amina", work, "fetch_assignment", "ps1")
    assert "already have a copy" in refused(exchange, "amina", work, "fetch_assignment", "ps1")
    (work / "ps1" / "jupyter.png").unlink()
    said(exchange, "amina", work, "fetch_assignment", "ps1", "--replace")
    assert (work / "ps1" / "jupyter.png").exists()

    assert "not open to you" in refused(exchange, "amina", work, "list", "--inbound")
    assert "not open to you" in refused(exchange, "amina", work, "list", "--remove")
    assert "for its own person alone" in refused(exchange, "amina", work, "submit", "ps1", "--student", "p-other")
    (work / "ps1" / "program.exe").write_bytes(b"MZ")
    assert "program.exe" in refused(exchange, "amina", work, "submit", "ps1")
    (work / "ps1" / "program.exe").unlink()
    (work / "ps1" / "passwd").symlink_to("/etc/passwd")
    assert "link: passwd" in refused(exchange, "amina", work, "submit", "ps1")
    (work / "ps1" / "passwd").unlink()
    (work / "ps1" / "problem2.ipynb").unlink()
    assert "problem2.ipynb" in refused(exchange, "amina", work, "submit", "ps1", "--strict")
    assert "Receipt" in said(exchange, "amina", work, "submit", "ps1")

    assert "intro ps1" in said(exchange, "karim", desk, "list", "--remove", "ps1")
    assert "withdrawn" in refused(exchange, "amina", work, "submit", "ps1")


def test_after_the_deadline(exchange: Exchange, desk: Path, work: Path) -> None:
    said(exchange, "karim", desk, "generate_assignment", "ps1", "--create")
    said(exchange, "karim", desk, "release_assignment", "ps1")
    said(exchange, "amina", work, "fetch_assignment", "ps1")
    with exchange.platform.database.begin() as connection:
        api.edit(connection, COURSE, "ps1", api.AssignmentEdit(deadline=exchange.platform.now()))
    assert "The deadline has passed" in refused(exchange, "amina", work, "submit", "ps1")
    with exchange.platform.database.begin() as connection:
        api.edit(connection, COURSE, "ps1", api.AssignmentEdit(late_policy=LatePolicy.ACCEPT))
    assert "(late)" in said(exchange, "amina", work, "submit", "ps1")


def answer(path: Path) -> None:
    notebook = json.loads(path.read_text())
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "squares")
    cell["source"] = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i**2 for i in range(1, n + 1)]"
    path.write_text(json.dumps(notebook))


def said(exchange: Exchange, name: str, folder: Path, *words: str) -> str:
    done = exchange.nbgrader(name, folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def refused(exchange: Exchange, name: str, folder: Path, *words: str) -> str:
    done = exchange.nbgrader(name, folder, *words)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr
