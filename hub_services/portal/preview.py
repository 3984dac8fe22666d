"""What students would fetch: the files, each notebook in a sandbox of its own (law 6), and what to look at before a release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from himalia_exchange.archive import unpack
from starlette.responses import Response

from hub_config.access.roles import Right
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal.place import Place, place
from hub_services.web.i18n import N_, translate
from hub_services.web.notebooks import notebook_page
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()


@dataclass(frozen=True)
class Remark:
    """Something in the source that its author should look at."""

    notebook: str
    sentence: str
    blocks: bool


@router.get("/courses/{slug}/{name}/preview")
def preview(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """The students' version of the source as it is now; where it cannot be made, why."""
    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    source = unpack(exchange.source(platform, at.course.key, name))
    remarks = remarks_on(source, "fr" if translate(request).language == "fr" else "en")
    blocked = any(remark.blocks for remark in remarks)
    files = {} if blocked else exchange.preview(platform, at.course.key, name)
    notebooks = [path for path in sorted(files) if path.endswith(".ipynb")]
    others = [(path, len(files[path])) for path in sorted(files) if path not in notebooks]
    context = {"notebooks": notebooks, "others": others, "remarks": remarks, "blocked": blocked}
    return render(request, "portal/preview.html", 200, at=at, **context)


@router.get("/courses/{slug}/{name}/preview/{path:path}.html")
def preview_notebook(request: Request, slug: str, name: str, path: str, me: SignedIn) -> Response:
    """One notebook of it."""
    # Imported here: it takes time and memory, which a process that shows no notebook need not pay.
    from himalia_grade import feedback

    platform = platform_of(request)
    at = _author(platform, me, slug, name)
    content = exchange.preview(platform, at.course.key, name).get(path) if path.endswith(".ipynb") else None
    if content is None:
        raise Refusal(404, N_("This page does not exist"), N_("There is no such notebook in this assignment."))
    page = feedback.render(json.loads(content), scores={}, comments={}, language=translate(request).language)
    return notebook_page(page)


def remarks_on(source: Mapping[str, bytes], language: Literal["fr", "en"]) -> list[Remark]:
    """What can be said of solved notebooks without running them."""
    from himalia_grade.findings import check

    notebooks = {path: json.loads(source[path]) for path in sorted(source) if path.endswith(".ipynb")}
    return [
        Remark(path, finding.sentence(language), finding.blocks)
        for path, notebook in notebooks.items()
        for finding in check(notebook)
    ]


def _author(platform: Platform, me: people.Person, slug: str, name: str) -> Place:
    with platform.database.read() as connection:
        return place(platform, connection, me, slug, name, Right.AUTHOR)
