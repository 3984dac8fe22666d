"""What students would fetch: the files, and each notebook shown in a sandbox of its own (law 6)."""

import json

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from hub_config.access.roles import Right
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal.place import Place, place
from hub_services.web.i18n import N_, translate
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()

_SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
}


@router.get("/courses/{slug}/{name}/preview")
def preview(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The students' version of the source as it is now."""
    platform = platform_of(request)
    at, files = _students_files(platform, me, slug, name)
    notebooks = [path for path in sorted(files) if path.endswith(".ipynb")]
    others = [(path, len(files[path])) for path in sorted(files) if path not in notebooks]
    return render(request, "portal/preview.html", at=at, notebooks=notebooks, others=others)


@router.get("/courses/{slug}/{name}/preview/{path:path}.html")
def preview_notebook(request: Request, slug: str, name: str, path: str, me: SignedIn) -> Response:
    """One notebook of it."""
    # Imported here: nbconvert takes seconds and memory, which a process that shows no notebook need not pay.
    from himalia_grade import feedback

    platform = platform_of(request)
    _at, files = _students_files(platform, me, slug, name)
    content = files.get(path) if path.endswith(".ipynb") else None
    if content is None:
        raise Refusal(404, N_("This page does not exist"), N_("There is no such notebook in this assignment."))
    page = feedback.render(json.loads(content), scores={}, comments={}, language=translate(request).language)
    return HTMLResponse(page, headers=_SANDBOX)


def _students_files(platform: Platform, me: people.Person, slug: str, name: str) -> tuple[Place, dict[str, bytes]]:
    with platform.database.read() as connection:
        at = place(platform, connection, me, slug, name, Right.AUTHOR)
    return at, exchange.preview(platform, at.course.key, name)
