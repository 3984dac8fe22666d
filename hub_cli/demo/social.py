"""Course "Enquêtes et images (SHS)": a survey whose copies are returned."""

from datetime import timedelta

from himalia_exchange.wire import Kind, LatePolicy

from hub_cli.demo import people as who
from hub_cli.demo import sheet, shelf, student
from hub_cli.demo.models import DemoAssignment, DemoCourse, DemoPerson, DemoSubmission, Files
from hub_cli.demo.pages import pages
from hub_cli.demo.recodings import SHEET, survey_notebook, survey_submissions
from hub_cli.demo.survey import survey_csv

_PAGES = "shs/image-texte"


def social() -> DemoCourse:
    """The course where Inès is a student: TP1 is back with its mark, TP2 is to be handed in."""
    return DemoCourse(
        title="Enquêtes et images (SHS)",
        slug="enquetes-images",
        language="fr",
        requirements=("numpy>=2,<3", "pandas>=2.3,<4", "matplotlib>=3.10,<4"),
        teacher=who.KARIM,
        assistants=(),
        students=(*who.STUDENTS, who.INES),
        assignments=(_tour(), _survey(), _pages()),
    )


def _tour() -> DemoAssignment:
    return DemoAssignment(
        name="visite-guidee",
        title="Visite guidée",
        kind=Kind.PRACTICE,
        points=0,
        released=timedelta(days=-20, hours=9),
        deadline=None,
        late=LatePolicy.ACCEPT,
        source={"visite-guidee.ipynb": sheet.to_bytes(shelf.solved("shs/visite", "visite"))},
        fetched_by=(*who.STUDENTS[1:], who.INES),
    )


def _survey() -> DemoAssignment:
    source = survey_notebook()
    return DemoAssignment(
        name="tp1-recoder",
        title="TP1 · Recoder une enquête",
        kind=Kind.LAB,
        points=20,
        released=timedelta(days=-19, hours=9),
        deadline=timedelta(days=-9, hours=18),
        late=LatePolicy.ACCEPT,
        source={SHEET: sheet.to_bytes(source), "enquete.csv": survey_csv()},
        submissions=survey_submissions(source),
        returned=True,
    )


def _pages() -> DemoAssignment:
    source = shelf.solved(_PAGES, "image-texte")
    return DemoAssignment(
        name="tp2-image-texte",
        title="TP2 · Image et texte",
        kind=Kind.LAB,
        points=20,
        released=timedelta(days=-2, hours=9),
        deadline=timedelta(days=6, hours=23, minutes=59),
        late=LatePolicy.ACCEPT,
        source={"image-texte.ipynb": sheet.to_bytes(source), **pages()},
        submissions=_early_birds(student.released(source)),
        fetched_by=(who.LUCAS, who.CHLOE),
    )


def _early_birds(release: sheet.Notebook) -> tuple[DemoSubmission, ...]:
    """Three who did not wait; all before the day on which the demo is filled."""
    hours = {who.FATOU: 198, who.INES: 181.5, who.PRIYA: 170}
    return tuple(
        DemoSubmission(person, _early_work(release, person), timedelta(hours=-before), "early")
        for person, before in hours.items()
    )


def _early_work(release: sheet.Notebook, person: DemoPerson) -> Files:
    mine = {cell: answer.source for (cell, _), answer in shelf.students_answers(_PAGES, person.login).items()}
    return {"image-texte.ipynb": sheet.to_bytes(student.answered(release, mine))}
