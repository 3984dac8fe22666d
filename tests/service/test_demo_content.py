"""nbgrader itself grades the demo: the model answers have every point, an untouched copy none, in time."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from himalia_grade.grader import Grader
from himalia_grade.models import CopyResult, CopyTask, Limits
from nbgrader.api import Gradebook

from hub_cli.demo.content import courses
from hub_cli.demo.models import DemoAssignment, DemoCourse
from hub_cli.demo.sheet import Notebook, to_bytes
from hub_cli.demo.student import answered, model_answers, released
from hub_cli.demo.write import write_course

pytestmark = pytest.mark.service

PROGRAMS = Path(sys.executable).parent
EVERY = [pytest.param(course, a, id=a.name) for course in courses() for a in course.assignments]
SECONDS_A_NOTEBOOK = 20


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the courses require, installed beside nbgrader's own packages."""
    target = tmp_path_factory.mktemp("packages")
    wanted = sorted({requirement for course in courses() for requirement in course.requirements})
    install: list[str | Path] = [
        PROGRAMS / "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        sys.executable,
        "--target",
        target,
        *wanted,
    ]
    subprocess.run(install, check=True)
    return target


@pytest.fixture(scope="session")
def environment() -> Iterator[Path]:
    """A course environment, below /tmp: a place that each copy has for itself. (pytest's own folders are closed.)"""
    folder = Path(tempfile.mkdtemp(prefix="himalia-demo-"))
    folder.chmod(0o755)
    python = folder / "l2" / "bin" / "python"
    wanted = sorted({requirement for course in courses() for requirement in course.requirements})
    uv: list[str | Path] = [PROGRAMS / "uv", "--quiet"]
    try:
        subprocess.run([*uv, "venv", "--python", "/usr/bin/python3", folder / "l2"], check=True)
        subprocess.run([*uv, "pip", "install", "--python", python, "ipykernel", *wanted], check=True)
        yield folder / "l2"
    finally:
        shutil.rmtree(folder)


def hand_in(course: Path, student: str, assignment: DemoAssignment, name: str, notebook: Notebook) -> None:
    target = course / "submitted" / student / assignment.name / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(to_bytes(notebook))


def nbgrader(course: Path, packages: Path, *arguments: str) -> None:
    paths = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "PYTHONPATH": str(packages)}
    done = subprocess.run(
        [PROGRAMS / "nbgrader", *arguments], cwd=course, env={**os.environ, **paths}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


def processor_seconds() -> float:
    """What the programs started from here have used: a figure that other tests beside this one do not move."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def scores(gradebook: Gradebook, assignment: str, student: str) -> dict[str, tuple[float | None, float]]:
    """Score and maximum of the cells that tests grade."""
    grades = [grade for nb in gradebook.find_submission(assignment, student).notebooks for grade in nb.grades]
    return {grade.name: (grade.auto_score, grade.max_score) for grade in grades if grade.name.startswith("test-")}


@pytest.mark.parametrize(("course", "assignment"), EVERY)
def test_nbgrader_gives_the_model_all_points_and_an_untouched_copy_none(
    tmp_path: Path, packages: Path, monkeypatch: pytest.MonkeyPatch, course: DemoCourse, assignment: DemoAssignment
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}:{os.environ['PATH']}")  # the gradebook calls alembic by its name
    write_course(tmp_path, course)
    for name, content in assignment.source.items():
        if name.endswith(".ipynb"):
            source = json.loads(content)
            hand_in(tmp_path, "modele", assignment, name, answered(released(source), model_answers(source)))
            hand_in(tmp_path, "vide", assignment, name, released(source))
    nbgrader(tmp_path, packages, "generate_assignment", assignment.name)
    before = processor_seconds()
    nbgrader(tmp_path, packages, "autograde", assignment.name, "--student", "modele")
    assert processor_seconds() - before < SECONDS_A_NOTEBOOK
    nbgrader(tmp_path, packages, "autograde", assignment.name, "--student", "vide")
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        model, empty = scores(gradebook, assignment.name, "modele"), scores(gradebook, assignment.name, "vide")
    assert model.keys() == empty.keys()
    assert all(score == maximum for score, maximum in model.values())
    assert all(score == 0 for score, _ in empty.values())


def grade_rents(environment: Path, folder: Path, *students: str) -> dict[str, CopyResult]:
    """The engine's own results, each copy in its sandbox."""
    rents = next(a for course in courses() for a in course.assignments if a.name == "tp2-loyer")
    solved = {"loyer": json.loads(rents.source["loyer.ipynb"])}
    data = {"loyers.csv": rents.source["loyers.csv"]}
    results = {}
    with Grader(environment, Limits(cell_seconds=4), sandbox=True) as grader:
        for submission in rents.submissions:
            if submission.student.login in students:
                copy = folder / submission.student.login
                copy.mkdir(exist_ok=True)
                for name, content in submission.files.items():
                    (copy / name).write_bytes(content)
                task = CopyTask(submission.student.login, solved, copy, data)
                results[submission.student.login] = grader.grade(task)
    return results


def test_the_engine_sees_each_trouble_of_tp2(environment: Path, tmp_path: Path) -> None:
    results = grade_rents(environment, tmp_path, "amina", "lucas", "linh", "maelle", "mehdi", "noam")
    flags = {student: {(flag.kind, flag.grade_id) for flag in result.flags} for student, result in results.items()}
    assert {student: result.score for student, result in results.items() if student != "noam"} == {
        "amina": 15,
        "lucas": 15,
        "linh": 13,
        "maelle": 4,
        "mehdi": 11,
    }
    assert flags["amina"] == flags["lucas"] == flags["linh"] == set()
    assert flags["maelle"] == {("limit", "test-ajuster"), ("limit", "test-ajuster-bruit")}
    assert flags["mehdi"] == {("cell-missing", "test-intervalle-exact")}
    assert "twin-passes" in {kind for kind, _ in flags["noam"]}
