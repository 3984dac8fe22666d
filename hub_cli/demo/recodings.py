"""What the students handed in for TP1: each took one variant of each answer, so that the marks spread."""

from datetime import timedelta

from hub_cli.demo import people as who
from hub_cli.demo import sheet, shelf, student
from hub_cli.demo.answers import Answers
from hub_cli.demo.models import DemoPerson, DemoSubmission, HandMark
from hub_cli.demo.survey import survey_figures

SHEET = "recoder.ipynb"
_CELLS = ("charger", "normaliser", "recoder", "tableau", "khi2", "figure", "commentaire")
_NOTHING, _MODEL = "-", "modele"  # left as released; as in the teacher's solution
# Per student: hours before the deadline, then the variant of each cell in the order above.
_CHOICES: dict[DemoPerson, tuple[float, tuple[str, ...]]] = {
    who.FATOU: (75, ("remplacer", "boucle", "fonction-auxiliaire", "groupes", "produits", "parts", "complet")),
    who.AMINA: (49, ("options", "filtre", "premier-mot", "masque", "boucles", "parts-sans-source", "sans-effet")),
    who.PRIYA: (47, ("options", "boucle", "racine-d-abord", "noms", "produits", "parts", "sans-effet")),
    who.INES: (31, ("remplacer", "filtre", "premier-mot", "groupes", "produits", "carte", "complet")),
    who.LINH: (28, (_MODEL, "filtre", "fonction-auxiliaire", "noms", "degres-faux", "carte", "descriptif")),
    who.LUCAS: (26, ("nombres-seulement", "filtre", "premier-mot", "masque", "boucles", "carte", "descriptif")),
    who.CHLOE: (21, ("options", "filtre", "sans-fautes", "masque", "boucles", "effectifs", "descriptif")),
    who.JEAN_BAPTISTE: (
        8,
        ("nombres-seulement", "accents", "racine-d-abord", "noms", "degres-faux", "effectifs", "cause"),
    ),
    who.ZOE: (6, ("remplacer", "accents", "sans-fautes", "avec-autre", "boucles", "carte", "court")),
    who.SOFIA: (4, ("options", "filtre", "racine-d-abord", "groupes", "divise-par-observe", "parts-sans-source", "cause")),
    who.NOAM: (2, ("options", "minuscules", "sans-fautes", "avec-autre", _NOTHING, "erreur", "court")),
    who.MAELLE: (1, ("nombres-seulement", "minuscules", _NOTHING, _NOTHING, "divise-par-observe", _NOTHING, "cause")),
    who.MEHDI: (-0.7, (_MODEL, "sans-manquants", "fonction-auxiliaire", "masque", "produits", "effectifs", "descriptif")),
}


def survey_notebook() -> sheet.Notebook:
    """The solved notebook of TP1; the numbers in its hidden tests are what the invented people meant."""
    return shelf.solved("shs/recoder", "recoder", survey_figures())


def survey_submissions(source: sheet.Notebook) -> tuple[DemoSubmission, ...]:
    """Everyone's copy, in the order of handing in, with the marks that Karim gave by hand."""
    release = student.released(source)
    model = student.model_answers(source)
    written = shelf.students_answers("shs/recoder")
    return tuple(
        DemoSubmission(
            student=person,
            files={SHEET: sheet.to_bytes(student.answered(release, _sources(variants, written, model)))},
            offset=timedelta(hours=-hours),
            note="late" if hours < 0 else "on time",
            marks=_marks(variants, written),
        )
        for person, (hours, variants) in _CHOICES.items()
    )


def _sources(variants: tuple[str, ...], written: Answers, model: dict[str, str]) -> dict[str, str]:
    chosen = {cell: variant for cell, variant in zip(_CELLS, variants, strict=True) if variant != _NOTHING}
    return {cell: model[cell] if variant == _MODEL else written[cell, variant].source for cell, variant in chosen.items()}


def _marks(variants: tuple[str, ...], written: Answers) -> tuple[HandMark, ...]:
    answers = {cell: written.get((cell, variant)) for cell, variant in zip(_CELLS, variants, strict=True)}
    return tuple(
        HandMark(SHEET.removesuffix(".ipynb"), cell, answer.points, answer.comment)
        for cell, answer in answers.items()
        if answer is not None and answer.points is not None
    )
