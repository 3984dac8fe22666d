"""All of grading that a higher feature may use."""

from sqlalchemy import Connection

from hub_services.grading import store
from hub_services.grading.models import Published
from hub_services.grading.run import ask

__all__ = ["Published", "ask", "published", "published_to"]


def published(connection: Connection, course: str, assignment: str, person: str) -> Published | None:
    """The published copy of `person`, if there is one."""
    return store.published_copy(connection, course, assignment, person)


def published_to(connection: Connection, course: str, person: str) -> dict[str, Published]:
    """The published copies of `person` in `course`, by assignment."""
    return {copy.assignment: copy for copy in store.published_in(connection, course, person)}
