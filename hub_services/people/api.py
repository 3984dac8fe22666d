"""All of people that a higher feature may use."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import Connection

from hub_config.access.roles import Right, Role
from hub_services.people import store
from hub_services.people.enrol import (
    MAX_LINES,
    RosterReport,
    apply_roster,
    enrol,
    join,
    make_join_link,
    read_roster,
    remove,
)
from hub_services.people.models import Identity, Invitation, JoinLink, Member, Membership, Person
from hub_services.people.sign_in import NeedsSignIn, resolve, signed_in
from hub_services.people.store import new_code
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

__all__ = [
    "MAX_LINES",
    "Identity",
    "Invitation",
    "JoinLink",
    "Member",
    "Membership",
    "NeedsSignIn",
    "Person",
    "RosterReport",
    "SignedIn",
    "apply_roster",
    "audit",
    "end_join_links",
    "enrol",
    "find_people",
    "invitations",
    "join",
    "join_link",
    "join_link_of",
    "make_join_link",
    "members",
    "membership",
    "memberships",
    "new_code",
    "no_such_course",
    "person",
    "read_roster",
    "remove",
    "require",
    "require_administrator",
    "resolve",
    "students",
    "take_back_invitation",
]

SignedIn = Annotated[Person, Depends(signed_in)]


def no_such_course() -> Refusal:
    """The answer to a stranger and for a course that does not exist: one and the same, so that addresses tell nothing."""
    detail = N_("Either there is no such course, or you are not in it. If you should be, ask its teacher for the join link.")
    return Refusal(404, N_("This page does not exist"), detail)


def require(platform: Platform, connection: Connection, person: Person, course: str, right: Right) -> Membership:
    """The membership of `person` in `course` if it holds `right`. Raises Refusal: 404 for strangers, 403 for members.

    A stranger gets the same answer as for a course that does not exist, so that addresses tell nothing.
    """
    found = store.membership(connection, person.id, course, platform.now())
    if found is None:
        raise no_such_course()
    if not found.may(right):
        detail = N_("Your role in this course does not include it. Its teacher can change that on the page People.")
        raise Refusal(403, N_("This is not open to you in this course"), detail)
    return found


def require_administrator(person: Person) -> None:
    """Raises Refusal unless `person` administers the platform (which gives no right inside a course)."""
    if not person.is_administrator:
        raise Refusal(403, N_("This page is for administrators"), N_("Your account does not administer this platform."))


def person(connection: Connection, id: str) -> Person | None:
    """The person with that id."""
    return store.person(connection, id)


def find_people(connection: Connection, who: str) -> list[Person]:
    """Those whose id or address `who` is: for an administrator's command line."""
    found = store.person(connection, who)
    return [found] if found else store.persons_by_email(connection, who)


def membership(platform: Platform, connection: Connection, person: str, course: str) -> Membership | None:
    """The live membership of `person` in `course`, if any: for a server token, which has no Person at hand."""
    return store.membership(connection, person, course, platform.now())


def memberships(platform: Platform, connection: Connection, person: Person) -> list[Membership]:
    """The courses of `person` and what they are in each."""
    return store.memberships_of(connection, person.id, platform.now())


def members(platform: Platform, connection: Connection, course: str) -> list[Member]:
    """Everybody in `course`, by name."""
    return store.members(connection, course, platform.now())


def students(platform: Platform, connection: Connection, course: str) -> list[Member]:
    """The students of `course`, by name."""
    return [m for m in members(platform, connection, course) if m.membership.role is Role.STUDENT]


def invitations(connection: Connection, course: str) -> list[Invitation]:
    """Who was announced by a list and has not signed in yet, by address."""
    return store.invitations_in(connection, course)


def take_back_invitation(connection: Connection, course: str, email: str) -> None:
    """Forget that somebody was announced."""
    store.remove_invitation(connection, course, email)


def join_link(platform: Platform, connection: Connection, code: str) -> JoinLink | None:
    """The live link of that code."""
    return store.join_link(connection, code, platform.now())


def join_link_of(platform: Platform, connection: Connection, course: str) -> JoinLink | None:
    """The live link of that course, if it has one."""
    return next(iter(store.join_links_of(connection, course, platform.now())), None)


def end_join_links(connection: Connection, course: str) -> None:
    """From now on the course's link makes nobody a member."""
    store.end_join_links(connection, course)


def audit(platform: Platform, connection: Connection, person: str, action: str, **what: str) -> None:
    """Write who did what: `course`, `subject` (a person's id), `detail`."""
    store.write_audit(connection, platform.now(), person, action, **what)


def export(connection: Connection, person: str) -> Mapping[str, Any]:
    """All that people holds of `person`."""
    return store.export(connection, person)
