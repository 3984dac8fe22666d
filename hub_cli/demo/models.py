"""What a demo course is made of: people, assignments, submissions; frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from himalia_exchange.wire import Kind, LatePolicy

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class DemoPerson:
    """One of the demo's accounts; the login is also the subject at the demo sign-in provider."""

    login: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        return f"{self.login}@demo.example"


@dataclass(frozen=True)
class HandMark:
    """The points and the comment that the teacher gave by hand to one cell."""

    notebook: str
    grade_id: str
    points: float
    comment: str


@dataclass(frozen=True)
class DemoSubmission:
    """One handing in; `offset` counts from the deadline, negative is before it."""

    student: DemoPerson
    files: Files
    offset: timedelta
    note: str
    marks: tuple[HandMark, ...] = ()


@dataclass(frozen=True)
class DemoAssignment:
    """One assignment: its solved source files and what students handed in.

    Moments count from midnight of the day on which the demo is filled, in the site's time zone.
    """

    name: str
    title: str
    kind: Kind
    points: float
    released: timedelta
    deadline: timedelta | None
    late: LatePolicy
    source: Files
    submissions: tuple[DemoSubmission, ...] = ()
    fetched_by: tuple[DemoPerson, ...] = ()
    returned: bool = False


@dataclass(frozen=True)
class DemoCourse:
    """One course; deadlines count from the day of the seed, so that the demo is always current."""

    title: str
    slug: str
    language: str
    requirements: tuple[str, ...]
    teacher: DemoPerson
    assistants: tuple[DemoPerson, ...]
    students: tuple[DemoPerson, ...]
    assignments: tuple[DemoAssignment, ...]
    broken_requirements: tuple[str, ...] = ()  # a later list that contradicts itself, for whoever wants to repair it
