"""What happens to copies by accident: the rest keeps its points, and the reason is said."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from himalia_grade.grader import Grader
from himalia_grade.models import CopyResult, CopyTask, Limits

from tests.service.test_grade_attacks import SOURCE, code, notebook

ANSWER = "def square(x):\n    return x * x"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(limits=Limits(cell_seconds=10)) as one:
        yield one


def handed_in(**changes: Any) -> dict[str, Any]:
    """A right copy, its cells by their ids."""
    cells = copy.deepcopy(SOURCE["cells"])
    cells[0]["source"] = changes.get("answer", ANSWER)
    return notebook(*cells)


def graded(grader: Grader, folder: Path, content: dict[str, Any] | bytes, name: str = "p1") -> CopyResult:
    folder.mkdir()
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (folder / f"{name}.ipynb").write_bytes(data)
    return grader.grade(CopyTask("student", {"p1": SOURCE}, folder))


def points(result: CopyResult) -> dict[str, float | None]:
    return {cell.grade_id: cell.auto_score for cell in result.notebooks[0].cells}


def test_a_deleted_test_waits_for_a_person_and_the_rest_counts(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    del content["cells"][1]
    result = graded(grader, tmp_path / "copy", content)
    assert points(result) == {"hidden": 2, "easy": 1, "visible": None}
    assert [(flag.kind, flag.grade_id) for flag in result.flags] == [("cell-missing", "visible")]
    assert result.max_score == 4


def test_a_deleted_answer_fails_its_tests_alone(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    del content["cells"][0]
    assert points(graded(grader, tmp_path / "copy", content)) == {"visible": 0, "hidden": 0, "easy": 1}


def test_an_answer_split_in_two_counts(grader: Grader, tmp_path: Path) -> None:
    content = handed_in(answer="def helper(x):\n    return x * x")
    content["cells"].insert(1, code("def square(x):\n    return helper(x)"))
    assert graded(grader, tmp_path / "copy", content).score == 4


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_doubled_cell_counts_once(grader: Grader, tmp_path: Path, number: int) -> None:
    content = handed_in()
    content["cells"].insert(number, copy.deepcopy(content["cells"][number]))
    assert graded(grader, tmp_path / "copy", content).score == 4


def test_cells_in_another_order_are_run_as_they_stand(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["cells"].append(content["cells"].pop(1))
    assert graded(grader, tmp_path / "copy", content).score == 4


def test_a_changed_test_is_the_teachers_again(grader: Grader, tmp_path: Path) -> None:
    content = handed_in(answer="def square(x):\n    return 0")
    content["cells"][1]["source"] = "assert True"
    content["cells"][2]["cell_type"] = "markdown"
    del content["cells"][2]["outputs"], content["cells"][2]["execution_count"]
    result = graded(grader, tmp_path / "copy", content)
    assert points(result) == {"visible": 0, "hidden": 0, "easy": 1}
    assert [(flag.kind, flag.grade_id) for flag in result.flags] == [("cell-changed", "visible")]


def test_the_student_version_of_a_test_is_no_change(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["cells"][2]["source"] = "assert square(1) == 1 \n"
    result = graded(grader, tmp_path / "copy", content)
    assert (result.score, result.flags) == (4, ())


def test_a_renamed_notebook_is_not_there(grader: Grader, tmp_path: Path) -> None:
    result = graded(grader, tmp_path / "copy", handed_in(), name="p1 (2)")
    assert (result.score, "not handed in" in result.reason) == (0, True)


def test_another_kernel_is_put_right(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    assert graded(grader, tmp_path / "copy", content).score == 4


def test_a_teachers_kernel_that_is_not_pythons_is_said(grader: Grader, tmp_path: Path) -> None:
    source = copy.deepcopy(SOURCE)
    source["metadata"]["kernelspec"] = {"name": "octave", "language": "octave", "display_name": "Octave"}
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "p1.ipynb").write_text(json.dumps(source))
    result = grader.grade(CopyTask("student", {"p1": source}, folder))
    assert "octave" in result.reason
    assert all(cell.needs_manual_grade for cell in result.notebooks[0].cells)


def test_fifty_megabytes_of_old_outputs_are_thrown_away(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]
    result = graded(grader, tmp_path / "copy", content)
    assert result.score == 4
    assert len(json.dumps(result.notebooks[0].executed)) < 100_000


def test_a_path_of_another_system_is_an_error_in_its_cell(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["cells"][3]["source"] = "open('C:\\\\Users\\\\amina\\\\data.csv')"
    result = graded(grader, tmp_path / "copy", content)
    assert result.score == 4
    assert "FileNotFoundError" in json.dumps(result.notebooks[0].executed["cells"][3])


def test_widgets_and_magics_do_no_harm(grader: Grader, tmp_path: Path) -> None:
    content = handed_in()
    content["cells"][3]["source"] = "%config InlineBackend.figure_format = 'svg'\n%load_ext autoreload\n%autoreload 2\n%pwd"
    assert graded(grader, tmp_path / "copy", content).score == 4


def test_a_hundred_tests_are_no_burden(grader: Grader, tmp_path: Path) -> None:
    tests = [code(f"assert square({n}) == {n * n}", grade=True, points=1, grade_id=f"t{n}") for n in range(100)]
    source = notebook(SOURCE["cells"][0], *tests)
    folder = tmp_path / "copy"
    folder.mkdir()
    answer = {**source["cells"][0], "source": ANSWER}
    (folder / "p1.ipynb").write_text(json.dumps(notebook(answer, *tests)))
    result = grader.grade(CopyTask("student", {"p1": source}, folder))
    assert (result.score, result.flags, result.reason) == (100, (), "")


BROKEN = {
    "empty": b"",
    "no json": b"{",
    "not utf-8": b'{"cells": ["\xff"]}',
    "no notebook": b"[]",
    "null cells": b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": null}',
    "cells of nothing": b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [null, 3]}',
    "deep": b"[" * 50_000,
    "old marks": json.dumps(notebook(code("x", grade=True, grade_id="visible", points=1, schema_version=1))).encode(),
    "points of text": json.dumps(notebook(code("x", grade=True, grade_id="visible", points="many"))).encode(),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_notebook_is_said_to_be_none(grader: Grader, tmp_path: Path, kind: str) -> None:
    result = graded(grader, tmp_path / "copy", BROKEN[kind])
    assert result.score == 0
    assert "cannot be read" in result.reason
    assert all(cell.needs_manual_grade for cell in result.notebooks[0].cells)


def test_a_byte_order_mark_is_no_harm(grader: Grader, tmp_path: Path) -> None:
    assert graded(grader, tmp_path / "copy", b"\xef\xbb\xbf" + json.dumps(handed_in()).encode()).score == 4


def test_vacuous_tests_flag_nobody(grader: Grader, tmp_path: Path) -> None:
    source = notebook(
        code("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", solution=True, grade_id="x"),
        code("if False:\n    assert x == 1", grade=True, points=1, grade_id="never"),
    )
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "p1.ipynb").write_text(json.dumps(source))
    result = grader.grade(CopyTask("student", {"p1": source}, folder))
    assert (result.score, result.flags) == (1, ())
    findings = grader.rehearse({"p1": source}, grader.assignment(CopyTask("student", {"p1": source}, folder))).findings
    assert [(finding.kind, finding.number) for finding in findings["p1"]] == [("vacuous", 2)]
