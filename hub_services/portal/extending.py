"""A later deadline for one student."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal import moments
from hub_services.portal.place import Place, place
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()


@router.post("/courses/{slug}/{name}/extension")
def extend(
    request: Request,
    slug: str,
    name: str,
    me: SignedIn,
    person: Annotated[str, Form()],
    deadline: Annotated[str, Form()] = "",
) -> Response:
    """Give a student a later deadline; an empty one takes the extension back."""
    platform = platform_of(request)
    moment = moments.typed(deadline, ZoneInfo(platform.settings.site.time_zone))
    with platform.database.begin() as connection:
        at = place(platform, connection, me, slug, name, Right.GRADE)
        _check_student(platform, connection, at, person)
        if moment:
            exchange.extend(platform, connection, at.course.key, name, person, moment, me.id)
        else:
            exchange.take_back_extension(connection, at.course.key, name, person)
        detail = f"{name}: {moment.isoformat() if moment else 'none'}"
        people.audit(platform, connection, me.id, "extension", course=at.course.key, subject=person, detail=detail)
    return RedirectResponse(f"{at.address}#class", 303)


def _check_student(platform: Platform, connection: Connection, at: Place, person: str) -> None:
    if all(member.person.id != person for member in people.students(platform, connection, at.course.key)):
        raise Refusal(
            404, N_("This person is not a student of the course"), N_("Somebody may have changed it just now. Reload the page.")
        )
