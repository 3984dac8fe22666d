"""People and what they are in a course."""

from dataclasses import dataclass
from datetime import datetime

from hub_config.access.roles import Right, Role, allows


@dataclass(frozen=True)
class Person:
    """Somebody, whatever accounts they sign in with; `id` is the hub's user name."""

    id: str
    number: int
    name: str
    email: str
    language: str
    is_administrator: bool


@dataclass(frozen=True)
class Identity:
    """One account of a person: (issuer, subject), never an e-mail (law 3)."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class Membership:
    """What a person is in one course, since when, until when, and who said so."""

    person: str
    course: str
    role: Role
    source: str  # form, csv, link, lti, directory, demo
    group: str
    since: datetime
    until: datetime | None

    def may(self, right: Right) -> bool:
        """Whether this membership holds `right`."""
        return allows(self.role, right)


@dataclass(frozen=True)
class Member:
    """A row of a course's list."""

    person: Person
    membership: Membership


@dataclass(frozen=True)
class Invitation:
    """A person announced by a list who has not signed in yet: known by an address, claimed after sign-in."""

    course: str
    email: str
    name: str
    role: Role
    group: str


@dataclass(frozen=True)
class JoinLink:
    """An address that makes whoever opens it a member."""

    code: str
    course: str
    role: Role
    until: datetime
