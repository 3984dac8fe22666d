"""How a class stands with the assignments of its course."""

from sqlalchemy import Connection

from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.portal.works import ClassWork, class_work
from hub_services.web.platform import Platform


def class_works(platform: Platform, connection: Connection, course: str) -> list[ClassWork]:
    """Every assignment of the course, drafts included, with its counts (Right.READ_COPIES)."""
    students = [member.person.id for member in people.students(platform, connection, course)]
    return [
        class_work(assignment, exchange.standings_of_assignment(connection, assignment), students)
        for assignment in exchange.assignments(connection, course)
    ]
