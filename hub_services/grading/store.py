"""Reads and writes of grading; the only module of the feature that speaks SQL."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, select, update

from hub_services.grading.models import Copy, Flag, Hand, Notebook, Published
from hub_services.grading.tables import copies, hand_history, hands, published


def put_copy(connection: Connection, copy: Copy) -> None:
    """Keep `copy` in place of the person's former one; points by hand stay."""
    row = asdict(copy)
    key = _key(copies, copy.course, copy.assignment, copy.person)
    if connection.execute(update(copies).where(*key).values(**row)).rowcount == 0:
        connection.execute(insert(copies).values(**row))


def copy(connection: Connection, course: str, assignment: str, person: str) -> Copy | None:
    row = connection.execute(select(copies).where(*_key(copies, course, assignment, person))).mappings().first()
    return _copy(row) if row else None


def copies_of(connection: Connection, course: str, assignment: str) -> dict[str, Copy]:
    """The graded copies of an assignment, by person."""
    rows = connection.execute(select(copies).where(*_key(copies, course, assignment))).mappings()
    return {row["person"]: _copy(row) for row in rows}


def put_hand(connection: Connection, course: str, assignment: str, person: str, hand: Hand) -> None:
    """Write `hand` and remember it: the former value stays in the history."""
    key = {"course": course, "assignment": assignment, "person": person}
    row = {**key, **asdict(hand)}
    cell = (*_key(hands, course, assignment, person), hands.c.notebook == hand.notebook, hands.c.cell == hand.cell)
    if connection.execute(update(hands).where(*cell).values(**row)).rowcount == 0:
        connection.execute(insert(hands).values(**row))
    connection.execute(insert(hand_history).values(**row))


def hands_of(connection: Connection, course: str, assignment: str) -> dict[str, list[Hand]]:
    """What was written by hand in an assignment, by person."""
    found: dict[str, list[Hand]] = {}
    for row in connection.execute(select(hands).where(*_key(hands, course, assignment))).mappings():
        found.setdefault(row["person"], []).append(_hand(row))
    return found


def put_published(connection: Connection, new: Published) -> None:
    row = asdict(new)
    key = _key(published, new.course, new.assignment, new.person)
    if connection.execute(update(published).where(*key).values(**row)).rowcount == 0:
        connection.execute(insert(published).values(**row))


def published_copy(connection: Connection, course: str, assignment: str, person: str) -> Published | None:
    row = connection.execute(select(published).where(*_key(published, course, assignment, person))).mappings().first()
    return Published(**row) if row else None


def published_in(connection: Connection, course: str, person: str | None = None) -> list[Published]:
    """The published copies of a course, of one person or of all."""
    wanted = select(published).where(published.c.course == course)
    rows = connection.execute(wanted.where(published.c.person == person) if person else wanted).mappings()
    return [Published(**row) for row in rows]


def export(connection: Connection, person: str) -> dict[str, Any]:
    """All that grading holds of `person`: scores, comments, published marks."""
    found = {
        table.name: connection.execute(select(table).where(table.c.person == person)).mappings()
        for table in (copies, hand_history, published)
    }
    return {name: [dict(row) for row in rows] for name, rows in found.items()}


def erase(connection: Connection, person: str) -> None:
    """Forget copies and comments of `person`; published marks stay, since the school must keep them."""
    for table in (copies, hands, hand_history):
        connection.execute(delete(table).where(table.c.person == person))


def _key(table: Table, course: str, assignment: str, person: str | None = None) -> tuple[ColumnElement[bool], ...]:
    whole = (table.c.course == course, table.c.assignment == assignment)
    return (*whole, table.c.person == person) if person is not None else whole


def _copy(row: RowMapping) -> Copy:
    values: Mapping[str, Any] = dict(row)
    notebooks = tuple(Notebook.of(notebook) for notebook in values["notebooks"])
    return Copy(**{**values, "notebooks": notebooks, "flags": tuple(Flag(**flag) for flag in values["flags"])})


def _hand(row: RowMapping) -> Hand:
    moment: datetime = row["at"]
    return Hand(row["notebook"], row["cell"], row["points"], row["comment"], row["by"], moment)
