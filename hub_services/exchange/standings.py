"""How people stand with assignments: put together from the store by the rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from hub_services.exchange import rules, store
from hub_services.exchange.models import Assignment, Extension, Feedback, Fetch, Standing, Submission

T = TypeVar("T")


def of_person(connection: Connection, course: str, person: str) -> list[Standing]:
    """How `person` stands with every assignment of `course`, drafts included."""
    fetched = _by(store.fetches_of(connection, course, person=person), lambda f: f.assignment)
    handed_in = _by(store.submissions_of(connection, course, person=person), lambda s: s.assignment)
    extended = _by(store.extensions_of(connection, course, person=person), lambda e: e.assignment)
    returned = _by(store.feedback_of(connection, course, person=person), lambda f: f.assignment)
    return [
        _standing(a, fetched[a.name], handed_in[a.name], extended[a.name], returned[a.name])
        for a in store.assignments_of(connection, course)
    ]


def of_assignment(connection: Connection, assignment: Assignment) -> dict[str, Standing]:
    """How each person who fetched, handed in or has an extension stands with `assignment`, by person."""
    course, name = assignment.course, assignment.name
    fetched = _by(store.fetches_of(connection, course, name), lambda f: f.person)
    handed_in = _by(store.submissions_of(connection, course, name), lambda s: s.person)
    extended = _by(store.extensions_of(connection, course, name), lambda e: e.person)
    returned = _by(store.feedback_of(connection, course, name), lambda f: f.person)
    people = sorted({*fetched, *handed_in, *extended})
    return {p: _standing(assignment, fetched[p], handed_in[p], extended[p], returned[p]) for p in people}


def _by(rows: Iterable[T], key: Callable[[T], str]) -> defaultdict[str, list[T]]:
    grouped: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped


def _standing(
    assignment: Assignment,
    fetched: list[Fetch],
    handed_in: list[Submission],
    extended: list[Extension],
    returned: list[Feedback],
) -> Standing:
    extension = extended[0] if extended else None
    deadline = rules.own_deadline(assignment, extension)
    counting = rules.counting(handed_in, deadline, assignment.late_policy)
    return Standing(
        assignment=assignment,
        deadline=deadline,
        extension=extension,
        fetched_version=max((f.version for f in fetched), default=None),
        fetched_at=min((f.first_at for f in fetched), default=None),
        submissions=tuple(handed_in),
        counting=counting,
        counting_is_late=counting is not None and rules.is_late(counting.received_at, deadline),
        feedback=returned[-1] if returned else None,
    )
