"""Reads and writes of courses; the only module of the feature that speaks SQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from himalia_exchange.wire import LatePolicy
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from hub_services.courses.models import Course, Environment, InService
from hub_services.courses.tables import course_addresses, course_environments, courses, environments

_COURSE = tuple(courses.c[name] for name in Course.__dataclass_fields__)
_ENVIRONMENT = tuple(environments.c[name] for name in Environment.__dataclass_fields__)


def course(connection: Connection, key: str) -> Course | None:
    row = connection.execute(select(*_COURSE).where(courses.c.key == key)).first()
    return _course(row) if row else None


def course_at(connection: Connection, slug: str) -> Course | None:
    """The course whose address `slug` is or once was."""
    found = select(*_COURSE).join(course_addresses, course_addresses.c.course == courses.c.key)
    row = connection.execute(found.where(course_addresses.c.slug == slug)).first()
    return _course(row) if row else None


def courses_of(connection: Connection, keys: Collection[str]) -> list[Course]:
    """The courses of `keys` by title; what does not exist is left out."""
    rows = connection.execute(select(*_COURSE).where(courses.c.key.in_(keys)).order_by(func.lower(courses.c.title)))
    return [_course(row) for row in rows]


def every_course(connection: Connection) -> list[Course]:
    return [_course(row) for row in connection.execute(select(*_COURSE).order_by(func.lower(courses.c.title)))]


def slugs_like(connection: Connection, slug: str, but_of: str = "") -> set[str]:
    """Addresses, former ones too, that `slug` or `slug-<something>` could meet; those of the course `but_of` are left out."""
    near = or_(course_addresses.c.slug == slug, course_addresses.c.slug.like(f"{slug}-%"))
    rows = connection.execute(select(course_addresses.c.slug).where(near, course_addresses.c.course != but_of))
    return set(rows.scalars())


def add_course(connection: Connection, new: Course) -> None:
    connection.execute(insert(courses).values(**new.__dict__))
    add_address(connection, new.key, new.slug, new.created_at)


def add_address(connection: Connection, key: str, slug: str, now: datetime) -> None:
    """Give `slug` to a course; it may be one that it had before."""
    known = select(course_addresses.c.slug).where(course_addresses.c.slug == slug)
    if connection.execute(known).first() is None:
        connection.execute(insert(course_addresses).values(slug=slug, course=key, since=now))


def update_course(connection: Connection, key: str, **values: object) -> None:
    connection.execute(update(courses).where(courses.c.key == key).values(**values))


def environment(connection: Connection, digest: str) -> Environment | None:
    row = connection.execute(select(*_ENVIRONMENT).where(environments.c.digest == digest)).first()
    return Environment(*row) if row else None


def put_environment(connection: Connection, built: Environment) -> None:
    """Record `built`; the same content built again changes nothing."""
    if environment(connection, built.digest) is None:
        connection.execute(insert(environments).values(**built.__dict__))


def put_in_service(connection: Connection, key: str, digest: str, *, requirements: str, by: str, now: datetime) -> None:
    """Make `digest` the course's environment, and remember who did so and with which list."""
    row = {"course": key, "environment": digest, "requirements": requirements, "by": by, "at": now}
    connection.execute(insert(course_environments).values(**row))
    update_course(connection, key, environment=digest)


def history(connection: Connection, key: str, limit: int = 20) -> list[InService]:
    """What the course had in service, newest first."""
    own = course_environments
    mine = (
        select(own.c.id, own.c.course, own.c.requirements, own.c.by, own.c.at, *_ENVIRONMENT)
        .join(environments, environments.c.digest == own.c.environment)
        .where(own.c.course == key)
        .order_by(own.c.id.desc())
        .limit(limit)
    )
    return [_in_service(row) for row in connection.execute(mine)]


def export(connection: Connection, person: str) -> dict[str, object]:
    """All that this feature holds of `person`: the courses they made, the environments they put in service."""
    made = connection.execute(select(courses.c.key, courses.c.title).where(courses.c.created_by == person)).mappings()
    chosen = select(course_environments).where(course_environments.c.by == person)
    return {
        "courses_made": [dict(row) for row in made],
        "environments_put_in_service": [dict(row) for row in connection.execute(chosen).mappings()],
    }


def erase(connection: Connection, person: str) -> None:
    """Forget who it was; courses and environments stay, others work with them."""
    connection.execute(update(courses).where(courses.c.created_by == person).values(created_by=""))
    connection.execute(update(course_environments).where(course_environments.c.by == person).values(by=""))


def _course(row: Row[Any]) -> Course:
    values = row._asdict()
    return Course(**values | {"late_policy": LatePolicy(values["late_policy"])})


def _in_service(row: Row[Any]) -> InService:
    environment = Environment(**{name: getattr(row, name) for name in Environment.__dataclass_fields__})
    return InService(row.id, row.course, environment, row.requirements, row.by, row.at)
