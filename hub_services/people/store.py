"""Reads and writes of people; the only module of the feature that speaks SQL."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from hub_config.access.roles import Role
from hub_services.people.models import Identity, Invitation, JoinLink, Member, Membership, Person
from hub_services.people.tables import audit, identities, invitations, join_links, memberships, persons

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PERSON = (
    persons.c.id,
    persons.c.number,
    persons.c.name,
    persons.c.email,
    persons.c.language,
    persons.c.is_administrator,
)
_MEMBERSHIP = (
    memberships.c.person,
    memberships.c.course,
    memberships.c.role,
    memberships.c.source,
    memberships.c.group,
    memberships.c.since,
    memberships.c.until,
)


def new_code(length: int) -> str:
    """A random name of lower-case letters and digits that no eye confuses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def person(connection: Connection, id: str) -> Person | None:
    row = connection.execute(select(*_PERSON).where(persons.c.id == id)).first()
    return Person(*row) if row else None


def person_of(connection: Connection, identity: Identity) -> Person | None:
    """Who signs in with `identity`."""
    mine = (identities.c.issuer == identity.issuer, identities.c.subject == identity.subject)
    row = connection.execute(select(*_PERSON).join(identities, identities.c.person == persons.c.id).where(*mine)).first()
    return Person(*row) if row else None


def add_person(connection: Connection, *, name: str, email: str, now: datetime, is_administrator: bool = False) -> Person:
    """A new person with a new id and number."""
    highest = connection.execute(select(func.max(persons.c.number))).scalar()
    number = 0 if highest is None else highest + 1
    found = Person("p-" + new_code(10), number, name, email, "", is_administrator)
    connection.execute(insert(persons).values(**found.__dict__, created_at=now))
    return found


def add_identity(connection: Connection, person: str, identity: Identity, now: datetime) -> None:
    row = {"issuer": identity.issuer, "subject": identity.subject, "person": person, "created_at": now}
    connection.execute(insert(identities).values(**row))


def update_person(connection: Connection, id: str, **values: object) -> None:
    connection.execute(update(persons).where(persons.c.id == id).values(**values))


def membership(connection: Connection, person: str, course: str, now: datetime) -> Membership | None:
    """The live membership of `person` in `course`."""
    mine = select(*_MEMBERSHIP).where(memberships.c.person == person, memberships.c.course == course, _live(now))
    row = connection.execute(mine).first()
    return _membership(row) if row else None


def memberships_of(connection: Connection, person: str, now: datetime) -> list[Membership]:
    mine = select(*_MEMBERSHIP).where(memberships.c.person == person, _live(now)).order_by(memberships.c.course)
    return [_membership(row) for row in connection.execute(mine)]


def members(connection: Connection, course: str, now: datetime) -> list[Member]:
    """Everybody in `course`, by name."""
    rows = connection.execute(
        select(*_PERSON, *_MEMBERSHIP)
        .join(memberships, memberships.c.person == persons.c.id)
        .where(memberships.c.course == course, _live(now))
        .order_by(func.lower(persons.c.name), persons.c.id)
    )
    return [Member(Person(*row[: len(_PERSON)]), _membership(row[len(_PERSON) :])) for row in rows]


def put_membership(connection: Connection, new: Membership) -> None:
    """Make `new` the person's membership in that course, whatever it was before."""
    key = (memberships.c.person == new.person, memberships.c.course == new.course)
    values = {"role": new.role, "source": new.source, "group": new.group, "since": new.since, "until": new.until}
    if connection.execute(update(memberships).where(*key).values(**values)).rowcount == 0:
        connection.execute(insert(memberships).values(person=new.person, course=new.course, **values))


def end_membership(connection: Connection, person: str, course: str) -> None:
    connection.execute(delete(memberships).where(memberships.c.person == person, memberships.c.course == course))


def persons_by_email(connection: Connection, email: str) -> list[Person]:
    rows = connection.execute(select(*_PERSON).where(func.lower(persons.c.email) == email.lower()))
    return [Person(*row) for row in rows]


