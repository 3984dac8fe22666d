"""From a teacher's solved notebook to what students receive, and to what is true of it when copies come back."""

from collections.abc import Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from nbgrader.preprocessors.base import NbGraderPreprocessor
from traitlets.config import Config

from himalia_grade.findings import Finding, check
from himalia_grade.formats import as_node
from himalia_grade.models import Notebook
from himalia_grade.truth import Truth, of_release

__all__ = ["Finding", "ReleaseError", "check", "stubs", "student_version", "truth"]

_BEFORE_SAVING = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)
_AFTER_SAVING = (ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata)


class ReleaseError(Exception):
    """The notebook cannot be released as it is; the text is nbgrader's reason."""


def stubs(language: str) -> Config:
    """nbgrader's stubs in the language of a course: release and grading must have the same, or no answer is "changed"."""
    config = Config()
    if language == "fr":
        known = ClearSolutions().code_stub.items()
        config.ClearSolutions.code_stub = {name: text.replace("YOUR CODE HERE", "VOTRE RÉPONSE ICI") for name, text in known}
        config.ClearSolutions.text_stub = "VOTRE RÉPONSE ICI"
    return config


def student_version(notebook: Mapping[str, Any], config: Config | None = None) -> Notebook:
    """What students receive: no solution, no hidden test, no marking scheme, no output; locked cells locked.

    The same steps as `nbgrader generate_assignment`, by its own code. Raises ReleaseError.
    """
    return dict(_through(_AFTER_SAVING, _cleared(notebook, config), config))


def truth(name: str, notebook: Mapping[str, Any], config: Config | None = None) -> Truth:
    """What nbgrader would store in its gradebook of this solved notebook. Raises ReleaseError."""
    return of_release(name, _cleared(notebook, config))


def _cleared(notebook: Mapping[str, Any], config: Config | None) -> NotebookNode:
    autotests = [finding for finding in check(notebook) if finding.kind == "autotest"]
    if autotests:
        raise ReleaseError(autotests[0].sentence())
    return _through(_BEFORE_SAVING, as_node(notebook), config)


def _through(steps: Sequence[type[NbGraderPreprocessor]], node: NotebookNode, config: Config | None) -> NotebookNode:
    try:
        for step in steps:
            preprocessor = step(config=config or Config())
            if preprocessor.enabled:
                node, _resources = preprocessor.preprocess(node, {})
    except Exception as error:  # nbgrader raises RuntimeError, ValueError, KeyError and three of its own
        raise ReleaseError(str(error)) from error
    return node
