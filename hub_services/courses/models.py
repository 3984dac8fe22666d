"""Courses and their environments, frozen, as the database holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from himalia_exchange.wire import LatePolicy

from hub_services.people.api import Membership


@dataclass(frozen=True)
class Course:
    """A course. `key` never changes: it is the hub's server name and names folders; `slug` is its address today."""

    key: str
    slug: str
    title: str
    language: str  # fr, en: what its people read when they have chosen nothing
    environment: str  # the digest in service; empty: the platform's bare one
    profile: str  # the name of a profile; empty: the first one
    late_policy: LatePolicy  # what a new assignment starts with
    materials: str  # the digest of the zip of its files; empty: none
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class NewCourse:
    """What a form says of a course that is to be made."""

    title: str
    language: str
    slug: str = ""  # wished for; made from the title when empty or taken
    late_policy: LatePolicy = LatePolicy.ACCEPT


@dataclass(frozen=True)
class Moved:
    """A former address of a course, and where it is now."""

    slug: str


class CourseMoved(Exception):
    """The address in a request is a former one: the browser is sent to the same page at the new one."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(new)
        self.old = old
        self.new = new


@dataclass(frozen=True)
class Entered:
    """A course and what the person who asks is in it."""

    course: Course
    membership: Membership


@dataclass(frozen=True)
class Environment:
    """One content of packages, built: the same for every course that asks for the same."""

    digest: str
    lock: str = field(repr=False)
    python: str
    packages: Mapping[str, str] = field(repr=False)  # name: version
    size: int
    built_at: datetime

    @property
    def short(self) -> str:
        """What people see of the digest."""
        return self.digest[:12]


@dataclass(frozen=True)
class InService:
    """An environment that a course put in service: who, when, and the list that was typed."""

    id: int
    course: str
    environment: Environment
    requirements: str
    by: str
    at: datetime
