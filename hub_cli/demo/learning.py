"""Course "Apprentissage et équité (L2)": a practice on Anscombe and the rents, handed in and waiting to be graded."""

from datetime import timedelta

from himalia_exchange.wire import Kind, LatePolicy

from hub_cli.demo import people as who
from hub_cli.demo import sheet, shelf, student
from hub_cli.demo.models import DemoAssignment, DemoCourse, DemoPerson, DemoSubmission, Files
from hub_cli.demo.rents import rents_csv

_SHEETS, _NOTEBOOK = "l2/loyer", "loyer.ipynb"
_DELETED = "test-intervalle-exact"
_DEADLINE = timedelta(days=-1, hours=20)


def learning() -> DemoCourse:
    """The course where Inès assists: open TP2 and press "Corriger"."""
    return DemoCourse(
        title="Apprentissage et équité (L2)",
        slug="apprentissage-equite",
        language="fr",
        requirements=("numpy>=2,<3", "pandas>=2.3,<4", "matplotlib>=3.10,<4"),
        teacher=who.KARIM,
        assistants=(who.INES,),
        students=who.STUDENTS,
        assignments=(_quartet(), _rents()),
        broken_requirements=("numpy==1.25.2", "pandas>=3,<4", "matplotlib>=3.10,<4"),
    )


def _quartet() -> DemoAssignment:
    return DemoAssignment(
        name="tp1-anscombe",
        title="TP1 · Anscombe",
        kind=Kind.PRACTICE,
        points=0,
        released=timedelta(days=-20, hours=9),
        deadline=None,
        late=LatePolicy.ACCEPT,
        source={"anscombe.ipynb": sheet.to_bytes(shelf.solved("l2/anscombe", "anscombe"))},
        fetched_by=who.STUDENTS[:9],
    )


def _rents() -> DemoAssignment:
    source = shelf.solved(_SHEETS, "loyer")
    return DemoAssignment(
        name="tp2-loyer",
        title="TP2 · Prédire un loyer",
        kind=Kind.LAB,
        points=20,
        released=timedelta(days=-8, hours=9),
        deadline=_DEADLINE,
        late=LatePolicy.ACCEPT,
        source={_NOTEBOOK: sheet.to_bytes(source), "loyers.csv": rents_csv()},
        submissions=_submissions(student.released(source)),
    )


def _submissions(release: sheet.Notebook) -> tuple[DemoSubmission, ...]:
    def by(person: DemoPerson, hours: float, note: str, files: Files | None = None) -> DemoSubmission:
        return DemoSubmission(person, files or _files(_work(release, person)), timedelta(hours=hours), note)

    draft = {"nettoyer", "ajuster"}
    return (
        by(who.PRIYA, -70, "a first draft; the second one counts", _files(_work(release, who.PRIYA, draft))),
        by(who.FATOU, -52, "good: linear algebra"),
        by(who.AMINA, -30.5, "good: the formulas"),
        by(who.NOAM, -27, "cheats: a syntax-tree transformer takes every assert away"),
        by(who.CHLOE, -22.75, "partly right; one half of a similar pair"),
        by(who.SOFIA, -9, "partly right: bounds, spread and sign"),
        by(who.LINH, -8.25, "partly right: divides by n"),
        by(who.JEAN_BAPTISTE, -6.5, "partly right; the other half: Chloé's work with other names"),
        by(who.PRIYA, -2, "good: plain loops"),
        by(who.MEHDI, -1.1, "deleted a test cell", _files(student.without(_work(release, who.MEHDI), _DELETED))),
        by(who.MAELLE, -0.2, "an endless loop"),
        by(who.LUCAS, 3.4, "late, and good: numpy's functions"),
    )


def _work(release: sheet.Notebook, person: DemoPerson, only: set[str] | None = None) -> sheet.Notebook:
    mine = {
        grade_id: answer.source
        for (grade_id, _), answer in shelf.students_answers(_SHEETS, person.login).items()
        if only is None or grade_id in only
    }
    return student.answered(release, mine)


def _files(notebook: sheet.Notebook) -> Files:
    return {_NOTEBOOK: sheet.to_bytes(notebook)}
