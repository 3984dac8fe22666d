"""The student version gives nothing away, and what is wrong with an assignment is named with its cell."""

import json

import pytest
from himalia_grade.findings import _SENTENCES, Finding
from himalia_grade.release import ReleaseError, check, stubs, student_version
from nbgrader.preprocessors import ClearHiddenTests

from tests.unit.grade import notebooks
from tests.unit.grade.notebooks import answer, code, markdown, notebook, stream

SOLVED = "def f(x):\n    ### BEGIN SOLUTION\n    return x * 4711\n    ### END SOLUTION"
TEST = "assert f(1) == 4711\n### BEGIN HIDDEN TESTS\nassert f(2) == 9422\n### END HIDDEN TESTS"
TASK = "Do it.\n=== BEGIN MARK SCHEME ===\n1 point for 8128\n=== END MARK SCHEME ==="
GOOD = notebook(
    answer(SOLVED, "f"),
    notebooks.check(TEST, stream("teacher's output 6174")),
    markdown("model answer 1729", grade=True, solution=True, grade_id="why", points=3),
    markdown(TASK, task=True, locked=True, grade_id="task", points=4),
    markdown("free text"),
)


def test_the_student_version_gives_nothing_away() -> None:
    text = json.dumps(student_version(GOOD))
    for secret in ("x * 4711", "9422", "8128", "6174", "1729", "HIDDEN", "SOLUTION", "MARK SCHEME"):
        assert secret not in text
    for given in ("f(1) == 4711", "YOUR CODE HERE", "YOUR ANSWER HERE", "Do it.", "free text"):
        assert given in text


def test_locked_cells_cannot_be_edited_or_deleted() -> None:
    cells = student_version(GOOD)["cells"]
    assert [cell["metadata"].get("editable", True) for cell in cells] == [True, False, True, False, True]
    assert [cell["metadata"].get("deletable", True) for cell in cells] == [False, False, False, False, True]
    assert all(cell["metadata"]["nbgrader"]["checksum"] for cell in cells[:4])


def test_the_teachers_notebook_is_left_as_it_is() -> None:
    before = json.dumps(GOOD)
    student_version(GOOD)
    assert json.dumps(GOOD) == before


def test_a_notebook_in_file_form_is_taken_too() -> None:
    lines = {**GOOD, "cells": [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in GOOD["cells"]]}
    assert json.dumps(student_version(lines)) == json.dumps(student_version(GOOD))


@pytest.mark.parametrize(
    "cell",
    [
        answer("### BEGIN SOLUTION\nx"),
        code("### BEGIN SOLUTION\nx\n### END SOLUTION"),
        code("### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS"),
        notebooks.check("### BEGIN HIDDEN TESTS\nx"),
    ],
)
def test_what_would_give_the_solution_away_is_refused(cell: dict[str, object]) -> None:
    with pytest.raises(ReleaseError):
        student_version(notebook(cell))
    assert any(finding.blocks for finding in check(notebook(cell)))


def test_nothing_is_found_in_a_good_notebook() -> None:
    assert check(GOOD) == []


def test_autotest_is_not_released_half_made() -> None:
    with pytest.raises(ReleaseError, match="generate_assignment"):
        student_version(notebook(notebooks.check("### AUTOTEST f(1)")))


FOUND = {
    "no-id": code("x", grade=True, points=1),
    "same-id": answer("x", "twice"),
    "no-points": code("assert x", grade=True, grade_id="a"),
    "zero-points": notebooks.check("assert x", points=0),
    "no-tests": notebooks.check("  \n"),
    "open-solution": answer("### BEGIN SOLUTION"),
    "open-hidden": notebooks.check("### BEGIN HIDDEN TESTS\nassert x"),
    "hidden-elsewhere": code("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"),
    "solution-elsewhere": code("### BEGIN SOLUTION\n### END SOLUTION"),
    "no-assertion": notebooks.check("f(1)"),
    "autotest": notebooks.check("### AUTOTEST f(1)"),
    "schema": {**code("x"), "metadata": {"nbgrader": {"grade": True, "grade_id": "old", "points": 1}}},
}


@pytest.mark.parametrize("kind", FOUND)
def test_each_mistake_is_found_at_its_cell(kind: str) -> None:
    found = check(notebook(markdown("first"), FOUND[kind], *([FOUND[kind]] if kind == "same-id" else [])))
    assert (kind, 2) in [(finding.kind, finding.number) for finding in found]


def test_a_notebook_without_points_is_told() -> None:
    assert [finding.kind for finding in check(notebook(markdown("only text")))] == ["nothing-graded"]


@pytest.mark.parametrize("kind", _SENTENCES)
def test_each_finding_has_a_sentence_in_both_languages(kind: str) -> None:
    finding = Finding(kind, 3, "q1", "detail")  # type: ignore[arg-type]
    english, french = finding.sentence("en"), finding.sentence("fr")
    assert english != french
    assert "{" not in english + french
    assert english.endswith((".", "detail"))


def test_nbgraders_delimiters_are_those_that_are_looked_for() -> None:
    assert ClearHiddenTests().begin_test_delimeter == "BEGIN HIDDEN TESTS"


@pytest.mark.parametrize(
    ("language", "stub"), [("fr", "# VOTRE RÉPONSE ICI"), ("en", "# YOUR CODE HERE"), ("de", "# YOUR CODE HERE")]
)
def test_a_stub_is_in_the_language_of_the_course(language: str, stub: str) -> None:
    solved = notebook(answer("### BEGIN SOLUTION\n1\n### END SOLUTION"))
    assert student_version(solved, stubs(language))["cells"][0]["source"].startswith(stub)
