"""Pages of grading: the gradebook of an assignment, one copy, the run, publishing, marks; and one's own graded copy."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from himalia_exchange import archive
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import publish, rules, run, store
from hub_services.grading.gradebook import gradebook, marks_csv
from hub_services.grading.mark import mark
from hub_services.grading.models import Copy
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.web.events import follow_job
from hub_services.web.i18n import N_, translate
from hub_services.web.notebooks import notebook_page
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()

_NOT_GRADED = Refusal(404, N_("This copy is not graded"), N_("Either nothing was handed in, or no run has reached it yet."))
_NOT_PUBLISHED = Refusal(
    404,
    N_("Your copy is not published yet"),
    N_("You will find it here, with its score and comments, once your teacher publishes it."),
)


@dataclass(frozen=True)
class Place:
    """An assignment and what the person who looks at it may do there."""

    course: courses.Course
    assignment: exchange.Assignment
    me: people.Person
    membership: people.Membership

    @property
    def address(self) -> str:
        """The address of the assignment's page."""
        return f"/courses/{self.course.slug}/{self.assignment.name}"


def place(platform: Platform, connection: Connection, slug: str, name: str, me: people.Person, right: Right) -> Place:
    """The assignment at that address. Raises Refusal unless `me` holds `right` in its course."""
    entered = courses.enter(platform, connection, me, slug, right)
    assignment = exchange.assignment(connection, entered.course.key, name)
    return Place(entered.course, assignment, me, entered.membership)


