"""Making and editing assignments, and extensions for persons."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from himalia_exchange.wire import Kind, LatePolicy, State
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import rules, store
from hub_services.exchange.find import assignment
from hub_services.exchange.models import DEFAULT_ACCEPTS, Assignment, AssignmentEdit, Extension
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
# nbgrader's own folders and ours: an assignment of that name would hide them.
_RESERVED = frozenset(
    (
        "source",
        "release",
        "submitted",
        "autograded",
        "feedback",
        "solution",
        "people",
        "marks",
        "environment",
        "settings",
        "new",
        "new-assignment",
        "open",
        "opening",
    )
)


def create(platform: Platform, connection: Connection, course: str, person: str, title: str, name: str = "") -> Assignment:
    """A new draft; without `name` one is made of the title. The caller has checked Right.AUTHOR. Raises Refusal."""
    taken = {found.name for found in store.assignments_of(connection, course)}
    name = name or rules.name_of(title, taken | _RESERVED)
    if name in taken:
        raise Refusal(
            409,
            N_("This course already has an assignment of that name"),
            N_("“%(name)s” is taken. Choose another name, or edit that assignment."),
            {"name": name},
        )
    added = new_assignment(platform, connection, course, person, name, title)
    store.add_assignment(connection, added)
    return added


def new_assignment(platform: Platform, connection: Connection, course: str, person: str, name: str, title: str) -> Assignment:
    """A draft with the course's usual choices, not yet stored. Raises Refusal for a name that cannot be one."""
    _check_name(name, _RESERVED)
    home = courses.course(connection, course)
    return Assignment(
        course=course,
        name=name,
        title=(title.strip() or name)[:200],
        kind=Kind.LAB,
        state=State.DRAFT,
        deadline=None,
        late_policy=home.late_policy if home else LatePolicy.REFUSE,
        accepts=DEFAULT_ACCEPTS,
        position=store.next_position(connection, course),
        source=None,
        version=None,
        created_at=platform.now(),
        created_by=person,
    )


def edit(connection: Connection, course: str, name: str, change: AssignmentEdit) -> Assignment:
    """Change what `change` names, and return the assignment as it is then. The caller has checked Right.AUTHOR."""
    assignment(connection, course, name)
    store.change_assignment(connection, course, name, **_values(change))
    return assignment(connection, course, name)


def withdraw(connection: Connection, course: str, name: str) -> Assignment:
    """Take a released assignment back: no more fetches or submissions; what was handed in stays. Raises Refusal."""
    if assignment(connection, course, name).version is not None:
        store.change_assignment(connection, course, name, state=State.WITHDRAWN)
    return assignment(connection, course, name)


def delete(connection: Connection, course: str, name: str) -> None:
    """Remove an assignment in which nothing was handed in. The caller has checked Right.AUTHOR. Raises Refusal."""
    assignment(connection, course, name)
    if store.submissions_of(connection, course, name):
        raise Refusal(
            409,
            N_("This assignment has submissions"),
            N_("What was handed in is never removed with an assignment. Withdraw it instead: students then see it no more."),
        )
    store.remove_assignment(connection, course, name)


def extend(
    platform: Platform, connection: Connection, course: str, name: str, person: str, deadline: datetime, by: str
) -> Extension:
    """Give `person` a later deadline, in place of an earlier extension. The caller has checked Right.GRADE and that
    the person is in the course. Raises Refusal when it would not be later."""
    found = assignment(connection, course, name)
    if found.deadline is None or deadline <= found.deadline:
        raise Refusal(
            422,
            N_("This is not later than the deadline"),
            N_("An extension gives a person more time. Choose a moment after the assignment's own deadline."),
        )
    given = Extension(name, person, deadline, by, platform.now())
    store.put_extension(connection, course, given)
    return given


def take_back_extension(connection: Connection, course: str, name: str, person: str) -> None:
    """Give `person` the assignment's own deadline again. The caller has checked Right.GRADE."""
    store.remove_extension(connection, course, name, person)


def _check_name(name: str, reserved: Collection[str]) -> None:
    if not _NAME.fullmatch(name) or name in reserved:
        raise Refusal(
            422,
            N_("This cannot be the name of an assignment"),
            N_("Use up to 64 letters without accents, digits, - and _, and none of the words that name folders of a course."),
        )


def _values(change: AssignmentEdit) -> dict[str, Any]:
    names = ("title", "kind", "deadline", "late_policy", "accepts", "position")
    values = {name: getattr(change, name) for name in names if getattr(change, name) is not None}
    if change.no_deadline:
        values["deadline"] = None
    if "title" in values:
        values["title"] = values["title"].strip()[:200]
    return values
