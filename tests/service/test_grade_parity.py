"""Equal scores: nbgrader's own fixtures, with the values of its own tests, graded by the engine in its sandbox."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from himalia_grade.models import Limits
from himalia_grade.run import failed

from tests.service.grade_course import FILES, GUIDE, CourseFolder


@dataclass(frozen=True)
class Case:
    """One assignment of one notebook, its submissions by student, and nbgrader's scores."""

    source: str
    expected: dict[str, float]  # submitted fixture -> score
    config: tuple[str, ...] = field(default=())


CASES = {
    "grade": Case("submitted-unchanged", {"submitted-unchanged": 1, "submitted-changed": 2}),
    "cheat": Case("submitted-unchanged", {"submitted-cheat-attempt": 1, "submitted-cheat-attempt-alternative": 1}),
    "autotest": Case("autotest-simple", {"autotest-simple-unchanged": 0, "autotest-simple-changed": 1}),
    "hashed": Case("autotest-hashed", {"autotest-hashed-unchanged": 0, "autotest-hashed-changed": 1}),
    "multi": Case("autotest-multi", {"autotest-multi-unchanged": 0, "autotest-multi-changed": 3}),
    "hidden": Case(
        "autotest-hidden",
        {"autotest-hidden-unchanged": 0, "autotest-hidden-changed-wrong": 0, "autotest-hidden-changed-right": 1},
    ),
    "variable": Case("validating-environment-variable", {"validating-environment-variable": 0}),
    "timeout": Case("timeout", {"timeout": 1}),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    folder = CourseFolder(tmp_path_factory.mktemp("course"))
    folder.configure('c.ClearSolutions.code_stub = dict(python="# YOUR CODE HERE")')
    folder.put(FILES / "autotests.yml", "autotests.yml")
    sources = {name: {"p1": FILES / f"{case.source}.ipynb"} for name, case in CASES.items()}
    extra = {
        "tests": {"p1": FILES / "test-hidden-tests.ipynb"},
        "loop": {"p1": FILES / "infinite-loop.ipynb"},
        "effects": {"p1": FILES / "side-effects.ipynb"},
        "relative": {"p1": FILES / "open_relative_file.ipynb"},
        "two": {"p1": FILES / "submitted-unchanged.ipynb", "p2": FILES / "submitted-unchanged.ipynb"},
        "slow": {"p1": FILES / "timeout.ipynb"},
        "late": {"p1": FILES / "submitted-unchanged.ipynb"},
    }
    folder.prepare(sources | extra, due="2015-02-02 14:58:23.948203 America/Los_Angeles")
    return folder


@pytest.mark.parametrize("name", CASES)
def test_scores_are_those_of_nbgraders_own_tests(course: CourseFolder, name: str) -> None:
    case = CASES[name]
    for fixture in case.expected:
        course.put(FILES / f"{fixture}.ipynb", "submitted", f"{name}-{fixture}", name, "p1.ipynb")
    results = course.grade(name, workers=2)
    assert {student.removeprefix(f"{name}-"): result.score for student, result in results.items()} == case.expected
    assert {fixture: course.score(f"{name}-{fixture}") for fixture in case.expected} == case.expected


def test_hidden_tests_come_back_and_count(course: CourseFolder) -> None:
    course.put(course.path / "release" / "tests" / "p1.ipynb", "submitted", "foo", "tests", "p1.ipynb")
    assert "BEGIN HIDDEN TESTS" not in (course.path / "submitted" / "foo" / "tests" / "p1.ipynb").read_text()
    assert course.grade("tests")["foo"].score == 1.5
    assert "BEGIN HIDDEN TESTS" in (course.path / "autograded" / "foo" / "tests" / "p1.ipynb").read_text()


def test_a_cell_past_its_time_fails_and_the_notebook_goes_on(course: CourseFolder) -> None:
    course.put(FILES / "timeout.ipynb", "submitted", "slow", "slow", "p1.ipynb")
    result = course.grade("slow", limits=Limits(cell_seconds=2))["slow"]
    assert result.score == 0
    assert [flag.kind for flag in result.flags] == ["limit"]
    assert not result.reason


def test_an_endless_loop_is_interrupted(course: CourseFolder) -> None:
    course.put(FILES / "infinite-loop.ipynb", "submitted", "loop", "loop", "p1.ipynb")
    result = course.grade("loop", limits=Limits(cell_seconds=1))["loop"]
    outputs = [output["ename"] for cell in result.notebooks[0].executed["cells"] for output in cell.get("outputs", [])]
    assert outputs == ["KeyboardInterrupt", "CellTimeoutError"]
    assert (course.path / "autograded" / "loop" / "loop" / "p1.ipynb").is_file()


def test_files_made_by_the_code_are_left_with_the_graded_copy(course: CourseFolder) -> None:
    course.put(FILES / "side-effects.ipynb", "submitted", "foo", "effects", "p1.ipynb")
    course.grade("effects")
    assert (course.path / "autograded" / "foo" / "effects" / "side-effect.txt").read_text() == "a side effect"
    assert not (course.path / "submitted" / "foo" / "effects" / "side-effect.txt").exists()


def test_files_handed_in_are_where_the_notebook_runs(course: CourseFolder) -> None:
    course.put(FILES / "open_relative_file.ipynb", "submitted", "foo", "relative", "p1.ipynb")
    course.put(FILES / "data.txt", "submitted", "foo", "relative", "data.txt")
    result = course.grade("relative")["foo"]
    errors = [o for c in result.notebooks[0].executed["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert errors == []


def test_a_missing_notebook_scores_nothing(course: CourseFolder) -> None:
    course.put(FILES / "submitted-changed.ipynb", "submitted", "foo", "two", "p1.ipynb")
    result = course.grade("two")["foo"]
    assert [notebook.score for notebook in result.notebooks] == [2, 0]
    assert not any(cell.needs_manual_grade for cell in result.notebooks[1].cells)
    assert not (course.path / "autograded" / "foo" / "two" / "p2.ipynb").exists()
    assert "not handed in" in result.reason


def test_an_extra_notebook_is_no_copy_of_the_assignment(course: CourseFolder) -> None:
    course.put(FILES / "submitted-changed.ipynb", "submitted", "extra", "grade", "p1.ipynb")
    course.put(FILES / "submitted-unchanged.ipynb", "submitted", "extra", "grade", "p1 copy.ipynb")
    assert course.grade("grade", student="extra")["extra"].score == 2
    assert not (course.path / "autograded" / "extra" / "grade" / "p1 copy.ipynb").exists()


def test_late_penalties_come_from_the_courses_plugin(course: CourseFolder) -> None:
    (course.path / "late_plugin.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Half(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return score / 2\n"
    )
    config = course.path / "nbgrader_config.py"
    before = config.read_text()
    config.write_text(
        f"{before}\nimport sys; sys.path.insert(0, {str(course.path)!r})\n"
        "from late_plugin import Half\nc.AssignLatePenalties.plugin_class = Half\n"
    )
    course.put(FILES / "submitted-changed.ipynb", "submitted", "late", "late", "p1.ipynb")
    (course.path / "submitted" / "late" / "late" / "timestamp.txt").write_text("2015-02-02 15:58:23.948203 America/Los_Angeles")
    try:
        course.grade("late")
    finally:
        config.write_text(before)
    penalties = {row[0]: row[3] for row in course.rows()["penalties"]}
    assert penalties["late"] == 1


def test_graded_copies_are_not_graded_again_unless_newer_or_forced(course: CourseFolder) -> None:
    course.put(FILES / "submitted-changed.ipynb", "submitted", "again", "grade", "p1.ipynb")
    stamp = course.path / "submitted" / "again" / "grade" / "timestamp.txt"
    stamp.write_text("2015-02-02 10:00:00 UTC")
    assert [one.result is None for one in course.outcomes("grade", student="again")] == [False]
    assert [one.result is None for one in course.outcomes("grade", student="again")] == [True]
    assert [one.result is None for one in course.outcomes("grade", student="again", force=True)] == [False]
    stamp.write_text("2015-02-02 11:00:00 UTC")
    assert [one.result is None for one in course.outcomes("grade", student="again")] == [False]


def test_a_notebook_that_is_none_leaves_no_graded_copy(course: CourseFolder) -> None:
    folder = course.path / "submitted" / "broken" / "grade"
    folder.mkdir(parents=True)
    (folder / "p1.ipynb").write_text("{ this is no notebook")
    result = course.grade("grade", student="broken")["broken"]
    assert failed(result)
    assert "cannot be read" in result.reason
    assert not (course.path / "autograded" / "broken" / "grade").exists()


def test_the_gradebook_and_the_graded_copies_are_nbgraders(tmp_path: Path) -> None:
    """Both programs on the same course: the same rows, the same files, the same outputs."""
    theirs = CourseFolder(tmp_path / "nbgrader")
    shutil.copytree(GUIDE / "source", theirs.path / "source", ignore=shutil.ignore_patterns("ps1_autotest"))
    shutil.copytree(GUIDE / "submitted", theirs.path / "submitted")
    theirs.configure('c.IncludeHeaderFooter.header = "source/header.ipynb"')
    theirs.prepare({"ps1": {}})
    ours = CourseFolder(tmp_path / "himalia")
    shutil.copytree(theirs.path, ours.path)
    theirs.nbgrader("autograde", "ps1")
    ours.grade("ps1", workers=2)
    assert ours.rows() == theirs.rows()
    assert _graded(ours.path) == _graded(theirs.path)


def _graded(folder: Path) -> dict[str, object]:
    """Each graded file by its path: its content and its mode, without the times of execution in notebooks."""
    found: dict[str, object] = {}
    for path in sorted((folder / "autograded").rglob("*")):
        if path.suffix == ".ipynb":
            notebook = json.loads(path.read_text())
            for cell in notebook["cells"]:
                cell["metadata"].pop("execution", None)
            found[str(path.relative_to(folder))] = (notebook, path.stat().st_mode)
        elif path.is_file():
            found[str(path.relative_to(folder))] = (path.read_bytes(), path.stat().st_mode)
    return found
