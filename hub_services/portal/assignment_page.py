"""The page of an assignment: a student's own state, or the class's, with what an author may change."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from himalia_exchange.wire import Kind, LatePolicy
from sqlalchemy import Connection
from starlette.responses import Response

from hub_config.access.roles import Right
from hub_services.exchange import api as exchange
from hub_services.grading import api as grading
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal import moments, words
from hub_services.portal.place import Place, place
from hub_services.portal.works import class_work, works
from hub_services.web.i18n import N_
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()


@router.get("/courses/{slug}/{name}")
def assignment_page(request: Request, slug: str, name: str, me: SignedIn) -> Response:
    """An assignment, as this person's role sees it."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        at = place(platform, connection, me, slug, name, Right.OPEN)
        if at.membership.may(Right.READ_COPIES):
            return _class_page(request, platform, connection, at)
        return _own_page(request, platform, connection, at)


def _own_page(request: Request, platform: Platform, connection: Connection, at: Place) -> Response:
    person, key = at.membership.person, at.course.key
    standings = exchange.standings_of_person(connection, key, person)
    mine = [standing for standing in standings if standing.assignment.name == at.assignment.name]
    if not mine:
        raise Refusal(404, N_("This page does not exist"), N_("There is no such assignment in this course, or not yet."))
    work = works(mine, grading.published_to(connection, key, person), platform.now())[0]
    return render(request, "portal/assignment.html", at=at, work=work, words=words)


def _class_page(request: Request, platform: Platform, connection: Connection, at: Place) -> Response:
    students = people.students(platform, connection, at.course.key)
    standings = exchange.standings_of_assignment(connection, at.assignment)
    releases = exchange.releases(connection, at.course.key, at.assignment.name)
    zone = ZoneInfo(platform.settings.site.time_zone)
    return render(
        request,
        "portal/assignment_class.html",
        at=at,
        students=students,
        standings=standings,
        work=class_work(at.assignment, standings, [member.person.id for member in students]),
        release=releases[-1] if releases else None,
        deadline=moments.for_form(at.assignment.deadline, zone),
        kinds=Kind,
        policies=LatePolicy,
        words=words,
    )
