"""What is true of an assignment's notebook whatever a student hands in: its graded cells, their sources, their points."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import MissingEntry

Cell = TypeVar("Cell")


@dataclass(frozen=True)
class SourceCell:
    """A cell of the teacher's: where a student's copy differs from a locked one, this one counts."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str | None


@dataclass(frozen=True)
class GradedCell:
    """A cell that carries points; `task` ones are always graded by a person."""

    name: str
    max_score: float
    cell_type: str
    task: bool = False


@dataclass(frozen=True)
class SolutionCell:
    name: str


@dataclass(frozen=True)
class Truth:
    """One notebook of an assignment. Its `find_*` methods answer nbgrader's preprocessors as its gradebook would."""

    name: str
    kernelspec: Mapping[str, Any] | None
    source_cells: tuple[SourceCell, ...]
    grade_cells: tuple[GradedCell, ...]
    solution_cells: tuple[SolutionCell, ...]
    task_cells: tuple[GradedCell, ...] = field(default=())

    @property
    def max_score(self) -> float:
        return sum(cell.max_score for cell in (*self.grade_cells, *self.task_cells))

    @cached_property
    def sources(self) -> Mapping[str, SourceCell]:
        return {cell.name: cell for cell in self.source_cells}

    @cached_property
    def graded(self) -> Mapping[str, GradedCell]:
        return {cell.name: cell for cell in (*self.grade_cells, *self.task_cells)}

    def find_source_cell(self, name: str, _notebook: str, _assignment: str) -> SourceCell:
        return _found(self.sources, name)

    def find_graded_cell(self, name: str, _notebook: str, _assignment: str) -> GradedCell:
        return _found(self.graded, name)

    def find_notebook(self, _notebook: str, _assignment: str) -> "Truth":
        return self


def of_release(name: str, notebook: NotebookNode) -> Truth:
    """The truth that nbgrader's SaveCells would store of a notebook, hidden tests included, checksums computed."""
    cells = [cell for cell in notebook.cells if _counts(cell)]
    return Truth(
        name=name,
        kernelspec=dict(notebook.metadata.get("kernelspec", {})),
        source_cells=tuple(_source(cell) for cell in cells),
        grade_cells=tuple(_graded(cell) for cell in cells if utils.is_grade(cell)),
        solution_cells=tuple(SolutionCell(_id(cell)) for cell in cells if utils.is_solution(cell)),
        task_cells=tuple(_graded(cell, task=True) for cell in cells if utils.is_task(cell)),
    )


def of_row(row: Any) -> Truth:
    """The truth in a row of nbgrader's gradebook."""
    return Truth(
        name=row.name,
        kernelspec=json.loads(row.kernelspec) if row.kernelspec is not None else None,
        source_cells=tuple(SourceCell(c.name, c.cell_type, c.locked, c.source, c.checksum) for c in row.source_cells),
        grade_cells=tuple(GradedCell(c.name, c.max_score, c.cell_type) for c in row.grade_cells),
        solution_cells=tuple(SolutionCell(c.name) for c in row.solution_cells),
        task_cells=tuple(GradedCell(c.name, c.max_score, c.cell_type, task=True) for c in row.task_cells),
    )


def _found(cells: Mapping[str, Cell], name: str) -> Cell:
    try:
        return cells[name]
    except KeyError:
        raise MissingEntry(f"no cell {name!r}") from None


def _counts(cell: NotebookNode) -> bool:
    return bool(utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell))


def _id(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader["grade_id"])


def _source(cell: NotebookNode) -> SourceCell:
    checksum = cell.metadata.nbgrader.get("checksum")
    return SourceCell(_id(cell), cell.cell_type, utils.is_locked(cell), cell.source, checksum)


def _graded(cell: NotebookNode, *, task: bool = False) -> GradedCell:
    return GradedCell(_id(cell), float(cell.metadata.nbgrader["points"]), cell.cell_type, task)
