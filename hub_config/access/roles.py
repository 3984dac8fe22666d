"""The roles of a course and the rights that each one holds: the one table."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one course; never on the whole platform (law 4)."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    TEACHER = "teacher"


class Right(StrEnum):
    """What can be done in a course; pages and API check a right, never a role's name."""

    OPEN = "open"  # see the course, open one's own server in it
    SUBMIT = "submit"  # fetch, submit, see one's own receipts and published copies
    READ_COPIES = "read-copies"  # see who fetched and submitted, read copies
    GRADE = "grade"  # start grading, give points and comments
    PUBLISH = "publish"  # publish graded copies, export marks
    AUTHOR = "author"  # make, edit and release assignments
    ENVIRONMENT = "environment"  # build and choose the course's environment
    PEOPLE = "people"  # see and change who is in the course
    COURSE = "course"  # rename and configure the course


_STUDENT = frozenset({Right.OPEN, Right.SUBMIT})
_ASSISTANT = _STUDENT | {Right.READ_COPIES, Right.GRADE}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.STUDENT: _STUDENT,
    Role.ASSISTANT: _ASSISTANT,
    Role.TEACHER: frozenset(Right),
}


def allows(role: Role | None, right: Right) -> bool:
    """Whether `role` holds `right`; a person without a role in the course holds none."""
    return role is not None and right in RIGHTS[role]
