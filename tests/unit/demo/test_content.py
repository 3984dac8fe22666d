"""The demo courses: complete, small, equal at each run, and without a leak in what students receive."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from himalia_exchange.wire import Kind
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from hub_cli.demo.content import courses
from hub_cli.demo.models import DemoAssignment
from hub_cli.demo.people import people
from hub_cli.demo.student import released
from hub_cli.demo.write import write_course, write_submissions

ASSIGNMENTS = {assignment.name: assignment for course in courses() for assignment in course.assignments}
PRINT_DIGEST = (
    "import hashlib; from hub_cli.demo.content import courses; print(hashlib.sha256(repr(courses()).encode()).hexdigest())"
)


def notebooks(assignment: DemoAssignment) -> dict[str, NotebookNode]:
    return {
        name: json.loads(content, object_hook=NotebookNode)
        for name, content in assignment.source.items()
        if name.endswith(".ipynb")
    }


def points(assignment: DemoAssignment) -> float:
    metas = [cell.metadata.get("nbgrader", {}) for nb in notebooks(assignment).values() for cell in nb.cells]
    return float(sum(meta.get("points", 0) for meta in metas))


def test_twelve_students_a_teacher_an_assistant_and_an_administrator() -> None:
    logins = [person.login for person in people()]
    assert len(logins) == len(set(logins)) == 15
    assert logins[0] == "amina"
    assert all(person.email.endswith("@demo.example") for person in people())


def test_ines_is_student_in_one_course_and_assistant_in_the_other() -> None:
    shs, l2 = courses()
    assert "ines" in {person.login for person in shs.students}
    assert [person.login for person in l2.assistants] == ["ines"]
    assert "ines" not in {person.login for person in l2.students}
    assert (len(shs.students), len(l2.students)) == (13, 12)


def test_two_processes_make_equal_bytes() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {hashlib.sha256(repr(courses()).encode()).hexdigest() + "\n"}


def test_everything_fits_in_three_megabytes() -> None:
    sources = [content for assignment in ASSIGNMENTS.values() for content in assignment.source.values()]
    handed_in = [
        content
        for assignment in ASSIGNMENTS.values()
        for submission in assignment.submissions
        for content in submission.files.values()
    ]
    assert sum(map(len, sources + handed_in)) < 3_000_000


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_metadata_is_nbgraders(name: str) -> None:
    for nb in notebooks(ASSIGNMENTS[name]).values():
        MetadataValidator().validate_nb(nb)
    assert points(ASSIGNMENTS[name]) == ASSIGNMENTS[name].points


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_students_receive_holds_no_solution_and_no_hidden_test(name: str) -> None:
    for nb in notebooks(ASSIGNMENTS[name]).values():
        text = json.dumps(released(nb))
        assert "BEGIN SOLUTION" in json.dumps(nb) or name == "visite-guidee"
        assert not any(mark in text for mark in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "Barème :"))


@pytest.mark.parametrize("name", [name for name, assignment in ASSIGNMENTS.items() if assignment.submissions])
def test_submissions_are_released_notebooks_with_their_checksums(name: str) -> None:
    for submission in ASSIGNMENTS[name].submissions:
        for content in submission.files.values():
            metas = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(content)["cells"]]
            assert all("checksum" in meta for meta in metas if meta.get("grade") or meta.get("solution"))


def test_tp1_is_returned_with_marks_by_hand_for_everyone() -> None:
    tp1 = ASSIGNMENTS["tp1-recoder"]
    assert tp1.returned
    assert len({submission.student.login for submission in tp1.submissions}) == 13
    totals = [sum(mark.points for mark in submission.marks) for submission in tp1.submissions]
    assert min(totals) <= 1.5
    assert max(totals) == 6


def test_tp2_holds_one_of_each_trouble() -> None:
    submissions = ASSIGNMENTS["tp2-loyer"].submissions
    by = {submission.student.login: submission for submission in submissions}
    text = {login: b"".join(submission.files.values()).decode() for login, submission in by.items()}
    assert [login for login, submission in by.items() if submission.offset.total_seconds() > 0] == ["lucas"]
    assert [login for login in text if "test-intervalle-exact" not in text[login]] == ["mehdi"]
    assert [login for login in text if "while (y - pente" in text[login]] == ["maelle"]
    assert [login for login in text if "NodeTransformer" in text[login]] == ["noam"]
    assert len([1 for submission in submissions if submission.student.login == "priya"]) == 2


def test_a_course_is_written_as_nbgrader_knows_it(tmp_path: Path) -> None:
    _, course = courses()
    write_course(tmp_path, course)
    write_submissions(tmp_path, course, datetime(2026, 1, 15, 12, tzinfo=UTC))
    assert (tmp_path / "source" / "tp2-loyer" / "loyers.csv").is_file()
    assert 'course_id = "apprentissage-equite"' in (tmp_path / "nbgrader_config.py").read_text()
    stamp = (tmp_path / "submitted" / "priya" / "tp2-loyer" / "timestamp.txt").read_text()
    assert stamp == "2026-01-15 06:00:00 UTC\n"


def test_the_five_notebooks_of_the_story() -> None:
    kinds = {name: (assignment.kind, assignment.points) for name, assignment in ASSIGNMENTS.items()}
    assert kinds == {
        "visite-guidee": (Kind.PRACTICE, 0),
        "tp1-recoder": (Kind.LAB, 20),
        "tp2-image-texte": (Kind.LAB, 20),
        "tp1-anscombe": (Kind.PRACTICE, 0),
        "tp2-loyer": (Kind.LAB, 20),
    }


def test_the_tour_has_five_cells() -> None:
    (tour,) = notebooks(ASSIGNMENTS["visite-guidee"]).values()
    assert [cell.cell_type for cell in tour.cells] == ["markdown", "code", "code", "markdown", "code"]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_english_stands_beside_each_instruction(name: str) -> None:
    for nb in notebooks(ASSIGNMENTS[name]).values():
        prose = [cell for cell in nb.cells if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("grade")]
        assert all("*In English: " in cell.source for cell in prose), [cell.source[:60] for cell in prose]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cell_ids_are_unique_and_valid(name: str) -> None:
    for nb in notebooks(ASSIGNMENTS[name]).values():
        nbformat.validate(nb)
