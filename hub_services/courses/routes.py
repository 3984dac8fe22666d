"""The pages of courses: make one, its environment, its settings and files."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from hub_services.courses import build, environment_routes, materials, requirements, settings_routes, uploads
from hub_services.courses.create import create, require_creator
from hub_services.courses.models import Course, NewCourse
from hub_services.courses.repository import Repository, understand
from hub_services.courses.sentences import Sentence
from hub_services.courses.uploads import UploadRefused
from hub_services.people.api import Person, SignedIn
from hub_services.web.i18n import N_, translate
from hub_services.web.pages import render
from hub_services.web.platform import platform_of

router = APIRouter()
_TITLE = N_("A course needs a title.")
_BOTH = N_("Give files or an address, not both.")


@router.get("/courses/new")
def new_course(request: Request, me: SignedIn) -> Response:
    """The form of a new course."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        require_creator(platform, connection, me)
    return _form(request, FormData(), ())


@router.post("/courses/new")
async def make_course(request: Request, me: SignedIn) -> Response:
    """Make a course from its form: all of it, or nothing and the problems; a git address is copied as a job."""
    uploads.check_announced(request, platform_of(request).settings)
    async with request.form(max_files=2000) as form:
        return await run_in_threadpool(_make, request, me, form)


router.include_router(environment_routes.router)
router.include_router(settings_routes.router)


def _make(request: Request, me: Person, form: FormData) -> Response:
    platform = platform_of(request)
    with platform.database.read() as connection:
        require_creator(platform, connection, me)
    address = str(form.get("address") or "").strip()
    try:
        files = uploads.files_of([f for f in form.getlist("files") if isinstance(f, UploadFile)], platform.settings)
    except UploadRefused as refused:
        return _form(request, form, refused.sentences)
    problems = [*([] if str(form.get("title") or "").strip() else [Sentence(_TITLE)])]
    if files and address:
        problems.append(Sentence(_BOTH))
    repository = understand(address) if address else None
    if isinstance(repository, Sentence):
        problems.append(repository)
    taken, zipped = materials.take(platform.settings, files)
    problems += [*taken.problems, *requirements.read(taken.requirements or "").problems]
    if problems:
        return _form(request, form, problems)
    words = translate(request)
    new = NewCourse(str(form.get("title")), str(form.get("language") or words.language))
    with platform.database.begin() as connection:
        course = create(platform, connection, me, new)
        if isinstance(repository, Repository):
            materials.ask_import(platform, connection, me, course, repository, words.language)
            return _to(course, "settings")
        materials.keep(platform, connection, course, me.id, zipped)
        build.ask(platform, connection, me, course, taken.requirements or "", words.language, taken.notes)
    return _to(course, "environment")


def _form(request: Request, form: FormData, problems: Sequence[Sentence]) -> Response:
    platform = platform_of(request)
    words = translate(request)
    return render(
        request,
        "courses/new.html",
        status=422 if problems else 200,
        typed={name: str(form.get(name) or "") for name in ("title", "language", "address")},
        problems=[sentence.show(words) for sentence in problems],
        file_limit=platform.settings.exchange.course_file_mebibytes,
        limit=platform.settings.courses.materials_mebibytes,
        default_list=platform.settings.environments.default_requirements,
    )


def _to(course: Course, page: str) -> Response:
    return RedirectResponse(f"/courses/{course.slug}/{page}", 303)
