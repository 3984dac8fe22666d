"""Stock nbgrader's command line, on Himalia's exchange: the whole way of an assignment, and its refusals."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbgrader
import pytest

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


def test_a_refusal_ends_the_command_with_words(exchange: Exchange, work: Path) -> None:
    done = exchange.nbgrader("amina", work, "fetch_assignment", "nothing")
    assert done.returncode == 1
    assert "There is no such assignment. It may have another name" in done.stderr
    assert "Traceback" not in done.stderr


def answer(path: Path) -> None:
    notebook = json.loads(path.read_text())
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "squares")
    cell["source"] = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i**2 for i in range(1, n + 1)]"
    path.write_text(json.dumps(notebook))


def said(exchange: Exchange, name: str, folder: Path, *words: str) -> str:
    done = exchange.nbgrader(name, folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
