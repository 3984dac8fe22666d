"""All of courses that a higher feature may use."""

from collections.abc import Collection

from sqlalchemy import Connection

from hub_services.courses import store
from hub_services.courses.create import create, may_create, rename, require_creator
from hub_services.courses.enter import enter
from hub_services.courses.models import Course, CourseMoved, Entered, Environment, Moved, NewCourse
from hub_services.courses.upkeep import Upkeep, repair, upkeep
from hub_services.people.api import no_such_course

__all__ = [
    "Course",
    "CourseMoved",
    "Entered",
    "Environment",
    "Moved",
    "NewCourse",
    "Upkeep",
    "course",
    "course_at",
    "courses_of",
    "create",
    "enter",
    "environment",
    "every_course",
    "materials",
    "may_create",
    "rename",
    "repair",
    "require_creator",
    "upkeep",
]


def course(connection: Connection, key: str) -> Course | None:
    """The course with that key."""
    return store.course(connection, key)


def course_at(connection: Connection, slug: str) -> Course | Moved:
    """The course at an address, or where it has moved. Raises Refusal (404), the same as for a stranger."""
    found = store.course_at(connection, slug)
    if found is None:
        raise no_such_course()
    return found if found.slug == slug else Moved(found.slug)


def courses_of(connection: Connection, keys: Collection[str]) -> list[Course]:
    """The courses of `keys` by title; what does not exist is left out."""
    return store.courses_of(connection, keys)


def every_course(connection: Connection) -> list[Course]:
    """All courses by title: for administrators."""
    return store.every_course(connection)


def environment(connection: Connection, digest: str) -> Environment | None:
    """A built environment: its lock, its Python, its packages."""
    return store.environment(connection, digest)


def materials(connection: Connection, key: str) -> str:
    """The digest of the zip of a course's files that are no assignment (himalia_exchange.archive); empty: none."""
    found = store.course(connection, key)
    return found.materials if found else ""
