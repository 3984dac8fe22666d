"""Attacks on the grading, each run for real: no point unflagged, no hidden text out, nothing touched, nobody else harmed."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from himalia_grade import feedback
from himalia_grade.grader import Grader
from himalia_grade.models import MEBIBYTE, CopyResult, CopyTask, Limits

from tests.service.grade_attacks import CHEATS, ERRORS, FAULTS, LEAKS, LOOKS, WRONG

HIDDEN = ("assert square(7) == 49", "kiwi_4711 = square(-12)", "assert kiwi_4711 == 144")
LIMITS = Limits(cell_seconds=3, copy_seconds=30, memory_bytes=1024 * MEBIBYTE, disk_bytes=64 * MEBIBYTE, output_bytes=MEBIBYTE)


def code(source: str, **nbgrader: object) -> dict[str, Any]:
    settings = {"schema_version": 3, "locked": False, "solution": False, "grade": False, **nbgrader}
    metadata = {"nbgrader": settings} if nbgrader else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": list(cells)}


ANSWER = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
HIDDEN_TEST = "\n".join(("assert square(1) == 1", "### BEGIN HIDDEN TESTS", *HIDDEN, "### END HIDDEN TESTS"))
SOURCE = notebook(
    code(ANSWER, solution=True, grade_id="square"),
    code("assert square(3) == 9\nassert square(4) == 16", grade=True, points=1, grade_id="visible"),
    code(HIDDEN_TEST, grade=True, points=2, grade_id="hidden"),
    code("", solution=True, grade_id="after"),
    code("assert 1 + 1 == 2", grade=True, points=1, grade_id="easy"),
)


def submission(folder: Path, answer: str, after: str = "print('done')") -> Path:
    """A copy with this text as its answer, and that one in the cell after the tests."""
    cells = [code(answer, solution=True, grade_id="square"), *SOURCE["cells"][1:3]]
    cells += [code(after, solution=True, grade_id="after"), SOURCE["cells"][4]]
    folder.mkdir(parents=True)
    (folder / "p1.ipynb").write_text(json.dumps(notebook(*cells)))
    return folder


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(limits=LIMITS) as one:
        yield one


def graded(grader: Grader, folder: Path, answer: str, after: str = "print('done')", seed: int = 0) -> CopyResult:
    return grader.grade(CopyTask("student", {"p1": SOURCE}, submission(folder, answer, after), seed=seed))


def points(result: CopyResult) -> dict[str, float | None]:
    return {cell.grade_id: cell.auto_score for cell in result.notebooks[0].cells}


def shown(result: CopyResult) -> str:
    scores = {cell.grade_id: (cell.auto_score, cell.max_score) for cell in result.notebooks[0].cells}
    return feedback.render(result.notebooks[0].executed, scores, {}, "fr")


def test_an_honest_copy_has_its_points_and_no_flag(grader: Grader, tmp_path: Path) -> None:
    result = graded(grader, tmp_path / "copy", "def square(x):\n    return x * x")
    assert (result.score, result.flags, result.reason) == (4, (), "")


def test_a_wrong_answer_has_none(grader: Grader, tmp_path: Path) -> None:
    result = graded(grader, tmp_path / "copy", WRONG)
    assert points(result) == {"visible": 0, "hidden": 0, "easy": 1}


@pytest.mark.parametrize("attack", CHEATS)
def test_no_point_is_gained_unflagged(grader: Grader, tmp_path: Path, attack: str) -> None:
    answer = CHEATS[attack] if "def square" in CHEATS[attack] else WRONG + CHEATS[attack]
    result = graded(grader, tmp_path / "copy", answer)
    gained = {name for name in ("visible", "hidden") if points(result)[name]}
    told_by_running = {flag.grade_id for flag in result.flags if flag.kind in ("twin-passes", "unchecked", "forged-result")}
    assert gained <= told_by_running or result.reason
    assert not gained or any(flag.kind == "source" for flag in result.flags)


@pytest.mark.parametrize("attack", LEAKS)
def test_no_hidden_text_comes_out(grader: Grader, tmp_path: Path, attack: str) -> None:
    answer = LEAKS[attack] if "def square" in LEAKS[attack] else WRONG + LEAKS[attack]
    result = graded(grader, tmp_path / "copy", answer, after="print(open('stolen.txt').read())")
    page = shown(result)
    for line in HIDDEN:
        assert line not in page
        assert line[::-1] not in page
        assert line.encode().hex() not in page


@pytest.mark.parametrize("attack", LOOKS)
def test_nothing_of_the_machine_is_found(grader: Grader, tmp_path: Path, attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "secret")
    secret = tmp_path / "submitted" / "other" / "p1.ipynb"
    secret.parent.mkdir(parents=True)
    secret.write_text("another's copy")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        given = f"SECRETS = {[str(secret), '/etc/shadow', str(Path.home() / '.ssh')]!r}\nPORT = {port}\n"
        for number in range(2):  # a second copy, to find what a first one left
            result = graded(grader, tmp_path / f"copy{number}", WRONG + given + LOOKS[attack])
            assert "FOUND" not in json.dumps(result.notebooks[0].executed["cells"][0]["outputs"])
    assert secret.read_text() == "another's copy"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_harms_its_own_copy_alone(grader: Grader, tmp_path: Path, fault: str) -> None:
    harm, kind = FAULTS[fault]
    result = graded(grader, tmp_path / "copy", "def square(x):\n    return x * x", after=harm)
    assert points(result)["visible"] == 1
    assert points(result)["hidden"] == 2
    if kind:
        incident = result.notebooks[0].incident
        assert incident
        assert (incident.kind, points(result)["easy"]) == (kind, 0)
        assert "4 (after)" in result.reason
        assert "4 (after)" in incident.sentence("fr")
    assert graded(grader, tmp_path / "next", "def square(x):\n    return x * x").score == 4


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_an_error_and_the_notebook_goes_on(grader: Grader, tmp_path: Path, error: str) -> None:
    result = graded(grader, tmp_path / "copy", "def square(x):\n    return x * x", after=ERRORS[error])
    outputs = result.notebooks[0].executed["cells"][3]["outputs"]
    assert any(output["output_type"] == "error" for output in outputs)
    assert (result.score, result.reason) == (4, "")


def test_a_gigabyte_of_output_is_cut_short(grader: Grader, tmp_path: Path) -> None:
    flood = "for _ in range(1024):\n    print('x' * 2**20)"
    result = graded(grader, tmp_path / "copy", "def square(x):\n    return x * x", after=flood)
    assert result.score == 4
    assert len(json.dumps(result.notebooks[0].executed)) < 4 * MEBIBYTE


def test_nothing_outlives_a_copy(grader: Grader, tmp_path: Path) -> None:
    left = "import subprocess\nsubprocess.Popen(['sleep', '987654'], start_new_session=True)"
    result = graded(grader, tmp_path / "copy", "def square(x):\n    return x * x", after=left)
    assert result.score == 4
    assert _until(lambda: not any("987654" in " ".join(process.info["cmdline"] or []) for process in _processes()))


def test_an_interpreter_that_has_died_is_replaced(grader: Grader, tmp_path: Path) -> None:
    answer = "def square(x):\n    return x * x"
    assert graded(grader, tmp_path / "first", answer).score == 4
    warm = grader._warm
    assert warm
    warm.started.end()
    assert graded(grader, tmp_path / "second", answer).score == 4
    assert grader._warm is not warm


def test_links_in_a_submission_are_not_followed(grader: Grader, tmp_path: Path) -> None:
    folder = submission(tmp_path / "copy", "def square(x):\n    return x * x", "print(open('link').read())")
    (folder / "link").symlink_to("/etc/hostname")
    (folder / "folder").symlink_to("/etc")
    result = grader.grade(CopyTask("student", {"p1": SOURCE}, folder))
    assert result.score == 4
    assert "FileNotFoundError" in json.dumps(result.notebooks[0].executed)


def test_the_same_seed_gives_the_same_bytes(grader: Grader, tmp_path: Path) -> None:
    answer = "import random\nprint(random.random(), hash('a'))\ndef square(x):\n    return x * x"
    first, second, third = (graded(grader, tmp_path / f"copy{n}", answer, seed=seed) for n, seed in enumerate((1, 1, 2)))
    assert first.notebooks == second.notebooks
    assert first.notebooks != third.notebooks


def _processes() -> Iterator[psutil.Process]:
    return psutil.process_iter(["cmdline"])


def _until(condition: Any) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
    return False
