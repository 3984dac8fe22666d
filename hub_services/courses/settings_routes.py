"""The page of a course's settings: its title, its language, its files."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.courses import build, materials, requirements, uploads
from hub_services.courses.create import configure, rename
from hub_services.courses.enter import enter
from hub_services.courses.models import Course
from hub_services.courses.repository import Repository, understand
from hub_services.courses.sentences import Sentence, unpack
from hub_services.courses.uploads import UploadRefused
from hub_services.people.api import Person, SignedIn, no_such_course
from hub_services.web.i18n import N_, translate
from hub_services.web.jobs import Job
from hub_services.web.pages import render
from hub_services.web.platform import platform_of

router = APIRouter(prefix="/courses/{slug}/settings")
_NOTHING = N_("Choose files, or give an address.")
_BOTH = N_("Give files or an address, not both.")


@router.get("")
def settings(request: Request, slug: str, me: SignedIn) -> Response:
    """Title, language and files of a course."""
    return _page(request, slug, me)


@router.post("/title")
def change_title(request: Request, slug: str, me: SignedIn, title: Annotated[str, Form()]) -> Response:
    """Rename the course; its old address leads to the new one."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = enter(platform, connection, me, slug, Right.COURSE)
        renamed = rename(platform, connection, me, at.course, title)
    return RedirectResponse(f"/courses/{renamed.slug}/settings", 303)


@router.post("/rules")
def change_rules(
    request: Request,
    slug: str,
    me: SignedIn,
    late_policy: Annotated[str, Form()],
    language: Annotated[str, Form()],
    profile: Annotated[str, Form()] = "",
) -> Response:
    """What happens after a deadline, how large workspaces are, which language the course speaks."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        at = enter(platform, connection, me, slug, Right.COURSE)
        configure(platform, connection, me, at.course, late_policy, profile, language)
    return _back(slug)


@router.post("/files")
async def bring_files(request: Request, slug: str, me: SignedIn) -> Response:
    """Replace the course's files by those of the form, or by a copy of a repository, which is made as a job."""
    uploads.check_announced(request, platform_of(request).settings)
    async with request.form(max_files=2000) as form:
        return await run_in_threadpool(_bring, request, slug, me, form)


@router.get("/files.zip")
def files(request: Request, slug: str, me: SignedIn) -> Response:
    """The course's files, as people get them."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.COURSE)
    if not at.course.materials:
        raise no_such_course()
    headers = {"content-disposition": f'attachment; filename="{at.course.slug}.zip"'}
    return Response(platform.files.read(at.course.materials), media_type="application/zip", headers=headers)


def _bring(request: Request, slug: str, me: Person, form: FormData) -> Response:
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.COURSE)
    try:
        brought = uploads.files_of([f for f in form.getlist("files") if isinstance(f, UploadFile)], platform.settings)
    except UploadRefused as refused:
        return _page(request, slug, me, problems=refused.sentences)
    address = str(form.get("address") or "").strip()
    if bool(brought) == bool(address):
        return _page(request, slug, me, typed=address, problems=[Sentence(_BOTH if address else _NOTHING)])
    if address:
        return _copy(request, at.course, me, address)
    return _replace(request, at.course, me, brought)


def _replace(request: Request, course: Course, me: Person, brought: Mapping[str, bytes]) -> Response:
    """Keep the files; a list of packages among them is built, unless the environment in service comes from it."""
    platform = platform_of(request)
    taken, zipped = materials.take(platform.settings, brought)
    problems = (*taken.problems, *requirements.read(taken.requirements or "").problems)
    if problems:
        return _page(request, course.slug, me, problems=problems)
    with platform.database.begin() as connection:
        materials.keep(platform, connection, course, me.id, zipped)
        if taken.requirements is not None:
            build.ask_if_new(platform, connection, me, course, taken.requirements, translate(request).language)
    return _page(request, course.slug, me, notes=taken.notes) if taken.notes else _back(course.slug)


def _copy(request: Request, course: Course, me: Person, address: str) -> Response:
    platform = platform_of(request)
    repository = understand(address)
    if not isinstance(repository, Repository):
        return _page(request, course.slug, me, typed=address, problems=[repository])
    with platform.database.begin() as connection:
        materials.ask_import(platform, connection, me, course, repository, translate(request).language)
    return _back(course.slug)


def _page(
    request: Request,
    slug: str,
    me: Person,
    *,
    typed: str = "",
    problems: Sequence[Sentence] = (),
    notes: Sequence[Sentence] = (),
) -> Response:
    platform = platform_of(request)
    words = translate(request)
    with platform.database.read() as connection:
        at = enter(platform, connection, me, slug, Right.COURSE)
        job = materials.latest_import(platform, connection, at.course)
    return render(
        request,
        "courses/settings.html",
        status=422 if problems else 200,
        at=at,
        job=job,
        files=materials.listed(platform, at.course),
        typed=typed,
        problems=[sentence.show(words) for sentence in problems],
        notes=[sentence.show(words) for sentence in (*notes, *_notes(job))],
        reasons=[sentence.show(words) for sentence in unpack(job.reason)] if job else [],
        profiles=platform.settings.profiles,
        file_limit=platform.settings.exchange.course_file_mebibytes,
        limit=platform.settings.courses.materials_mebibytes,
    )


def _notes(job: Job | None) -> tuple[Sentence, ...]:
    return unpack(str((job.result or {}).get("notes", ""))) if job else ()


def _back(slug: str) -> Response:
    return RedirectResponse(f"/courses/{slug}/settings", 303)