def put_invitation(connection: Connection, new: Invitation, now: datetime) -> None:
    connection.execute(delete(invitations).where(invitations.c.course == new.course, invitations.c.email == new.email.lower()))
    row = {"course": new.course, "email": new.email.lower(), "name": new.name, "role": new.role, "group": new.group}
    connection.execute(insert(invitations).values(**row, created_at=now))


def invitations_in(connection: Connection, course: str) -> list[Invitation]:
    columns = (invitations.c.course, invitations.c.email, invitations.c.name, invitations.c.role, invitations.c.group)
    rows = connection.execute(select(*columns).where(invitations.c.course == course).order_by(invitations.c.email))
    return [Invitation(c, e, n, Role(r), g) for c, e, n, r, g in rows]


def take_invitations(connection: Connection, email: str) -> list[Invitation]:
    """The invitations of `email`, removed."""
    columns = (invitations.c.course, invitations.c.email, invitations.c.name, invitations.c.role, invitations.c.group)
    rows = connection.execute(delete(invitations).where(invitations.c.email == email.lower()).returning(*columns)).all()
    return [Invitation(c, e, n, Role(r), g) for c, e, n, r, g in rows]


def remove_invitation(connection: Connection, course: str, email: str) -> None:
    connection.execute(delete(invitations).where(invitations.c.course == course, invitations.c.email == email.lower()))


def add_join_link(connection: Connection, link: JoinLink, now: datetime) -> None:
    row = {"code": link.code, "course": link.course, "role": link.role, "until": link.until}
    connection.execute(insert(join_links).values(**row, created_at=now))


def join_link(connection: Connection, code: str, now: datetime) -> JoinLink | None:
    columns = (join_links.c.code, join_links.c.course, join_links.c.role, join_links.c.until)
    row = connection.execute(select(*columns).where(join_links.c.code == code, join_links.c.until > now)).first()
    return JoinLink(row.code, row.course, Role(row.role), row.until) if row else None


def join_links_of(connection: Connection, course: str, now: datetime) -> list[JoinLink]:
    columns = (join_links.c.code, join_links.c.course, join_links.c.role, join_links.c.until)
    rows = connection.execute(select(*columns).where(join_links.c.course == course, join_links.c.until > now))
    return [JoinLink(c, k, Role(r), u) for c, k, r, u in rows]


def end_join_links(connection: Connection, course: str) -> None:
    connection.execute(delete(join_links).where(join_links.c.course == course))


def write_audit(
    connection: Connection,
    now: datetime,
    person: str,
    action: str,
    *,
    course: str = "",
    subject: str = "",
    detail: str = "",
) -> None:
    row = {"at": now, "person": person, "course": course, "action": action, "subject": subject, "detail": detail}
    connection.execute(insert(audit).values(**row))


def export(connection: Connection, person: str) -> dict[str, object]:
    """All that this feature holds of `person`."""
    who = connection.execute(select(persons).where(persons.c.id == person)).mappings().first()
    accounts = connection.execute(select(identities).where(identities.c.person == person)).mappings()
    courses = connection.execute(select(memberships).where(memberships.c.person == person)).mappings()
    trail = connection.execute(select(audit).where(or_(audit.c.person == person, audit.c.subject == person))).mappings()
    tables = {"identities": accounts, "memberships": courses, "audit": trail}
    return {"person": dict(who) if who else {}, **{name: [dict(row) for row in rows] for name, rows in tables.items()}}


def erase(connection: Connection, person: str) -> None:
    """Forget the person's name, address and accounts; the number stays taken, so that no file changes hands."""
    connection.execute(delete(identities).where(identities.c.person == person))
    connection.execute(delete(memberships).where(memberships.c.person == person))
    update_person(connection, person, name="–", email="", is_administrator=False)


def _live(now: datetime) -> ColumnElement[bool]:
    return and_(memberships.c.since <= now, or_(memberships.c.until.is_(None), memberships.c.until > now))


def _membership(row: Sequence[Any]) -> Membership:
    person, course, role, source, group, since, until = row
    return Membership(person, course, Role(role), source, group, since, until)
