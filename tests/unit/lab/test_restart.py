"""Starting one question again puts that question back, and nothing else."""

import copy
from typing import Any

import pytest
from himalia_lab.restart import NotInSujet, questions, restarted

Cell = dict[str, Any]


def cell(kind: str, source: str, grade_id: str = "", **marks: bool) -> Cell:
    made: Cell = {"cell_type": kind, "id": f"id-{source[:12]}", "metadata": {}, "source": source}
    if grade_id:
        made["metadata"]["nbgrader"] = {"grade_id": grade_id, "solution": False, "grade": False, **marks}
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def sujet() -> dict[str, Any]:
    return {
        "nbformat": 4,
        "metadata": {},
        "cells": [
            cell("markdown", "# TP1\n## Question 1"),
            cell("code", "# your code 1", "q1", solution=True),
            cell("code", "assert q1", "test_q1", grade=True, locked=True),
            cell("markdown", "## Question 2"),
            cell("code", "# your code 2", "q2", solution=True),
            cell("code", "assert q2", "test_q2", grade=True, locked=True),
            cell("markdown", "Explain", "q3", solution=True, grade=True),
        ],
    }


def worked() -> dict[str, Any]:
    notebook = copy.deepcopy(sujet())
    notebook["cells"][1].update(source="answer 1", execution_count=3, outputs=[{"output_type": "stream"}])
    notebook["cells"][4]["source"] = "answer 2"
    notebook["cells"].insert(2, cell("code", "scratch"))
    return notebook


def sources(notebook: dict[str, Any]) -> list[str]:
    return [each["source"] for each in notebook["cells"]]


def test_the_questions_stand_under_their_headings() -> None:
    found = [(each.grade_id, each.heading) for each in questions(sujet())]
    assert found == [("q1", "TP1"), ("q2", "Question 2"), ("q3", "Question 2")]


def test_one_question_goes_back_and_the_rest_stays() -> None:
    expected = sources(worked())
    expected[1] = "# your code 1"
    assert sources(restarted(worked(), sujet(), "q1")) == expected


def test_its_outputs_go_and_its_cell_keeps_its_id() -> None:
    current = worked()
    current["cells"][1]["id"] = "mine"
    again = restarted(current, sujet(), "q1")["cells"][1]
    assert (again["id"], again["outputs"], again["execution_count"]) == ("mine", [], None)


def test_a_changed_test_is_put_back_with_its_question() -> None:
    current = worked()
    current["cells"][3]["source"] = "assert True"
    assert "assert q1" in sources(restarted(current, sujet(), "q1"))


def test_a_deleted_question_comes_back_at_its_place() -> None:
    current = worked()
    current["cells"] = [each for each in current["cells"] if "q2" not in str(each["metadata"])]
    again = sources(restarted(current, sujet(), "q2"))
    assert again[4:7] == ["## Question 2", "# your code 2", "assert q2"]


def test_an_empty_notebook_gets_the_question() -> None:
    assert sources(restarted({"cells": []}, sujet(), "q1")) == ["# your code 1", "assert q1"]


def test_a_returning_cell_never_doubles_an_id() -> None:
    current = {"cells": [{**cell("code", "other"), "id": sujet()["cells"][1]["id"]}]}
    ids = [each.get("id") for each in restarted(current, sujet(), "q1")["cells"]]
    assert len([each for each in ids if each]) == len({each for each in ids if each})


def test_the_given_notebooks_are_left_alone() -> None:
    current, released = worked(), sujet()
    restarted(current, released, "q1")
    assert (current, released) == (worked(), sujet())


@pytest.mark.parametrize("grade_id", ["q9", "test_q1", ""])
def test_what_is_no_question_is_refused(grade_id: str) -> None:
    with pytest.raises(NotInSujet):
        restarted(worked(), sujet(), grade_id)
