"""The page on using the demo's notebooks does what it says."""

import json
import re
from pathlib import Path

import pytest

from hub_cli.demo.content import courses
from hub_cli.demo.sheet import notebook, to_bytes
from hub_cli.demo.student import released

PAGE = (Path(__file__).parents[3] / "docs" / "howto" / "use-the-demo-notebooks.md").read_text(encoding="utf-8")


def test_its_program_leaves_two_course_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program = re.search(r"\n```python\n(.*?)\n```\n", PAGE, re.DOTALL)
    assert program is not None
    exec(compile(program[1], "the manual", "exec"), {})  # noqa: S102 - the sample of our own page
    for course in courses():
        folder = tmp_path / course.slug
        assert {path.name for path in (folder / "source").iterdir()} == {a.name for a in course.assignments}
        assert "CC0" in (folder / "LICENSE.md").read_text(encoding="utf-8")
        assert (folder / "requirements.txt").read_text(encoding="utf-8").split() == list(course.requirements)


def test_its_sheet_is_a_notebook_that_can_be_released() -> None:
    sample = re.search(r"````markdown\n(.*?)\n````", PAGE, re.DOTALL)
    assert sample is not None
    solved = notebook(sample[1])
    given = to_bytes(released(solved)).decode()
    assert [cell["id"] for cell in solved["cells"]] == ["cell-01", "double", "test-double"]
    assert "return 2 * x" not in given
    assert "double(-1)" not in given
    assert json.loads(given)["metadata"]["license"] == "CC0-1.0"


def test_it_names_every_notebook() -> None:
    for course in courses():
        assert course.title in PAGE
        assert all(assignment.title.replace(" · ", " ") in PAGE for assignment in course.assignments)
