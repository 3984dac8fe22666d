"""nbgrader's rules, applied by nbgrader's own code: what of a copy is put back in place, and what each cell scores."""

import math
from dataclasses import dataclass
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, DeduplicateIds, IgnorePattern, LimitOutput, OverwriteCells
from nbgrader.preprocessors.base import NbGraderPreprocessor
from traitlets.config import Config

from himalia_grade.formats import as_node
from himalia_grade.models import CellScore, Flag
from himalia_grade.truth import Truth

NO_RESPONSE = "No response."


class OverwriteFromTruth(OverwriteCells):  # type: ignore[misc]
    """nbgrader's OverwriteCells, its settings included, on what is known already instead of a database."""

    truth: Truth

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        self.notebook_id, self.assignment_id, self.gradebook = self.truth.name, "", self.truth
        nb, resources = super(OverwriteCells, self).preprocess(nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources

    def update_cell_type(self, cell: NotebookNode, cell_type: str) -> None:
        """As nbgrader does, without its validation: that asks every notebook for the cell ids of nbformat 4.5."""
        cell.cell_type = cell_type
        for name, empty in (("outputs", []), ("execution_count", None)):
            if cell_type == "code":
                cell.setdefault(name, empty)
            else:
                cell.pop(name, None)


@dataclass(frozen=True)
class Rules:
    """The rules under one configuration, nbgrader's defaults if it is empty."""

    config: Config

    def sanitized(self, submitted: NotebookNode, truth: Truth) -> NotebookNode:
        """The copy with its locked cells, points and kernel put back. Raises ValidationError and nbgrader's others."""
        notebook = submitted
        for step in (ClearOutput, DeduplicateIds):
            notebook = self._applied(step, notebook)
        if truth.kernelspec:
            notebook.metadata["kernelspec"] = dict(truth.kernelspec)
        overwrite = OverwriteFromTruth(config=self.config)
        overwrite.truth = truth
        notebook, _resources = overwrite.preprocess(notebook, {})
        if overwrite.add_missing_cells:
            notebook = as_node(notebook)  # nbgrader writes the notebook and reads it again; what it adds is half made until then
        _forget_strangers(notebook)
        return self._applied(CheckCellMetadata, notebook)

    def finished(self, executed: NotebookNode) -> NotebookNode:
        """The executed copy with its outputs limited, as it is kept and scored. Raises ValidationError."""
        notebook = executed
        for step in (IgnorePattern, ClearMetadataPreprocessor, LimitOutput):
            notebook = self._applied(step, notebook)
        return notebook

    def scores(self, finished: NotebookNode, truth: Truth) -> tuple[CellScore, ...]:
        """One score for each graded cell of the assignment that the copy has, in the copy's order."""
        graded = [cell for cell in finished.cells if utils.is_grade(cell)]
        return tuple(score(cell) for cell in graded if cell.metadata.nbgrader.get("grade_id") in truth.graded)

    def _applied(self, step: type[NbGraderPreprocessor], notebook: NotebookNode) -> NotebookNode:
        preprocessor = step(config=self.config)
        if preprocessor.enabled:
            notebook, _resources = preprocessor.preprocess(notebook, {})
        return notebook


def _forget_strangers(notebook: NotebookNode) -> None:
    """Cells that only look graded, a second copy or one of the student's making, are cells like others.

    nbgrader would give up the whole copy over them.
    """
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and not cell.metadata["nbgrader"].get("grade_id"):
            del cell.metadata["nbgrader"]


def score(cell: NotebookNode) -> CellScore:
    """nbgrader's score of an executed graded cell.

    Where nbgrader would give all points to a result that is no score (nan, a negative number) or give up the whole
    copy (more than the maximum), a person decides: the cell is flagged and has no automatic score.
    """
    grade_id, maximum = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
    odd = odd_result(cell, maximum)
    if odd:
        return CellScore(grade_id, None, maximum, needs_manual_grade=True, flags=(Flag("forged-result", grade_id, odd),))
    points, _maximum = utils.determine_grade(cell)
    return CellScore(
        grade_id,
        None if points is None else float(points),
        maximum,
        needs_manual_grade=points is None,
    )


def odd_result(cell: NotebookNode, maximum: float) -> str:
    """What is odd in a partial score that a test gave; empty where nothing is."""
    if cell.cell_type != "code" or utils.is_solution(cell) or utils.has_failed(cell):
        return ""
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    value = _number(results[0].data.get("text/plain", "")) if results else None
    if value is None or 0 <= value <= maximum:
        return ""
    return f"the test gave {value:g} of {maximum:g} points" if math.isfinite(value) else f"the test gave {value} as its points"


def comments(finished: NotebookNode) -> dict[str, str | None]:
    """nbgrader's automatic comment on each answer: whether it is as it was handed out."""
    answers = [cell for cell in finished.cells if utils.is_solution(cell) or utils.is_task(cell)]
    return {cell.metadata.nbgrader["grade_id"]: _comment(cell) for cell in answers}


def _comment(cell: NotebookNode) -> str | None:
    unchanged = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    return NO_RESPONSE if unchanged and not utils.is_task(cell) else None


def _number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None
