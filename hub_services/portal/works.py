"""How a person, or a class, stands with assignments: pure rules over what the exchange and grading know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from himalia_exchange.wire import LatePolicy, State

from hub_services.exchange.api import Assignment, Standing
from hub_services.grading.api import Published

NEVER = datetime.max.replace(tzinfo=UTC)


class Progress(StrEnum):
    """How far a person has come with an assignment."""

    TO_START = "to-start"
    STARTED = "started"
    HANDED_IN = "handed-in"
    HANDED_IN_LATE = "handed-in-late"
    RETURNED = "returned"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Work:
    """One assignment in one person's hands."""

    standing: Standing
    published: Published | None
    progress: Progress
    takes_more: bool  # whether something can still be handed in

    @property
    def assignment(self) -> Assignment:
        return self.standing.assignment

    @property
    def is_due(self) -> bool:
        """Whether it still waits for this person."""
        return self.takes_more and self.progress in (Progress.TO_START, Progress.STARTED)


@dataclass(frozen=True)
class ClassWork:
    """One assignment in a whole class's hands."""

    assignment: Assignment
    fetched: int
    handed_in: int
    late: int
    returned: int
    students: int

    @property
    def to_return(self) -> int:
        """How many copies are handed in and not returned yet."""
        return max(0, self.handed_in - self.returned)


def works(standings: Iterable[Standing], published: Mapping[str, Published], now: datetime) -> list[Work]:
    """What a person has to do and has done, in the course's order."""
    return [_work(standing, published.get(standing.assignment.name), now) for standing in standings]


def due(some: Iterable[Work]) -> list[Work]:
    """What waits for the person, the nearest deadline first."""
    return sorted((work for work in some if work.is_due), key=lambda work: work.standing.deadline or NEVER)


def handed_in(some: Iterable[Work]) -> list[Work]:
    """What was handed in and is not returned yet, the newest first."""
    waiting = [work for work in some if work.progress in (Progress.HANDED_IN, Progress.HANDED_IN_LATE)]
    return sorted(waiting, key=lambda work: work.standing.submissions[-1].received_at, reverse=True)


def returned(some: Iterable[Work]) -> list[Work]:
    """The graded copies, the newest first."""
    found = [(work.published.at, work) for work in some if work.published]
    return [work for _, work in sorted(found, key=lambda pair: pair[0], reverse=True)]


def class_work(assignment: Assignment, standings: Mapping[str, Standing], students: Sequence[str]) -> ClassWork:
    """How the class stands with `assignment`; only those who are students of the course now are counted."""
    theirs = [standings[person] for person in students if person in standings]
    return ClassWork(
        assignment=assignment,
        fetched=sum(s.fetched_version is not None for s in theirs),
        handed_in=sum(s.counting is not None for s in theirs),
        late=sum(s.counting_is_late for s in theirs),
        returned=sum(s.feedback is not None and s.counting is not None for s in theirs),
        students=len(students),
    )


def _work(standing: Standing, published: Published | None, now: datetime) -> Work:
    takes_more = _takes_more(standing, now)
    return Work(standing, published, _progress(standing, published, takes_more), takes_more)


def _takes_more(standing: Standing, now: datetime) -> bool:
    if standing.assignment.state is not State.RELEASED:
        return False
    in_time = standing.deadline is None or now <= standing.deadline
    return in_time or standing.assignment.late_policy is LatePolicy.ACCEPT


def _progress(standing: Standing, published: Published | None, takes_more: bool) -> Progress:
    if published:
        return Progress.RETURNED
    if standing.counting:
        return Progress.HANDED_IN_LATE if standing.counting_is_late else Progress.HANDED_IN
    if standing.assignment.state is State.WITHDRAWN:
        return Progress.WITHDRAWN
    if not takes_more:
        return Progress.MISSED
    return Progress.STARTED if standing.fetched_version is not None else Progress.TO_START
