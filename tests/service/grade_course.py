"""nbgrader course folders made for tests, from the notebooks that come inside nbgrader's own wheel."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from himalia_grade.models import CopyResult, Limits
from himalia_grade.run import Graded, Request, grade_assignment

BIN = Path(sys.executable).parent
ENVIRONMENT = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
_ROWS = """
    select submitted_assignment.student_id, notebook.name, base_cell.name, grade.auto_score, grade.needs_manual_grade
    from grade
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join notebook on notebook.id = submitted_notebook.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join base_cell on base_cell.id = grade.cell_id
"""
_COMMENTS = """
    select submitted_assignment.student_id, notebook.name, base_cell.name, comment.auto_comment
    from comment
    join submitted_notebook on submitted_notebook.id = comment.notebook_id
    join notebook on notebook.id = submitted_notebook.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join base_cell on base_cell.id = comment.cell_id
"""
_PENALTIES = """
    select submitted_assignment.student_id, submitted_assignment.timestamp, notebook.name, late_submission_penalty
    from submitted_notebook
    join notebook on notebook.id = submitted_notebook.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
"""


def nbgrader_folder() -> Path:
    """Where nbgrader is installed; its tests and its user guide are in it."""
    specification = find_spec("nbgrader")
    assert specification
    assert specification.submodule_search_locations
    return Path(specification.submodule_search_locations[0])


FILES = nbgrader_folder() / "tests" / "apps" / "files"
GUIDE = nbgrader_folder() / "docs" / "source" / "user_guide"


@dataclass(frozen=True)
class CourseFolder:
    """A course folder on disk."""

    path: Path

    def configure(self, *lines: str) -> None:
        text = "\n".join(("c = get_config()", "c.CourseDirectory.course_id = 'tests'", *lines))
        (self.path / "nbgrader_config.py").write_text(f"{text}\n", encoding="utf-8")

    def put(self, source: Path, *target: str) -> None:
        place = self.path.joinpath(*target)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)

    def nbgrader(self, *words: str, status: int = 0) -> str:
        """Run nbgrader's own command in the folder."""
        command = [str(BIN / "nbgrader"), *words]
        done = subprocess.run(command, cwd=self.path, env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        return done.stderr

    def prepare(self, assignments: Mapping[str, Mapping[str, Path]], due: str = "") -> None:
        """Sources in place, and each assignment generated, in one process: nbgrader takes seconds to load."""
        for assignment, notebooks in assignments.items():
            for name, file in notebooks.items():
                self.put(file, "source", assignment, f"{name}.ipynb")
        script = _GENERATE.format(names=list(assignments), due=due or None)
        done = subprocess.run([sys.executable, "-c", script], cwd=self.path, env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def grade(self, assignment: str, **options: object) -> dict[str, CopyResult]:
        return {one.student: one.result for one in self.outcomes(assignment, **options) if one.result}

    def outcomes(self, assignment: str, **options: object) -> list[Graded]:
        wanted = {"limits": Limits(), **options}
        return list(grade_assignment(Request(self.path, assignment, **wanted)))  # type: ignore[arg-type]

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """What the gradebook holds, by names instead of random ids."""
        statements = {"grades": _ROWS, "comments": _COMMENTS, "penalties": _PENALTIES}
        with sqlite3.connect(self.path / "gradebook.db") as database:
            return {name: sorted(database.execute(text), key=repr) for name, text in statements.items()}

    def score(self, student: str, notebook: str = "p1") -> float:
        """nbgrader's score of a notebook, before points by hand."""
        mine = [row for row in self.rows()["grades"] if row[:2] == (student, notebook)]
        return sum(float(str(row[3] or 0)) for row in mine)


_GENERATE = """
import os, sys
from traitlets.config import Config
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
app = NbGrader()
app.initialize([])
api = NbGraderAPI(config=app.config)
for name in {names}:
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment(name, duedate={due!r})
    answer = api.generate_assignment(name)
    if not answer["success"]:
        sys.exit(answer["log"])
"""