@router.get("/courses/{slug}/{name}/grading")
def gradebook_page(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The gradebook of an assignment."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.READ_COPIES)
        rows = gradebook(platform, connection, at.assignment)
        job = platform.jobs.latest(connection, run.KIND, run.key(at.course.key, name))
    may = {right.name.lower(): at.membership.may(right) for right in (Right.GRADE, Right.PUBLISH)}
    return render(request, "grading/gradebook.html", at=at, rows=rows, job=job, may=may)


@router.post("/courses/{slug}/{name}/grading/run")
def start_run(request: Request, slug: str, name: str, me: SignedIn, again: Annotated[bool, Form()] = False) -> Response:
    """Grade the copies that are new or changed, or all of them again."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = place(platform, connection, slug, name, me, Right.GRADE)
        run.ask(platform, connection, at.course.key, name, me.id, again)
        people.audit(platform, connection, me.id, "grading run", course=at.course.key, detail=name)
    return RedirectResponse(f"{at.address}/grading", 303)


@router.post("/courses/{slug}/{name}/grading/cancel")
def cancel_run(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """Stop the run; copies graded so far stay graded."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = place(platform, connection, slug, name, me, Right.GRADE)
        job = platform.jobs.latest(connection, run.KIND, run.key(at.course.key, name))
        if job:
            platform.jobs.cancel(connection, job.id)
    return RedirectResponse(f"{at.address}/grading", 303)


@router.get("/courses/{slug}/{name}/grading/events")
def run_events(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The run as it goes (SSE)."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.READ_COPIES)
        job = platform.jobs.latest(connection, run.KIND, run.key(at.course.key, name))
    if job is None:
        raise Refusal(404, N_("No run yet"), N_("Nothing has been graded in this assignment."))
    return follow_job(request, job.id)


@router.get("/courses/{slug}/{name}/grading/marks.csv")
def marks(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The marks as CSV."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = place(platform, connection, slug, name, me, Right.PUBLISH)
        content = marks_csv(gradebook(platform, connection, at.assignment))
        people.audit(platform, connection, me.id, "marks exported", course=at.course.key, detail=name)
    disposition = f'attachment; filename="{at.course.slug}-{name}.csv"'
    return Response(content, headers={"Content-Disposition": disposition}, media_type="text/csv; charset=utf-8")


@router.post("/courses/{slug}/{name}/grading/publish")
def publish_copies(request: Request, slug: str, name: str, me: SignedIn, person: Annotated[str, Form()] = "") -> Response:
    """Publish one copy, or all that wait for no points."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = place(platform, connection, slug, name, me, Right.PUBLISH)
        copies = store.copies_of(connection, at.course.key, name)
        chosen = [copies[person]] if person in copies else [] if person else list(copies.values())
        publish.publish(platform, connection, chosen, me, at.course.language)
    return RedirectResponse(f"{at.address}/grading", 303)


@router.get("/courses/{slug}/{name}/grading/{person}")
def copy_page(request: Request, slug: str, name: str, person: str, me: SignedIn) -> Response:
    """One copy: read it, give points and comments, go to the next."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.READ_COPIES)
        copy = _copy(connection, at, person)
        rows = gradebook(platform, connection, at.assignment)
        hands = rules.by_cell(publish.hands_of(connection, copy))
    order = [row.person.id for row in rows if row.copy]
    before, after = rules.neighbours(order, person)
    row = next((row for row in rows if row.person.id == person), None)
    return render(
        request,
        "grading/copy.html",
        at=at,
        copy=copy,
        row=row,
        hands=hands,
        remarks=rules.remarks(copy.flags),
        total=rules.total(copy, hands),
        before=before,
        after=after,
        may_grade=at.membership.may(Right.GRADE),
    )


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=2000, max_files=0)


@router.post("/courses/{slug}/{name}/grading/{person}")
def mark_copy(
    request: Request, slug: str, name: str, person: str, me: SignedIn, form: Annotated[FormData, Depends(_form)]
) -> Response:
    """Keep points and comments, then show the same copy or the next."""
    platform = platform_of(request)
    typed = {key: value for key, value in form.items() if isinstance(value, str)}
    with platform.database.begin() as connection:
        at = place(platform, connection, slug, name, me, Right.GRADE)
        mark(platform, connection, _copy(connection, at, person), typed, me)
        order = [row.person.id for row in gradebook(platform, connection, at.assignment) if row.copy]
    following = rules.neighbours(order, person)[1] if "next" in typed else person
    return RedirectResponse(f"{at.address}/grading/{following or person}", 303)


@router.get("/courses/{slug}/{name}/grading/{person}/{notebook}.html")
def copy_notebook(request: Request, slug: str, name: str, person: str, notebook: str, me: SignedIn) -> Response:
    """The executed notebook of a copy, in its sandbox."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.READ_COPIES)
        copy = _copy(connection, at, person)
        hands = rules.by_cell(publish.hands_of(connection, copy))
    rendered = publish.pages(platform, copy, hands, translate(request).language)
    if notebook not in rendered:
        raise _NOT_GRADED
    return notebook_page(rendered[notebook])


@router.get("/courses/{slug}/{name}/copy")
def own_copy_page(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """My graded copy: score, comments, the notebook."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.OPEN)
        mine = store.published_copy(connection, at.course.key, name, me.id)
    if mine is None:
        raise _NOT_PUBLISHED
    names = [n.removesuffix(".html") for n in archive.unpack(platform.files.read(mine.sha256))]
    return render(request, "grading/own_copy.html", at=at, mine=mine, notebooks=names)


@router.get("/courses/{slug}/{name}/copy/{notebook}.html")
def own_copy_notebook(request: Request, slug: str, name: str, notebook: str, me: SignedIn) -> Response:
    """A notebook of my graded copy as it was published, in its sandbox."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, slug, name, me, Right.OPEN)
        mine = store.published_copy(connection, at.course.key, name, me.id)
    page = archive.unpack(platform.files.read(mine.sha256)).get(f"{notebook}.html") if mine else None
    if page is None:
        raise _NOT_PUBLISHED
    return notebook_page(page)


def _copy(connection: Connection, at: Place, person: str) -> Copy:
    found = store.copy(connection, at.course.key, at.assignment.name, person)
    if found is None:
        raise _NOT_GRADED
    return found
