"""Scores by nbgrader's rules, and where we leave them: results that are no score wait for a person."""

from typing import Any

import pytest
from himalia_grade.formats import as_node
from himalia_grade.release import truth
from himalia_grade.rules import Rules, comments, score
from traitlets.config import Config

from tests.unit.grade.notebooks import answer, check, error, markdown, notebook, result, stream

SOURCE = notebook(
    answer("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
    check("assert x == 1", points=2),
    markdown("why?", grade=True, solution=True, grade_id="why", points=3),
    markdown("read me", locked=True, grade_id="locked"),
    markdown("do it", task=True, locked=True, grade_id="task", points=4),
)
RULES = Rules(Config())
CASES: list[tuple[list[dict[str, Any]], float | None]] = [
    ([], 2),
    ([stream("fine")], 2),
    ([stream("careful", "stderr")], 0),
    ([error()], 0),
    ([result("1.5")], 1.5),
    ([result("0")], 0),
    ([result("2")], 2),
    ([result("'text'")], 2),
    ([result("0.5"), error()], 0.5),  # as nbgrader: the first of them decides
    ([error(), result("2")], 0),
    ([result("2.5")], None),
    ([result("-1")], None),
    ([result("nan")], None),
    ([result("inf")], None),
]


@pytest.mark.parametrize(("outputs", "expected"), CASES)
def test_a_cells_score(outputs: list[dict[str, Any]], expected: float | None) -> None:
    cell = as_node(notebook(check("assert x == 1", *outputs, points=2))).cells[0]
    given = score(cell)
    assert given.auto_score == expected
    assert given.needs_manual_grade == (expected is None)
    assert [flag.kind for flag in given.flags] == (["forged-result"] if expected is None else [])


def sanitized(*cells: dict[str, Any], config: Config | None = None) -> Any:
    return Rules(config or Config()).sanitized(as_node(notebook(*cells)), truth("p1", SOURCE))


def test_locked_cells_and_points_are_put_back() -> None:
    node = sanitized(answer("x = 2"), check("pass", points=99), markdown("changed", locked=True, grade_id="locked"))
    assert [cell.source for cell in node.cells] == ["x = 2", "assert x == 1", "read me"]
    assert node.cells[1].metadata.nbgrader.points == 2


def test_the_answers_outputs_are_not_believed() -> None:
    assert sanitized(check("assert x == 1", result("2"))).cells[0].outputs == []


def test_a_doubled_cell_keeps_its_last_and_no_copy_is_given_up() -> None:
    node = sanitized(answer("x = 2"), answer("x = 3"), check("pass"))
    marked = [cell.source for cell in node.cells if "nbgrader" in cell.metadata]
    assert marked == ["x = 3", "assert x == 1"]


def test_a_cell_of_the_students_making_scores_nothing() -> None:
    node = sanitized(check("assert x == 1"), check("1000", grade_id="mine", points=1000))
    assert [given.grade_id for given in RULES.scores(node, truth("p1", SOURCE))] == ["test"]


def test_missing_cells_come_back_where_the_course_wants_it() -> None:
    config = Config()
    config.OverwriteCells.add_missing_cells = True
    ids = [cell.metadata.nbgrader.grade_id for cell in sanitized(answer("x = 1"), config=config).cells]
    assert set(ids) == {"answer", "test", "why", "task"}


def test_the_kernel_is_the_teachers() -> None:
    submitted = as_node(notebook(answer("x = 2"), kernel="ir", language="R"))
    assert RULES.sanitized(submitted, truth("p1", SOURCE)).metadata.kernelspec.name == "python3"


def test_an_answer_as_it_was_handed_out_is_no_response() -> None:
    given = truth("p1", SOURCE)
    untouched = {cell.name: cell.source for cell in given.source_cells}
    node = sanitized(answer(untouched["answer"]), markdown("an essay", grade=True, solution=True, grade_id="why", points=3))
    assert comments(node) == {"answer": "No response.", "why": None}


def test_points_of_the_assignment_count_every_graded_cell() -> None:
    assert truth("p1", SOURCE).max_score == 9
