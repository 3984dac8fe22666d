"""The people of a course: who is in it, roles, lists (CSV), the join link; every change is written down."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right, Role
from hub_services.courses import api as courses
from hub_services.people import api as people
from hub_services.people.api import RosterReport, SignedIn
from hub_services.portal import words
from hub_services.web.i18n import N_
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()
_MAX_BYTES = 2 * 1024 * 1024


@router.get("/courses/{slug}/people")
def people_page(request: Request, slug: str, me: SignedIn) -> Response:
    """Everybody in the course, who is announced, the join link."""
    return _page(request, slug, me, None)


@router.post("/courses/{slug}/people/role")
def change_role(
    request: Request, slug: str, me: SignedIn, person: Annotated[str, Form()], role: Annotated[Role, Form()]
) -> Response:
    """Give a member another role."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        former = _member(platform, connection, course, person)
        if former.role is not role:
            people.enrol(connection, person, course.key, role, source="form", group=former.group, now=platform.now())
            people.audit(
                platform, connection, me.id, "role changed", course=course.key, subject=person, detail=f"{former.role} → {role}"
            )
        _keep_a_teacher(platform, connection, course)
    return RedirectResponse(f"/courses/{slug}/people", 303)


@router.post("/courses/{slug}/people/remove")
def remove_member(request: Request, slug: str, me: SignedIn, person: Annotated[str, Form()]) -> Response:
    """End a membership; files, submissions and marks stay."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        former = _member(platform, connection, course, person)
        people.remove(connection, person, course.key)
        people.audit(platform, connection, me.id, "member removed", course=course.key, subject=person, detail=former.role)
        _keep_a_teacher(platform, connection, course)
    with suppress(Refusal):  # the hub may be away; the membership has ended all the same, and no new start is allowed
        platform.hub.stop(person, course.key)
    return RedirectResponse("/" if person == me.id else f"/courses/{slug}/people", 303)


@router.post("/courses/{slug}/people/list")
def upload_list(request: Request, slug: str, me: SignedIn, file: UploadFile) -> Response:
    """Enrol everybody of a list, or nobody: a report says each line."""
    platform = platform_of(request)
    content = file.file.read(_MAX_BYTES + 1)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        _check_size(content)
        report = _apply(platform, connection, me, course, people.read_roster(content))
    return _page(request, slug, me, report)


@router.post("/courses/{slug}/people/add")
def add_person(
    request: Request, slug: str, me: SignedIn, email: Annotated[str, Form()], role: Annotated[Role, Form()]
) -> Response:
    """Enrol one person, or announce them: a list of one line."""
    platform = platform_of(request)
    line = people.read_roster(f"email\trole\n{' '.join(email.split())}\t{role}".encode())
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        report = _apply(platform, connection, me, course, line)
    return _page(request, slug, me, report)


@router.post("/courses/{slug}/people/forget")
def forget_invitation(request: Request, slug: str, me: SignedIn, email: Annotated[str, Form()]) -> Response:
    """Take back an announcement."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        people.take_back_invitation(connection, course.key, email)
        people.audit(platform, connection, me.id, "announcement taken back", course=course.key, detail=email)
    return RedirectResponse(f"/courses/{slug}/people", 303)


@router.post("/courses/{slug}/people/link")
def make_link(request: Request, slug: str, me: SignedIn) -> Response:
    """A new join link; the former one ends."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        people.make_join_link(connection, course.key, platform.now())
        people.audit(platform, connection, me.id, "join link made", course=course.key)
    return RedirectResponse(f"/courses/{slug}/people#link", 303)


@router.post("/courses/{slug}/people/link/end")
def end_link(request: Request, slug: str, me: SignedIn) -> Response:
    """End the join link."""
    platform = platform_of(request)
    with platform.database.begin() as connection:
        course = _entered(platform, connection, me, slug)
        people.end_join_links(connection, course.key)
        people.audit(platform, connection, me.id, "join link ended", course=course.key)
    return RedirectResponse(f"/courses/{slug}/people#link", 303)


def _page(request: Request, slug: str, me: people.Person, report: RosterReport | None) -> Response:
    platform = platform_of(request)
    with platform.database.read() as connection:
        entered = courses.enter(platform, connection, me, slug, Right.PEOPLE)
        key = entered.course.key
        members = people.members(platform, connection, key)
        announced = people.invitations(connection, key)
        link = people.join_link_of(platform, connection, key)
    address = f"{platform.settings.addresses.public_url}/join/{link.code}" if link else ""
    status = 422 if report and not report.is_good else 200
    context = {"members": members, "announced": announced, "link": link, "address": address, "report": report}
    return render(request, "portal/people.html", status, at=entered, roles=words.ROLES, sources=words.SOURCES, **context)


def _apply(
    platform: Platform, connection: Connection, me: people.Person, course: courses.Course, report: RosterReport
) -> RosterReport:
    """Do what a list says if each line is good, and write it down."""
    if not report.is_good:
        return report
    done = people.apply_roster(connection, course.key, report, platform.now())
    detail = f"{done.enrolled} enrolled, {done.invited} announced"
    people.audit(platform, connection, me.id, "list applied", course=course.key, detail=detail)
    _keep_a_teacher(platform, connection, course)
    return done


def _entered(platform: Platform, connection: Connection, me: people.Person, slug: str) -> courses.Course:
    return courses.enter(platform, connection, me, slug, Right.PEOPLE).course


def _member(platform: Platform, connection: Connection, course: courses.Course, person: str) -> people.Membership:
    found = people.membership(platform, connection, person, course.key)
    if found is None:
        raise Refusal(
            404, N_("This person is not in the course"), N_("Somebody may have removed them just now. Reload the page.")
        )
    return found


def _keep_a_teacher(platform: Platform, connection: Connection, course: courses.Course) -> None:
    """Raises Refusal, and so undoes the transaction, when nobody would teach the course any more."""
    if not any(m.membership.role is Role.TEACHER for m in people.members(platform, connection, course.key)):
        raise Refusal(
            409,
            N_("A course keeps at least one teacher"),
            N_("Nothing was changed. Make somebody else a teacher of this course first."),
        )


def _check_size(content: bytes) -> None:
    if len(content) > _MAX_BYTES or content.count(b"\n") > people.MAX_LINES:
        raise Refusal(
            413,
            N_("This list is too long"),
            N_("At most %(lines)s lines are taken at a time. Nothing was changed; split the file and send its parts."),
            {"lines": people.MAX_LINES},
        )
