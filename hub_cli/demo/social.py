"""Course "Enquêtes et images (SHS)": a survey whose copies are returned."""

from datetime import timedelta

from hub_cli.demo import people as who
from hub_cli.demo import sheet
from hub_cli.demo.models import DemoAssignment, DemoCourse
from hub_cli.demo.recodings import SHEET, survey_notebook, survey_submissions
from hub_cli.demo.survey import survey_csv


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
        assignments=(_survey(),),
    )


def _survey() -> DemoAssignment:
    source = survey_notebook()
    return DemoAssignment(
        name="tp1-recoder",
        title="TP1 · Recoder une enquête",
        kind="graded",
        points=20,
        deadline=timedelta(days=-9),
        late="mark",
        source={SHEET: sheet.to_bytes(source), "enquete.csv": survey_csv()},
        submissions=survey_submissions(source),
        returned=True,
    )
