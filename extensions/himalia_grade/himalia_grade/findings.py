"""What is wrong with an assignment before it is released: each finding named with its cell, English and French."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from himalia_grade.incidents import Language
from himalia_grade.models import Cell
from himalia_grade.scrub import text_of
from himalia_grade.twins import changes

Kind = Literal[
    "no-id",
    "same-id",
    "no-points",
    "zero-points",
    "no-tests",
    "nothing-graded",
    "open-solution",
    "open-hidden",
    "hidden-elsewhere",
    "solution-elsewhere",
    "no-assertion",
    "vacuous",
    "solution-fails",
    "autotest",
    "schema",
]

_SENTENCES: Mapping[Kind, tuple[str, str]] = {
    "no-id": ("{cell} is graded or locked and has no id.", "{cell} est notée ou verrouillée et n'a pas d'identifiant."),
    "same-id": ("The id {detail} is given to several cells.", "L'identifiant {detail} est donné à plusieurs cellules."),
    "no-points": ("{cell} is graded and has no points.", "{cell} est notée et n'a pas de points."),
    "zero-points": ("{cell} is graded for 0 points.", "{cell} est notée sur 0 point."),
    "no-tests": ("{cell} is a test without any code.", "{cell} est un test sans aucun code."),
    "nothing-graded": ("No cell of this notebook is graded.", "Aucune cellule de ce notebook n'est notée."),
    "open-solution": ("{cell} begins a solution that does not end.", "{cell} commence un corrigé qui ne finit pas."),
    "open-hidden": ("{cell} begins hidden tests that do not end.", "{cell} commence des tests cachés qui ne finissent pas."),
    "hidden-elsewhere": (
        "{cell} holds hidden tests and is no test cell: students would see them.",
        "{cell} contient des tests cachés et n'est pas une cellule de test : on les verrait.",
    ),
    "solution-elsewhere": (
        "{cell} holds a solution and is no answer cell: students would see it.",
        "{cell} contient un corrigé et n'est pas une cellule de réponse : on le verrait.",
    ),
    "no-assertion": (
        "{cell} is a test that asserts nothing: whatever runs without an error passes.",
        "{cell} est un test qui n'affirme rien : tout ce qui s'exécute sans erreur le réussit.",
    ),
    "vacuous": (
        "{cell} also passes with a wrong expectation: {detail}",
        "{cell} réussit aussi avec une attente fausse : {detail}",
    ),
    "solution-fails": ("{cell} fails on the model solution: {detail}", "{cell} échoue sur le corrigé : {detail}"),
    "autotest": (
        "{cell} uses AUTOTEST, which only `nbgrader generate_assignment` fills in.",
        "{cell} utilise AUTOTEST, que seul `nbgrader generate_assignment` sait remplir.",
    ),
    "schema": ("{cell} has marks of an older nbgrader: {detail}", "{cell} porte des marques d'un ancien nbgrader : {detail}"),
}
_SCHEMA = 3


@dataclass(frozen=True)
class Finding:
    """One thing to look at; `number` counts all cells of the notebook from 1, 0 is the notebook itself."""

    kind: Kind
    number: int = 0
    grade_id: str = ""
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the notebook cannot be released as it is."""
        return self.kind not in ("zero-points", "no-tests", "nothing-graded", "no-assertion", "vacuous", "solution-fails")

    def sentence(self, language: Language = "en") -> str:
        names = (
            ("Cell {number}", "La cellule {number}")
            if not self.grade_id
            else ("Cell {number} ({id})", "La cellule {number} ({id})")
        )
        place = int(language == "fr")
        cell = names[place].format(number=self.number, id=self.grade_id)
        return _SENTENCES[self.kind][place].format(cell=cell, detail=self.detail)


def check(notebook: Mapping[str, Any]) -> list[Finding]:
    """What can be said of a solved notebook without running it, in the order of its cells."""
    cells: list[Cell] = list(notebook.get("cells", []))
    found = [finding for number, cell in enumerate(cells, start=1) for finding in _of_cell(number, cell)]
    found += _of_ids(cells)
    if not any(_marks(cell).get("grade") or _marks(cell).get("task") for cell in cells):
        found.append(Finding("nothing-graded"))
    return sorted(found, key=lambda finding: finding.number)


def _of_cell(number: int, cell: Cell) -> Iterator[Finding]:
    marks, source = _marks(cell), text_of(cell.get("source", ""))
    about = {"number": number, "grade_id": str(marks.get("grade_id", ""))}
    yield from (Finding(kind, **about, detail=detail) for kind, detail in _kinds(cell, marks, source))  # type: ignore[arg-type]


def _kinds(cell: Cell, marks: Mapping[str, Any], source: str) -> Iterator[tuple[Kind, str]]:
    yield from _of_marks(marks)
    yield from _of_regions(marks, source)
    if cell.get("cell_type") == "code" and marks.get("grade") and not marks.get("solution"):
        yield from _of_test(source)


def _of_marks(marks: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    counts = any(marks.get(kind) for kind in ("grade", "solution", "locked", "task"))
    if counts and not marks.get("grade_id"):
        yield "no-id", ""
    if counts and marks.get("schema_version", 0) < _SCHEMA:
        yield "schema", str(marks.get("schema_version", 0))
    if marks.get("grade") or marks.get("task"):
        if not isinstance(marks.get("points"), int | float):
            yield "no-points", ""
        elif marks["points"] == 0:
            yield "zero-points", ""


def _of_regions(marks: Mapping[str, Any], source: str) -> Iterator[tuple[Kind, str]]:
    if "BEGIN SOLUTION" in source:
        if "END SOLUTION" not in source:
            yield "open-solution", ""
        if not marks.get("solution"):
            yield "solution-elsewhere", ""
    if "BEGIN HIDDEN TESTS" in source:
        if "END HIDDEN TESTS" not in source:
            yield "open-hidden", ""
        if not marks.get("grade"):
            yield "hidden-elsewhere", ""


def _of_test(source: str) -> Iterator[tuple[Kind, str]]:
    if "AUTOTEST" in source:
        yield "autotest", ""
    elif not source.strip():
        yield "no-tests", ""
    elif not changes(source) and not source.lstrip().startswith("%%"):
        yield "no-assertion", ""


def _of_ids(cells: list[Cell]) -> list[Finding]:
    ids = [(number, str(_marks(cell)["grade_id"])) for number, cell in enumerate(cells, start=1) if _marks(cell).get("grade_id")]
    counts = Counter(name for _number, name in ids)
    return [Finding("same-id", number, name, name) for number, name in ids if counts[name] > 1]


def _marks(cell: Cell) -> dict[str, Any]:
    marks = (cell.get("metadata") or {}).get("nbgrader") or {}
    return dict(marks)
