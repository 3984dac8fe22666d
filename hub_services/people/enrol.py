"""Put people into a course: by form, by list (CSV), by join link."""

import codecs
import csv
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hub_config.access.roles import Role
from hub_services.people import store
from hub_services.people.models import Invitation, JoinLink, Membership, Person
from hub_services.web.i18n import N_

_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+$")
_COLUMNS = {
    "email": ("email", "e-mail", "mail", "courriel", "adresse"),
    "name": ("name", "nom", "nom complet", "full name"),
    "first": ("first name", "prénom", "prenom", "firstname"),
    "role": ("role", "rôle"),
    "group": ("group", "groupe"),
}
_ROLES = {
    "": Role.STUDENT,
    "student": Role.STUDENT,
    "étudiant": Role.STUDENT,
    "étudiante": Role.STUDENT,
    "etudiant": Role.STUDENT,
    "étudiant·e": Role.STUDENT,
    "élève": Role.STUDENT,
    "assistant": Role.ASSISTANT,
    "assistante": Role.ASSISTANT,
    "assistant·e": Role.ASSISTANT,
    "chargé·e de td": Role.ASSISTANT,
    "chargé de td": Role.ASSISTANT,
    "chargée de td": Role.ASSISTANT,
    "teacher": Role.TEACHER,
    "enseignant": Role.TEACHER,
    "enseignante": Role.TEACHER,
    "enseignant·e": Role.TEACHER,
}
LINK_LIFE = timedelta(days=30)
MAX_LINES = 5000
_LONGEST_LINE = 2000
_LONGEST = {"email": 254, "name": 200, "group": 80}


@dataclass(frozen=True)
class RosterLine:
    """One line of a list: understood, or why not (`problem` is a msgid)."""

    number: int
    email: str
    name: str
    role: Role
    group: str
    problem: str = ""


@dataclass(frozen=True)
class RosterReport:
    """What a list did, line by line; when a line has a problem nothing at all was done."""

    lines: tuple[RosterLine, ...]
    enrolled: int = 0
    invited: int = 0

    @property
    def is_good(self) -> bool:
        """Whether each line was understood."""
        return bool(self.lines) and not any(line.problem for line in self.lines)


def read_roster(content: bytes) -> RosterReport:
    """Understand a CSV as spreadsheets write it: BOM or not, UTF-8 or Windows-1252, `,` `;` or tab. Changes nothing."""
    text = _decode(content)
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    numbered = [(number, row) for number, line in enumerate(text.splitlines(), 1) if any(row := _cells(line, separator))]
    if not numbered:
        return RosterReport(())
    columns = _columns(numbered[0][1])
    body = numbered[1:] if columns else numbered
    seen: set[str] = set()
    lines = tuple(_line(number, row, columns or {"email": 0, "name": 1}, seen) for number, row in body[:MAX_LINES])
    return RosterReport(lines)


def apply_roster(connection: Connection, course: str, report: RosterReport, now: datetime) -> RosterReport:
    """Enrol those who have signed in before, invite the others; all in the caller's transaction. Needs `is_good`."""
    enrolled = 0
    for line in report.lines:
        known = store.persons_by_email(connection, line.email)
        if len(known) == 1:
            enrol(connection, known[0].id, course, line.role, source="csv", group=line.group, now=now)
            enrolled += 1
        else:
            invitation = Invitation(course, line.email, line.name, line.role, line.group)
            store.put_invitation(connection, invitation, now)
    return RosterReport(report.lines, enrolled, len(report.lines) - enrolled)


def enrol(
    connection: Connection,
    person: str,
    course: str,
    role: Role,
    *,
    source: str,
    now: datetime,
    group: str = "",
    until: datetime | None = None,
) -> Membership:
    """Make `person` a member; a former role in that course is replaced."""
    membership = Membership(person, course, role, source, group, now, until)
    store.put_membership(connection, membership)
    return membership


def remove(connection: Connection, person: str, course: str) -> None:
    """End a membership; the person's files and marks stay."""
    store.end_membership(connection, person, course)


def claim_invitations(connection: Connection, person: Person, now: datetime) -> None:
    """Turn the invitations of a person's verified address into memberships; a role they hold already stays."""
    for invitation in store.take_invitations(connection, person.email) if person.email else []:
        if store.membership(connection, person.id, invitation.course, now) is None:
            enrol(
                connection,
                person.id,
                invitation.course,
                invitation.role,
                source="csv",
                group=invitation.group,
                now=now,
            )


def make_join_link(connection: Connection, course: str, now: datetime) -> JoinLink:
    """A new link for students, good for 30 days; the former ones end."""
    store.end_join_links(connection, course)
    link = JoinLink(store.new_code(20), course, Role.STUDENT, now + LINK_LIFE)
    store.add_join_link(connection, link, now)
    return link


def join(connection: Connection, person: Person, link: JoinLink, now: datetime) -> None:
    """Make `person` a member by `link`; who is one already keeps the role."""
    if store.membership(connection, person.id, link.course, now) is None:
        enrol(connection, person.id, link.course, link.role, source="link", now=now)


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # a spreadsheet's "Unicode text"
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _cells(line: str, separator: str) -> list[str]:
    """The cells of one line, read alone: a quote that is never closed spoils no other line."""
    return [cell.strip() for row in csv.reader([line[:_LONGEST_LINE]], delimiter=separator) for cell in row]


def _columns(header: list[str]) -> dict[str, int]:
    """Which column holds what; empty when the first line is no header."""
    names = [cell.lower() for cell in header]
    found = {key: names.index(n) for key, known in _COLUMNS.items() for n in known if n in names}
    return found if "email" in found else {}


def _line(number: int, row: list[str], columns: dict[str, int], seen: set[str]) -> RosterLine:
    cells = {key: row[index] if index < len(row) else "" for key, index in columns.items()}
    email = cells["email"].lower()
    role = _ROLES.get(cells.get("role", "").lower())
    name = f"{cells.get('first', '')} {cells.get('name', '')}".strip()[: _LONGEST["name"]]
    problem = ""
    if not _EMAIL.match(email):
        problem = N_("this is not an e-mail address")
    elif email in seen:
        problem = N_("this address stands on an earlier line too")
    elif role is None:
        problem = N_("this role is not known: student, assistant or teacher")
    elif any(len(cells.get(key, "")) > longest for key, longest in _LONGEST.items()):
        problem = N_("a cell of this line is too long to be a name, an address or a group")
    seen.add(email)
    return RosterLine(number, email, name, role or Role.STUDENT, cells.get("group", ""), problem)
