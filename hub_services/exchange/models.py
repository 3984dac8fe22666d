"""Assignments, their releases, and what people handed in: frozen, as the database holds them."""

from dataclasses import dataclass, field
from datetime import datetime

from himalia_exchange.wire import FileEntry, Kind, LatePolicy, State

DEFAULT_ACCEPTS = (".ipynb", ".py", ".pdf", ".csv")


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course; its name never changes, its title may."""

    course: str
    name: str
    title: str
    kind: Kind
    state: State
    deadline: datetime | None
    late_policy: LatePolicy
    accepts: tuple[str, ...]
    position: int
    source: str | None  # the digest of the source's zip
    version: int | None  # the release that a fetch brings
    created_at: datetime
    created_by: str

    @property
    def is_released(self) -> bool:
        """Whether students see it."""
        return self.state is State.RELEASED

    @property
    def is_marked(self) -> bool:
        """Whether it counts for a mark: practice never does."""
        return self.kind is not Kind.PRACTICE


@dataclass(frozen=True)
class AssignmentEdit:
    """What a form may change of an assignment; None leaves it as it is."""

    title: str | None = None
    kind: Kind | None = None
    deadline: datetime | None = None
    no_deadline: bool = False
    late_policy: LatePolicy | None = None
    accepts: tuple[str, ...] | None = None
    position: int | None = None


@dataclass(frozen=True)
class Release:
    """One version of the students' copy."""

    course: str
    assignment: str
    version: int
    sha256: str
    source: str
    released_at: datetime
    released_by: str
    files: tuple[FileEntry, ...] = field(repr=False)


@dataclass(frozen=True)
class Submission:
    """What was handed in, once; `late` is as its receipt says, whatever became of the deadline since."""

    id: str
    number: int
    course: str
    assignment: str
    person: str
    received_at: datetime
    sha256: str
    size: int
    late: bool
    deadline: datetime | None
    version: int | None
    files: tuple[FileEntry, ...] = field(repr=False)


@dataclass(frozen=True)
class Extension:
    """A later deadline for one person."""

    assignment: str
    person: str
    deadline: datetime
    given_by: str
    given_at: datetime


@dataclass(frozen=True)
class Fetch:
    """Who fetched which version, first when."""

    assignment: str
    person: str
    version: int
    first_at: datetime


@dataclass(frozen=True)
class Feedback:
    """A published graded copy."""

    submission: str
    assignment: str
    person: str
    sha256: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True)
class Standing:
    """How one person stands with one assignment: all that their card shows."""

    assignment: Assignment
    deadline: datetime | None  # the person's own, extension included
    extension: Extension | None
    fetched_version: int | None
    fetched_at: datetime | None
    submissions: tuple[Submission, ...]  # oldest first
    counting: Submission | None
    counting_is_late: bool
    feedback: Feedback | None  # the one published last

    @property
    def has_newer_version(self) -> bool:
        """Whether the assignment was released again since this person fetched it."""
        fetched, released = self.fetched_version, self.assignment.version
        return fetched is not None and released is not None and fetched < released
