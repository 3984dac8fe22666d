"""What happened to a copy that could not be run to its end, in plain words, English and French."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["cell-time", "copy-time", "memory", "ended", "forged", "unreadable", "kernel", "missing", "engine"]
Language = Literal["en", "fr"]

_REST = ("the cells before it keep their points, those after it were not run.",
         "les cellules d'avant gardent leurs points, les suivantes n'ont pas été exécutées.")  # fmt: skip
_SENTENCES: Mapping[Kind, tuple[str, str]] = {
    "cell-time": (
        "{cell} did not stop within {detail} s and could not be interrupted; {rest}",
        "{cell} ne s'est pas arrêtée en {detail} s et n'a pas pu être interrompue ; {rest}",
    ),
    "copy-time": (
        "The copy used up its {detail} s in {cell}; {rest}",
        "La copie a épuisé ses {detail} s dans {cell} ; {rest}",
    ),
    "memory": (
        "{cell} used more memory than the {detail} MB of a copy; {rest}",
        "{cell} a dépassé les {detail} Mo de mémoire d'une copie ; {rest}",
    ),
    "ended": (
        "{cell} ended its own process; {rest}",
        "{cell} a mis fin à son propre processus ; {rest}",
    ),
    "forged": (
        "{cell} answered with what is no result ({detail}); the copy was stopped there and must be looked at.",
        "{cell} a répondu par autre chose qu'un résultat ({detail}) ; la copie a été arrêtée là et doit être regardée.",
    ),
    "unreadable": (
        "The notebook cannot be read: {detail}.",
        "Le notebook ne peut pas être lu : {detail}.",
    ),
    "kernel": (
        "The notebook is written for the kernel {detail}, which this engine does not run.",
        "Le notebook est écrit pour le noyau {detail}, que ce moteur n'exécute pas.",
    ),
    "missing": ("The notebook was not handed in.", "Le notebook n'a pas été rendu."),
    "engine": (
        "The copy could not be graded: {detail} Nothing is wrong with the copy; grade it again.",
        "La copie n'a pas pu être corrigée : {detail} La copie n'y est pour rien ; relancez la correction.",
    ),
}
_CELL = ("Cell {number}", "La cellule {number}")
_COPY = ("The copy", "La copie")
_NAMED_CELL = ("Cell {number} ({grade_id})", "La cellule {number} ({grade_id})")


@dataclass(frozen=True)
class Incident:
    """One thing that happened; `number` counts all cells of the notebook from 1."""

    kind: Kind
    detail: str = ""
    number: int = 0
    grade_id: str = ""

    def sentence(self, language: Language = "en") -> str:
        """What happened, what it means for the marks."""
        place = int(language == "fr")
        named = _NAMED_CELL if self.grade_id else _CELL
        cell = (named if self.number else _COPY)[place].format(number=self.number, grade_id=self.grade_id)
        text = _SENTENCES[self.kind][place].format(cell=cell, detail=self.detail, rest=_REST[place])
        # Inside a sentence, a cell has no capital letter.
        return text[0] + text[1:].replace("in Cell", "in cell").replace("dans La", "dans la")
