"""A course with a class in it, and assignments in each state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from himalia_exchange.archive import pack
from himalia_exchange.wire import Kind, LatePolicy

from hub_config.access.roles import Role
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people.api import Person, enrol
from hub_services.portal.model_notebook import model_files
from hub_services.web.platform import Platform
from tests.unit.conftest import START

WORK = pack({"notebook.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'})


@dataclass(frozen=True)
class Class:
    """A course of one teacher, one assistant, two students, and those who have no business there."""

    course: courses.Course
    teacher: Person
    assistant: Person
    amina: Person
    lucas: Person
    stranger: Person  # teaches another course
    administrator: Person

    @property
    def address(self) -> str:
        return f"/courses/{self.course.slug}"


@pytest.fixture
def school(platform: Platform, somebody: Callable[..., Person]) -> Class:
    teacher, stranger = somebody("Karim"), somebody("Eve")
    with platform.database.begin() as connection:
        course = courses.create(platform, connection, teacher, courses.NewCourse("Statistics", "en"))
        courses.create(platform, connection, stranger, courses.NewCourse("Elsewhere", "en"))
    return Class(
        course=course,
        teacher=teacher,
        assistant=somebody("Ines", course.key, Role.ASSISTANT),
        amina=somebody("Amina", course.key),
        lucas=somebody("Lucas", course.key),
        stranger=stranger,
        administrator=somebody("Camille", is_administrator=True),
    )


@pytest.fixture
def assignment(platform: Platform, school: Class) -> Callable[..., exchange.Assignment]:
    """Make an assignment; released as it is when `released`, due in `days`."""

    def make(
        title: str = "TP1", *, released: bool = True, days: float | None = 7, late: LatePolicy = LatePolicy.REFUSE
    ) -> exchange.Assignment:
        key = school.course.key
        with platform.database.begin() as connection:
            made = exchange.create(platform, connection, key, school.teacher.id, title)
            deadline = START + timedelta(days=days) if days is not None else None
            change = exchange.AssignmentEdit(kind=Kind.LAB, deadline=deadline, no_deadline=days is None, late_policy=late)
            exchange.edit(connection, key, made.name, change)
        if released:
            exchange.release_as_is(platform, key, school.teacher.id, made.name, WORK)
        else:
            exchange.put_source(platform, key, school.teacher.id, made.name, pack(model_files(title, "en")))
        with platform.database.read() as connection:
            return exchange.assignment(connection, key, made.name)

    return make


@pytest.fixture
def submits(platform: Platform, school: Class) -> Callable[..., exchange.Submission]:
    def submit(person: Person, name: str, content: bytes = WORK) -> exchange.Submission:
        return exchange.submit(platform, school.course.key, person.id, name, content)

    return submit


@pytest.fixture
def joins(platform: Platform, school: Class) -> Callable[[Person, Role], None]:
    def enter(person: Person, role: Role) -> None:
        with platform.database.begin() as connection:
            enrol(connection, person.id, school.course.key, role, source="form", now=platform.now())

    return enter
