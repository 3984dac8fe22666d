"""For who administers the platform: every course and its environment, which can be repaired here; nothing of its people."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from hub_services.courses import api as courses
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.web.events import follow_job
from hub_services.web.i18n import translate
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of

router = APIRouter(prefix="/administration")


@router.get("")
def administration(request: Request, me: SignedIn) -> Response:
    """Every course, and whether its environment is well."""
    people.require_administrator(me)
    platform = platform_of(request)
    with platform.database.read() as connection:
        rows = every_upkeep(platform, connection)
        sizes = {row.course.key: len(people.members(platform, connection, row.course.key)) for row in rows}
    return render(request, "portal/administration.html", rows=rows, sizes=sizes)


@router.get("/{slug}")
def environment(request: Request, slug: str, me: SignedIn) -> Response:
    """The environment of a course: what is in service, why the newest build failed, the list."""
    people.require_administrator(me)
    return _page(request, slug)


@router.post("/{slug}/build")
def build(request: Request, slug: str, me: SignedIn, packages: Annotated[str, Form()] = "") -> Response:
    """Build a corrected list for the course; one with problems is shown again with them."""
    people.require_administrator(me)
    platform = platform_of(request)
    words = translate(request)
    with platform.database.begin() as connection:
        course = _course(connection, slug)
        problems = courses.repair(platform, connection, me, course, packages, words.language)
    if problems:
        return _page(request, slug, packages, [problem.show(words) for problem in problems])
    return RedirectResponse(f"/administration/{course.slug}", 303)


@router.get("/{slug}/events")
def events(request: Request, slug: str, me: SignedIn) -> Response:
    """The build as it goes (SSE)."""
    people.require_administrator(me)
    platform = platform_of(request)
    with platform.database.read() as connection:
        job = courses.upkeep(platform, connection, _course(connection, slug)).job
    if job is None:
        raise people.no_such_course()
    return follow_job(request, job.id)


def every_upkeep(platform: Platform, connection: Connection) -> list[courses.Upkeep]:
    """The environment of each course, those that want repair first."""
    rows = [courses.upkeep(platform, connection, course) for course in courses.every_course(connection)]
    return sorted(rows, key=lambda row: not row.is_broken)


def _page(request: Request, slug: str, typed: str | None = None, problems: Sequence[str] = ()) -> Response:
    platform = platform_of(request)
    words = translate(request)
    with platform.database.read() as connection:
        found = courses.upkeep(platform, connection, _course(connection, slug))
    return render(
        request,
        "portal/repair.html",
        status=422 if problems else 200,
        found=found,
        typed=found.requirements if typed is None else typed,
        problems=problems,
        reasons=[reason.show(words) for reason in found.reasons],
    )


def _course(connection: Connection, slug: str) -> courses.Course:
    found = courses.course_at(connection, slug)
    return _course(connection, found.slug) if isinstance(found, courses.Moved) else found
