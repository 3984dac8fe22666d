"""The gradebook of an assignment: a row per student, and the marks as CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hub_services.exchange import api as exchange
from hub_services.grading import rules, store
from hub_services.grading.models import Copy, Published, Total
from hub_services.people import api as people
from hub_services.web.platform import Platform


@dataclass(frozen=True)
class Row:
    """How one student stands: handed in, graded, published."""

    person: people.Person
    group: str
    standing: exchange.Standing | None
    copy: Copy | None
    total: Total | None
    published: Published | None

    @property
    def is_outdated(self) -> bool:
        """Whether something newer was handed in since the copy was graded."""
        newest = self.standing.counting if self.standing else None
        return bool(self.copy and newest and newest.sha256 != self.copy.submission_sha256)


def gradebook(platform: Platform, connection: Connection, assignment: exchange.Assignment) -> list[Row]:
    """The rows of `assignment`, students by name; whoever handed in and left the course since stands at the end."""
    course = assignment.course
    standings = exchange.standings_of_assignment(connection, assignment)
    copies = store.copies_of(connection, course, assignment.name)
    hands = store.hands_of(connection, course, assignment.name)
    seen = {row.person: row for row in store.published_in(connection, course) if row.assignment == assignment.name}
    rows = []
    for member in people.students(platform, connection, course):
        id = member.person.id
        copy = copies.get(id)
        total = rules.total(copy, rules.by_cell(hands.get(id, []))) if copy else None
        rows.append(Row(member.person, member.membership.group, standings.get(id), copy, total, seen.get(id)))
    return rows


def marks_csv(rows: Sequence[Row]) -> bytes:
    """The marks as a spreadsheet opens them: UTF-8 with BOM, semicolons, no cell that is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(("name", "email", "group", "submitted_at", "late", "score", "max_score", "published"))
    for row in rows:
        counting = row.standing.counting if row.standing else None
        writer.writerow(
            (
                rules.csv_safe(row.person.name),
                rules.csv_safe(row.person.email),
                rules.csv_safe(row.group),
                counting.received_at.isoformat(timespec="seconds") if counting else "",
                "yes" if row.standing and row.standing.counting_is_late else "no",
                f"{row.total.score:g}" if row.total else "",
                f"{row.total.max_score:g}" if row.total else "",
                "yes" if row.published else "no",
            )
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode()
