"""Reads and writes of the exchange; the only module of the feature that speaks SQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from himalia_exchange.wire import FileEntry, Kind, LatePolicy, State
from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from hub_services.exchange.models import Assignment, Extension, Feedback, Fetch, Release, Submission
from hub_services.exchange.tables import assignments, extensions, feedback, fetches, releases, submissions

_SUBMISSION = [submissions.c[name] for name in Submission.__dataclass_fields__]
_RELEASE = [releases.c[name] for name in Release.__dataclass_fields__]
_EXTENSION = [extensions.c[name] for name in Extension.__dataclass_fields__]
_FETCH = [fetches.c[name] for name in Fetch.__dataclass_fields__]
_FEEDBACK = [feedback.c[name] for name in Feedback.__dataclass_fields__]


def assignment(connection: Connection, course: str, name: str) -> Assignment | None:
    row = connection.execute(select(assignments).where(_named(assignments, course, name, "name"))).mappings().first()
    return _assignment(row) if row else None


def assignments_of(connection: Connection, course: str) -> list[Assignment]:
    """The assignments of a course, in its order."""
    wanted = select(assignments).where(assignments.c.course == course)
    rows = connection.execute(wanted.order_by(assignments.c.position, assignments.c.name)).mappings()
    return [_assignment(row) for row in rows]


def add_assignment(connection: Connection, added: Assignment) -> None:
    connection.execute(insert(assignments).values(**asdict(added)))


def change_assignment(connection: Connection, course: str, name: str, **values: Any) -> None:
    if values:
        connection.execute(update(assignments).where(_named(assignments, course, name, "name")).values(**values))


def remove_assignment(connection: Connection, course: str, name: str) -> None:
    """Remove an assignment and all that hangs on it."""
    for table in (releases, submissions, fetches, extensions, feedback):
        connection.execute(delete(table).where(_named(table, course, name)))
    connection.execute(delete(assignments).where(_named(assignments, course, name, "name")))


def next_position(connection: Connection, course: str) -> int:
    highest = connection.execute(select(func.max(assignments.c.position)).where(assignments.c.course == course)).scalar()
    return 1 if highest is None else int(highest) + 1


def release(connection: Connection, course: str, name: str, version: int) -> Release | None:
    wanted = select(*_RELEASE).where(_named(releases, course, name), releases.c.version == version)
    row = connection.execute(wanted).first()
    return _with_files(Release, row) if row else None


def releases_of(connection: Connection, course: str, name: str) -> list[Release]:
    """All versions, oldest first."""
    wanted = select(*_RELEASE).where(_named(releases, course, name)).order_by(releases.c.version)
    return [_with_files(Release, row) for row in connection.execute(wanted)]


def latest_releases(connection: Connection, course: str) -> dict[str, Release]:
    """The version that a fetch brings, of each assignment of a course."""
    same = (assignments.c.course == releases.c.course, assignments.c.name == releases.c.assignment)
    wanted = select(*_RELEASE).join(assignments, (same[0] & same[1] & (assignments.c.version == releases.c.version)))
    found = [_with_files(Release, row) for row in connection.execute(wanted.where(releases.c.course == course))]
    return {made.assignment: made for made in found}


def add_release(connection: Connection, made: Release) -> None:
    connection.execute(insert(releases).values(**_plain(made)))


def given_files(connection: Connection, course: str, name: str) -> set[str]:
    """The paths that any version of the assignment handed out."""
    rows = connection.execute(select(releases.c.files).where(_named(releases, course, name)))
    return {path for row in rows for path, _ in row.files}


def add_submission(connection: Connection, key: str, **values: Any) -> None:
    """Insert a submission. Raises IntegrityError if its key was used before."""
    values["files"] = _pairs(values["files"])
    connection.execute(insert(submissions).values(key=key, **values))


def submission(connection: Connection, id: str) -> Submission | None:
    row = connection.execute(select(*_SUBMISSION).where(submissions.c.id == id)).first()
    return _with_files(Submission, row) if row else None


def submission_of_key(connection: Connection, course: str, name: str, person: str, key: str) -> Submission | None:
    """What was handed in under that key, if anything was."""
    mine = (_named(submissions, course, name), submissions.c.person == person, submissions.c.key == key)
    row = connection.execute(select(*_SUBMISSION).where(*mine)).first()
    return _with_files(Submission, row) if row else None


def submissions_of(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Submission]:
    """Submissions, oldest first."""
    wanted = select(*_SUBMISSION).where(submissions.c.course == course, *_narrow(submissions, name, person))
    rows = connection.execute(wanted.order_by(submissions.c.received_at, submissions.c.number))
    return [_with_files(Submission, row) for row in rows]


def sizes_since(connection: Connection, person: str, moment: datetime) -> list[int]:
    """How large each submission of `person` was, in any course, since `moment`."""
    recent = (submissions.c.person == person, submissions.c.received_at > moment)
    return list(connection.execute(select(submissions.c.size).where(*recent)).scalars())


def add_fetch(connection: Connection, course: str, fetch: Fetch) -> None:
    """Record a fetch; of the same version, the first one stays."""
    mine = (_named(fetches, course, fetch.assignment), fetches.c.person == fetch.person)
    known = connection.execute(select(fetches.c.version).where(*mine, fetches.c.version == fetch.version)).first()
    if known is None:
        connection.execute(insert(fetches).values(course=course, **asdict(fetch)))


def fetches_of(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Fetch]:
    wanted = select(*_FETCH).where(fetches.c.course == course, *_narrow(fetches, name, person))
    return [Fetch(*row) for row in connection.execute(wanted.order_by(fetches.c.first_at, fetches.c.version))]


def put_extension(connection: Connection, course: str, given: Extension) -> None:
    """Give an extension, in place of an earlier one."""
    remove_extension(connection, course, given.assignment, given.person)
    connection.execute(insert(extensions).values(course=course, **asdict(given)))


def remove_extension(connection: Connection, course: str, name: str, person: str) -> None:
    connection.execute(delete(extensions).where(_named(extensions, course, name), extensions.c.person == person))


def extensions_of(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Extension]:
    wanted = select(*_EXTENSION).where(extensions.c.course == course, *_narrow(extensions, name, person))
    return [Extension(*row) for row in connection.execute(wanted.order_by(extensions.c.person))]


def put_feedback(connection: Connection, course: str, made: Feedback) -> None:
    """Publish a graded copy, in place of an earlier one of the same submission."""
    remove_feedback(connection, [made.submission])
    connection.execute(insert(feedback).values(course=course, **asdict(made)))


def remove_feedback(connection: Connection, of: Sequence[str]) -> None:
    connection.execute(delete(feedback).where(feedback.c.submission.in_(of)))


def feedback_of(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Feedback]:
    wanted = select(*_FEEDBACK).where(feedback.c.course == course, *_narrow(feedback, name, person))
    return [Feedback(*row) for row in connection.execute(wanted.order_by(feedback.c.published_at))]


def export(connection: Connection, person: str) -> Mapping[str, Any]:
    """All that the exchange holds of `person`, as plain values; the zips are named by their SHA-256."""
    held = {"submissions": submissions, "fetches": fetches, "extensions": extensions, "feedback": feedback}
    return {name: _rows_of(connection, table, person) for name, table in held.items()}


def erase(connection: Connection, person: str) -> None:
    """Forget what `person` handed in, fetched and was given."""
    for table in (feedback, submissions, fetches, extensions):
        connection.execute(delete(table).where(table.c.person == person))


def _rows_of(connection: Connection, table: Table, person: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c.person == person)).mappings()
    return [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()} for row in rows]


def _named(table: Table, course: str, name: str, column: str = "assignment") -> ColumnElement[bool]:
    return (table.c.course == course) & (table.c[column] == name)


def _narrow(table: Table, name: str | None, person: str | None) -> Iterable[ColumnElement[bool]]:
    if name is not None:
        yield table.c.assignment == name
    if person is not None:
        yield table.c.person == person


def _assignment(row: Mapping[Any, Any]) -> Assignment:
    kinds = {"kind": Kind(row["kind"]), "state": State(row["state"]), "late_policy": LatePolicy(row["late_policy"])}
    return Assignment(**{**row, **kinds, "accepts": tuple(row["accepts"])})


def _with_files(kind: Any, row: Row[Any]) -> Any:
    values = dict(row._mapping)
    values["files"] = tuple(FileEntry(path=path, size=size) for path, size in values["files"])
    return kind(**values)


def _plain(made: Release) -> dict[str, Any]:
    return {**made.__dict__, "files": _pairs(made.files)}


def _pairs(files: Iterable[FileEntry]) -> list[tuple[str, int]]:
    return [(file.path, file.size) for file in files]
