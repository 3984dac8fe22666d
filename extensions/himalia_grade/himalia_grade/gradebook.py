"""nbgrader's gradebook: an assignment's truths out of it, a copy's marks into it, as `nbgrader autograde` leaves them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import bindparam, insert, select, update
from traitlets.config import Config

from himalia_grade.models import CellScore, CopyResult, NotebookResult
from himalia_grade.truth import Truth, of_row


class GradebookError(Exception):
    """The gradebook does not have what grading needs; the text says what to do."""


@dataclass
class Book:
    """An open gradebook: one assignment's copies go in, each in one transaction.

    Rows are written with plain statements; nbgrader's own objects would take longer than grading the copy.
    """

    gradebook: Any
    config: Config
    assignment: str
    row: Any
    students: set[str]

    @cached_property
    def truths(self) -> tuple[Truth, ...]:
        """The assignment's notebooks, by name."""
        return tuple(of_row(notebook) for notebook in self._notebooks)

    def enter(self, student: str, timestamp: datetime | None, *, create_student: bool) -> None:
        """Make the rows of a submission, with no mark yet. Raises GradebookError for a student who may not be made."""
        if student not in self.students:
            if not create_student:
                raise GradebookError(f"The gradebook has no student named {student}, and Autograde.create_student is off.")
            self.gradebook.update_or_create_student(student)
            self.students.add(student)
        identity = self._submission(student)
        if identity is None:
            self._insert(student, timestamp)
        elif timestamp:
            self._update(api.SubmittedAssignment, [{"id": identity, "timestamp": timestamp}])
        self.gradebook.db.commit()

    def save(self, result: CopyResult) -> None:
        """Store the marks of a copy. A mark that a person gave stays, and asks to be looked at again."""
        identity = self._submission(result.student)
        if identity is None:
            raise GradebookError(f"The submission of {result.student} has gone from the gradebook.")
        notebooks = {notebook.name: notebook for notebook in result.notebooks if not _failed(notebook)}
        self._update(api.Grade, self._grades(identity, notebooks))
        self._update(api.Comment, self._comments(identity, notebooks))
        self._penalize(identity, [name for name, notebook in notebooks.items() if notebook.executed])
        self.gradebook.db.commit()

    @cached_property
    def _notebooks(self) -> list[Any]:
        return sorted(self.row.notebooks, key=lambda notebook: str(notebook.name))

    @cached_property
    def _plan(self) -> list[tuple[str, list[str], list[str]]]:
        """For each notebook: its id, the ids of the cells that get a grade, of those that get a comment."""
        return [
            (n.id, [c.id for c in (*n.grade_cells, *n.task_cells)], [c.id for c in (*n.solution_cells, *n.task_cells)])
            for n in self._notebooks
        ]

    @cached_property
    def _assignment_id(self) -> str:
        return str(self.row.id)

    def _submission(self, student: str) -> str | None:
        table = api.SubmittedAssignment.__table__
        mine = (table.c.assignment_id == self._assignment_id, table.c.student_id == student)
        identity: str | None = self.gradebook.db.execute(select(table.c.id).where(*mine)).scalar()
        return identity

    def _insert(self, student: str, timestamp: datetime | None) -> None:
        """The rows that nbgrader's add_submission makes."""
        submission = api.new_uuid()
        self._add(
            api.SubmittedAssignment,
            [{"id": submission, "assignment_id": self._assignment_id, "student_id": student, "timestamp": timestamp}],
        )
        notebooks = {notebook: api.new_uuid() for notebook, _grades, _comments in self._plan}
        own = [{"id": mine, "notebook_id": notebook, "assignment_id": submission} for notebook, mine in notebooks.items()]
        self._add(api.SubmittedNotebook, own)
        grades = [{"notebook_id": notebooks[n], "cell_id": cell} for n, cells, _others in self._plan for cell in cells]
        comments = [{"notebook_id": notebooks[n], "cell_id": cell} for n, _others, cells in self._plan for cell in cells]
        self._add(api.Grade, grades)
        self._add(api.Comment, comments)

    def _grades(self, submission: str, notebooks: Mapping[str, NotebookResult]) -> list[dict[str, Any]]:
        rows = []
        for identity, notebook, cell, manual in self._rows(api.Grade, submission, api.Grade.manual_score):
            score = _score(notebooks.get(notebook), cell)
            if score is not None:
                again = manual is not None and bool(notebooks[notebook].executed)
                needs = score.needs_manual_grade or again
                rows.append({"id": identity, "auto_score": score.auto_score, "needs_manual_grade": needs})
        return rows

    def _comments(self, submission: str, notebooks: Mapping[str, NotebookResult]) -> list[dict[str, Any]]:
        found = self._rows(api.Comment, submission, api.Comment.auto_comment)
        return [
            {"id": identity, "auto_comment": notebooks[notebook].comments[cell]}
            for identity, notebook, cell, _before in found
            if notebook in notebooks and cell in notebooks[notebook].comments
        ]

    def _rows(self, kind: Any, submission: str, more: Any) -> Any:
        """Id, notebook's name, cell's name and one more column of a submission's grades or comments."""
        own, cell = api.SubmittedNotebook, api.BaseCell.__table__
        statement = (
            select(kind.id, api.Notebook.name, cell.c.name, more)
            .join(own, own.id == kind.notebook_id)
            .join(api.Notebook, api.Notebook.id == own.notebook_id)
            .join(cell, cell.c.id == kind.cell_id)
            .where(own.assignment_id == submission)
        )
        return self.gradebook.db.execute(statement).all()

    def _penalize(self, identity: str, names: Sequence[str]) -> None:
        """The late penalty of each graded notebook, by the plugin that the course's configuration names."""
        submission = self.gradebook.db.get(api.SubmittedAssignment, identity)
        late = submission.total_seconds_late
        if late <= 0 and all(row.late_submission_penalty is None for row in submission.notebooks):
            return
        rule = AssignLatePenalties(config=self.config)
        rule.init_plugin()
        for row in submission.notebooks:
            if row.name in names:
                row.late_submission_penalty = None
                if late > 0:
                    row.late_submission_penalty = _penalty(rule, submission.student_id, row, late)

    def _add(self, kind: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.gradebook.db.execute(insert(kind.__table__), rows)

    def _update(self, kind: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            table = kind.__table__
            named = [{"row": row["id"], **{name: value for name, value in row.items() if name != "id"}} for row in rows]
            self.gradebook.db.connection().execute(update(table).where(table.c.id == bindparam("row")), named)


def _failed(notebook: NotebookResult) -> bool:
    return notebook.incident is not None and notebook.incident.kind in FAILURES


def _score(notebook: NotebookResult | None, cell: str) -> CellScore | None:
    cells = notebook.cells if notebook else ()
    return next((score for score in cells if score.grade_id == cell and score.automatic), None)


def _penalty(rule: Any, student: str, row: Any, late: float) -> float | None:
    penalty = rule.plugin_inst.late_submission_penalty(student, row.score, late)
    return None if penalty is None else rule._check_late_penalty(row, penalty)


FAILURES = ("unreadable", "kernel", "engine")  # incidents over which nbgrader leaves a copy without marks


@contextmanager
def opened(url: str, course: str, config: Config, assignment: str) -> Iterator[Book]:
    """The gradebook at a database URL, at one assignment. Raises GradebookError where there is none."""
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).is_file():
        raise GradebookError(f"There is no gradebook at {file}. Run `nbgrader generate_assignment {assignment}` first.")
    try:
        gradebook = api.Gradebook(url, course)
    except Exception as error:  # SQLAlchemy's and the drivers' own
        raise GradebookError(f"The gradebook {url} cannot be opened: {error}") from error
    with gradebook:
        yield _book(gradebook, config, assignment)


def _book(gradebook: Any, config: Config, assignment: str) -> Book:
    try:
        row = gradebook.find_assignment(assignment)
    except api.MissingEntry:
        row = None
    if row is None or not row.notebooks:
        what = "no assignment named" if row is None else "no notebook of"
        raise GradebookError(f"The gradebook has {what} {assignment}. Run `nbgrader generate_assignment {assignment}` first.")
    students = set(gradebook.db.execute(select(api.Student.id)).scalars())
    return Book(gradebook, config, assignment, row, students)
