"""The page of a course's environment: its list, its build as it runs, what was in service before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.courses import build, requirements, store
from hub_services.courses.enter import enter
from hub_services.courses.locks import Changes, changes
from hub_services.courses.models import Entered, InService
from hub_services.courses.sentences import Sentence, unpack
from hub_services.people.api import Person, SignedIn, no_such_course, person
from hub_services.web.events import follow_job
from hub_services.web.i18n import translate
from hub_services.web.jobs import Job
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of

router = APIRouter(prefix="/courses/{slug}/environment")
_LONGEST_FILE = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """A line of the history: what was put in service, by whom, and what it changed."""

    entry: InService
    by: str
    changes: Changes | None
    is_current: bool


@router.get("")
def environment(request: Request, slug: str, me: SignedIn) -> Response:
    """The environment in service, the build under way, the history."""
    return _page(request, slug, me)


@router.post("/build")
def ask(
    request: Request, slug: str, me: SignedIn, packages: Annotated[str, Form()] = "", file: UploadFile | None = None
) -> Response:
    """Build the list that was typed, or the file that was dropped; a list with problems is shown again with them."""
    platform = platform_of(request)
    text = requirements.decode(file.file.read(_LONGEST_FILE)) if file and file.filename else packages
    problems = requirements.read(text).problems
    if problems:
        return _page(request, slug, me, typed=text, problems=problems)
    with platform.database.begin() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        build.ask(platform, connection, me, at.course, text, translate(request).language)
    return _back(slug)


@router.post("/cancel")
def cancel(request: Request, slug: str, me: SignedIn) -> Response:
    """Ask for the end of the build under way."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        build.cancel(platform, connection, me, at.course)
    return _back(slug)


@router.post("/use")
def use(request: Request, slug: str, me: SignedIn, digest: Annotated[str, Form()]) -> Response:
    """Go back to an environment that the course had."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        build.use(platform, connection, me, at.course, digest)
    return _back(slug)


@router.get("/lock")
def lock(request: Request, slug: str, me: SignedIn, digest: str = "") -> Response:
    """The locked list with its hashes, as a file that pip and uv take."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        wanted = digest or at.course.environment
        found = next((e for e in store.history(connection, at.course.key) if e.environment.digest == wanted), None)
    if found is None:
        raise no_such_course()
    name = f"{at.course.slug}-{found.environment.short}.lock.txt"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(found.environment.lock, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/events/{job}")
def events(request: Request, slug: str, me: SignedIn, job: int) -> Response:
    """The lines of a build or a copy of this course as they come."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        found = platform.jobs.get(connection, job)
    if found is None or found.course != at.course.key:
        raise no_such_course()
    return follow_job(request, job)


def _page(request: Request, slug: str, me: Person, *, typed: str | None = None, problems: Sequence[Sentence] = ()) -> Response:
    platform = platform_of(request)
    words = translate(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.ENVIRONMENT)
        job = build.latest(platform, connection, at.course)
        rows = _rows(connection, at)
        log = platform.jobs.log_after(connection, job.id) if job and not job.is_live else []
        position = platform.jobs.position(connection, job.id) if job and job.state == "waiting" else 0
    return render(
        request,
        "courses/environment.html",
        status=422 if problems else 200,
        at=at,
        job=job,
        current=next((row for row in rows if row.is_current), None),
        rows=rows,
        typed=_list(platform, job, rows) if typed is None else typed,
        problems=[sentence.show(words) for sentence in problems],
        reasons=[sentence.show(words) for sentence in unpack(job.reason)] if job else [],
        notes=[sentence.show(words) for sentence in unpack(job.payload.get("notes", ""))] if job else [],
        log=log,
        position=position,
        default_list=platform.settings.environments.default_requirements,
    )


def _rows(connection: Connection, at: Entered) -> list[Row]:
    entries = store.history(connection, at.course.key)
    rows = []
    for number, entry in enumerate(entries):
        who = person(connection, entry.by)
        former = entries[number + 1].environment.packages if number + 1 < len(entries) else None
        difference = None if former is None else changes(former, entry.environment.packages)
        rows.append(Row(entry, who.name if who else "–", difference, number == 0))
    return rows


def _list(platform: Platform, job: Job | None, rows: Sequence[Row]) -> str:
    """What the form shows: the list of a build that runs or failed, else the one in service, else the site's."""
    if job and job.state != "done":
        return str(job.payload["requirements"])
    return rows[0].entry.requirements if rows else build.default_list(platform)


def _back(slug: str) -> Response:
    return RedirectResponse(f"/courses/{slug}/environment", 303)
