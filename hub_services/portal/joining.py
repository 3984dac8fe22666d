"""The page of a join link: what one joins, then one button."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from hub_services.courses import api as courses
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.web.i18n import N_
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()


@router.get("/join/{code}")
def join_page(request: Request, code: str, me: SignedIn) -> Response:
    """What the link leads to; who is a member already goes on to the course."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        _link, course = _behind(platform, connection, code)
        if people.membership(platform, connection, me.id, course.key):
            return RedirectResponse(f"/courses/{course.slug}", 303)
    return render(request, "portal/join.html", course=course, code=code)


@router.post("/join/{code}")
def join(request: Request, code: str, me: SignedIn) -> Response:
    """Become a member."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        link, course = _behind(platform, connection, code)
        people.join(connection, me, link, platform.now())
        people.audit(platform, connection, me.id, "joined by link", course=course.key, subject=me.id)
    return RedirectResponse(f"/courses/{course.slug}", 303)


def _behind(platform: Platform, connection: Connection, code: str) -> tuple[people.JoinLink, courses.Course]:
    link = people.join_link(platform, connection, code)
    course = courses.course(connection, link.course) if link else None
    if link is None or course is None:
        detail = N_("Links end after 30 days, or when the teacher makes a new one. Ask your teacher for the link of today.")
        raise Refusal(404, N_("This link leads nowhere any more"), detail)
    return link, course
