"""Start again from the sujet: one question of a notebook put back as it was released. Pure rules on notebook dicts."""

import copy
from dataclasses import dataclass
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]


class NotInSujet(Exception):
    """The released version has no such question, or no such notebook."""


@dataclass(frozen=True)
class Question:
    """One thing to answer, with the heading that it stands under."""

    grade_id: str
    heading: str


def questions(sujet: Notebook) -> tuple[Question, ...]:
    """The questions of a released notebook, in its order."""
    heading, found = "", []
    for cell in sujet.get("cells", []):
        heading = _heading(cell) or heading
        if _answered(cell):
            found.append(Question(_grade_id(cell), heading))
    return tuple(found)


def restarted(current: Notebook, sujet: Notebook, grade_id: str) -> Notebook:
    """`current` with one question as the sujet has it: its answer cell, and the locked tests that follow it.

    Nothing else changes; a cell that was deleted comes back at its place. Raises NotInSujet.
    """
    result = copy.deepcopy(current)
    for cell in _question(sujet, grade_id):
        _put(result["cells"], cell, sujet)
    return result


def _question(sujet: Notebook, grade_id: str) -> list[Cell]:
    cells = [cell for cell in sujet.get("cells", []) if _grade_id(cell)]
    start = next((n for n, cell in enumerate(cells) if _grade_id(cell) == grade_id and _answered(cell)), None)
    if start is None:
        raise NotInSujet(grade_id)
    end = next((n for n in range(start + 1, len(cells)) if _answered(cells[n])), len(cells))
    return cells[start:end]


def _put(cells: list[Cell], original: Cell, sujet: Notebook) -> None:
    fresh = copy.deepcopy(original)
    if fresh.get("cell_type") == "code":
        fresh.update(outputs=[], execution_count=None)
    place = _position(cells, _grade_id(original))
    if place is not None:
        # The cell keeps its own id: what the page holds of it stays attached.
        cells[place] = {**fresh, **({"id": cells[place]["id"]} if "id" in cells[place] else {})}
        return
    if any(cell.get("id") == fresh.get("id") for cell in cells):
        fresh.pop("id", None)
    cells.insert(_after(cells, original, sujet), fresh)


def _after(cells: list[Cell], original: Cell, sujet: Notebook) -> int:
    """Behind the nearest earlier cell of the sujet that is still there."""
    earlier = sujet["cells"][: sujet["cells"].index(original)]
    for cell in reversed(earlier):
        place = _position(cells, _grade_id(cell)) if _grade_id(cell) else _same(cells, cell)
        if place is not None:
            return place + 1
    return 0


def _position(cells: list[Cell], grade_id: str) -> int | None:
    return next((n for n, cell in enumerate(cells) if _grade_id(cell) == grade_id), None)


def _same(cells: list[Cell], original: Cell) -> int | None:
    return next((n for n, cell in enumerate(cells) if cell.get("id", "") == original.get("id")), None)


def _marks(cell: Cell) -> dict[str, Any]:
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return marks if isinstance(marks, dict) else {}


def _grade_id(cell: Cell) -> str:
    return str(_marks(cell).get("grade_id", ""))


def _answered(cell: Cell) -> bool:
    """Whether a student writes here: a solution cell or a task."""
    return bool(_marks(cell).get("solution") or _marks(cell).get("task"))


def _heading(cell: Cell) -> str:
    if cell.get("cell_type") != "markdown":
        return ""
    lines = "".join(cell.get("source", "")).splitlines()
    return next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")
