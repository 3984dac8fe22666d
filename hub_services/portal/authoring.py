"""Making, editing and releasing an assignment."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from himalia_exchange.archive import ArchiveRefused, pack
from himalia_exchange.wire import Kind, LatePolicy
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal import moments
from hub_services.portal.model_notebook import model_files
from hub_services.portal.place import Place, place
from hub_services.portal.uploads import ChosenFiles, uploaded
from hub_services.web.i18n import N_
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()


@router.get("/courses/{slug}/new-assignment")
def new_assignment(request: Request, slug: str, me: SignedIn) -> Response:
    """The form of a new assignment: from the model, or from a solved notebook."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = courses.enter(platform, connection, me, slug, Right.AUTHOR)
    limit = platform.settings.exchange.course_file_mebibytes
    return render(request, "portal/new_assignment.html", at=at, limit=limit)


@router.post("/courses/{slug}/new-assignment")
def make_assignment(
    request: Request, slug: str, me: SignedIn, files: ChosenFiles, title: Annotated[str, Form()] = ""
) -> Response:
    """Make a draft and keep its source: all of it, or nothing."""
    platform = platform_of(request)
    if not title.strip():
        raise Refusal(422, N_("An assignment needs a title"), N_("Go back and type one, for instance “TP1 Recode a survey”."))
    with platform.database.read() as connection:
        at = courses.enter(platform, connection, me, slug, Right.AUTHOR)
    given = uploaded(files, platform.settings.exchange.course_file_mebibytes)
    source = given or model_files(title.strip(), at.course.language)
    with platform.database.begin() as connection:
        made = exchange.create(platform, connection, at.course.key, me.id, title)
        change = exchange.AssignmentEdit(late_policy=at.course.late_policy)
        exchange.edit(connection, at.course.key, made.name, change)
    try:
        exchange.put_source(platform, at.course.key, me.id, made.name, packed(source))
    except Refusal:
        with platform.database.begin() as connection:
            exchange.delete(connection, at.course.key, made.name)
        raise
    _write_down(platform, me, at.course, "assignment made", made.name)
    return RedirectResponse(f"/courses/{slug}/{made.name}", 303)


@router.post("/courses/{slug}/{name}/edit")
def edit(
    request: Request,
    slug: str,
    name: str,
    me: SignedIn,
    title: Annotated[str, Form()],
    kind: Annotated[Kind, Form()],
    late_policy: Annotated[LatePolicy, Form()],
    deadline: Annotated[str, Form()] = "",
    accepts: Annotated[str, Form()] = "",
) -> Response:
    """Change the title, kind, deadline, late policy and accepted types."""
    platform = platform_of(request)
    moment = moments.typed(deadline, ZoneInfo(platform.settings.site.time_zone))
    types = exchange.accepted_types(accepts)
    _check(title, types)
    change = exchange.AssignmentEdit(
        title=title, kind=kind, deadline=moment, no_deadline=moment is None, late_policy=late_policy, accepts=types
    )
    with platform.database.begin() as connection:
        at = place(platform, connection, me, slug, name, Right.AUTHOR)
        exchange.edit(connection, at.course.key, name, change)
        until = moment.isoformat() if moment else "no deadline"
        detail = f"{name}: {title}, {kind}, {until}, {late_policy}, {' '.join(types)}"
        people.audit(platform, connection, me.id, "assignment edited", course=at.course.key, detail=detail)
    return RedirectResponse(at.address, 303)


@router.post("/courses/{slug}/{name}/source")
def replace_source(request: Request, slug: str, name: str, me: SignedIn, files: ChosenFiles) -> Response:
    """Put other files in place of the source; what was released stays as it is."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    given = uploaded(files, platform.settings.exchange.course_file_mebibytes)
    if not given:
        raise Refusal(422, N_("No file was chosen"), N_("Go back, choose the notebook and its data, or a zip of them."))
    exchange.put_source(platform, at.course.key, me.id, name, packed(given))
    _write_down(platform, me, at.course, "source replaced", name)
    return RedirectResponse(at.address, 303)


@router.get("/courses/{slug}/{name}/source.zip")
def source(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The source, solutions and hidden tests in it."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}-source.zip"', "Cache-Control": "no-store"}
    return Response(exchange.source(platform, at.course.key, name), media_type="application/zip", headers=headers)


@router.post("/courses/{slug}/{name}/release")
def release(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """Release the source as it is: students see its next version, without solutions and hidden tests."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    made = exchange.release(platform, at.course.key, me.id, name)
    _write_down(platform, me, at.course, "assignment released", f"{name} version {made.version}")
    return RedirectResponse(at.address, 303)


@router.post("/courses/{slug}/{name}/withdraw")
def withdraw(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """Take a released assignment back; what was handed in stays."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    with platform.database.begin() as connection:
        exchange.withdraw(connection, at.course.key, name)
    _write_down(platform, me, at.course, "assignment withdrawn", name)
    return RedirectResponse(at.address, 303)


@router.post("/courses/{slug}/{name}/delete")
def delete(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """Remove an assignment in which nothing was handed in."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    with platform.database.begin() as connection:
        exchange.delete(connection, at.course.key, name)
    _write_down(platform, me, at.course, "assignment deleted", name)
    return RedirectResponse(f"/courses/{slug}", 303)


def packed(files: dict[str, bytes]) -> bytes:
    """The zip of a source. Raises Refusal, naming the file."""
    try:
        return pack(files)
    except ArchiveRefused as error:
        detail = N_("“%(name)s” has a name that not every system can hold, or stands there twice. Rename it and send all again.")
        raise Refusal(422, N_("These files cannot be taken"), detail, {"name": error.name}) from error


def _author(platform: Platform, me: people.Person, slug: str, name: str) -> Place:
    with platform.database.read() as connection:
        return place(platform, connection, me, slug, name, Right.AUTHOR)


def _write_down(platform: Platform, me: people.Person, course: courses.Course, action: str, detail: str) -> None:
    with platform.database.begin() as connection:
        people.audit(platform, connection, me.id, action, course=course.key, detail=detail)


def _check(title: str, types: tuple[str, ...]) -> None:
    if not title.strip():
        raise Refusal(422, N_("An assignment needs a title"), N_("Go back and type one, for instance “TP1 Recode a survey”."))
    if not types:
        detail = N_("Go back and name at least one type of file, for instance .ipynb: nothing could be handed in otherwise.")
        raise Refusal(422, N_("An assignment takes at least one type of file"), detail)
