"""The page of a course: a student's assignments, or how the class stands with each of them."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.people.api import SignedIn
from hub_services.portal import words
from hub_services.portal.cards import works_of
from hub_services.portal.class_works import class_works
from hub_services.web.pages import render
from hub_services.web.platform import platform_of

router = APIRouter()


@router.get("/courses/{slug}")
def course_page(request: Request, slug: str, me: SignedIn) -> Response:
    """The assignments of a course, as this person's role sees them."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = courses.enter(platform, connection, me, slug, Right.OPEN)
        key = at.course.key
        if at.membership.may(Right.READ_COPIES):
            return render(
                request, "portal/course_class.html", at=at, class_works=class_works(platform, connection, key), words=words
            )
        return render(request, "portal/course.html", at=at, works=works_of(platform, connection, key, me.id), words=words)
