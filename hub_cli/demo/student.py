"""From a solved notebook to what a student receives, and from that to what a student hands in."""

import copy
from collections.abc import Mapping

from himalia_grade.release import student_version

from hub_cli.demo.sheet import Notebook


def released(source: Notebook) -> Notebook:
    """The student version, as the platform and nbgrader release it: no solution, no hidden test, checksums in place."""
    return student_version(source)


def answered(release: Notebook, answers: Mapping[str, str]) -> Notebook:
    """The student version with the sources of some cells replaced; checksums stay those of the release."""
    copied = copy.deepcopy(release)
    cells = {_grade_id(cell): cell for cell in copied["cells"]}
    for grade_id, source in answers.items():
        cells[grade_id]["source"] = source
    return copied


def without(release: Notebook, grade_id: str) -> Notebook:
    """The notebook of a student who deleted a cell."""
    return {**release, "cells": [cell for cell in release["cells"] if _grade_id(cell) != grade_id]}


def model_answers(source: Notebook) -> dict[str, str]:
    """The solutions of a source notebook by cell, without the marks that surround them."""
    return {
        _grade_id(cell): _unmarked(cell["source"])
        for cell in source["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def _grade_id(cell: Mapping[str, dict[str, dict[str, str]]]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _unmarked(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if "### BEGIN" not in line and "### END" not in line)
