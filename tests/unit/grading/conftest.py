"""A course with a released assignment, and copies as a run leaves them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from himalia_exchange.archive import pack

from hub_config.access.roles import Role
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import store
from hub_services.grading.models import Cell, Copy, Notebook
from hub_services.people.api import Person, enrol
from hub_services.web.platform import Platform


def notebook(text: str = "1 + 1") -> bytes:
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": text,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def teacher(somebody: Callable[..., Person]) -> Person:
    return somebody("Karim")


@pytest.fixture
def course(platform: Platform, teacher: Person) -> courses.Course:
    with platform.database.begin() as connection:
        return courses.create(platform, connection, teacher, courses.NewCourse("Enquêtes", "fr"))


@pytest.fixture
def student(platform: Platform, somebody: Callable[..., Person], course: courses.Course) -> Person:
    person = somebody("Amina")
    with platform.database.begin() as connection:
        enrol(connection, person.id, course.key, Role.STUDENT, source="form", now=platform.now())
    return person


@pytest.fixture
def tp1(platform: Platform, teacher: Person, course: courses.Course) -> exchange.Assignment:
    exchange.release_as_is(platform, course.key, teacher.id, "tp1", pack({"tp1.ipynb": notebook("question")}))
    with platform.database.begin() as connection:
        change = exchange.AssignmentEdit(title="TP1", deadline=platform.now() + timedelta(hours=1))
        return exchange.edit(connection, course.key, "tp1", change)


@pytest.fixture
def graded(platform: Platform, student: Person, tp1: exchange.Assignment) -> Copy:
    """Amina's copy: one question graded by its test, one that wants points by hand."""
    archive = pack({"tp1.ipynb": notebook("answer")})
    receipt = exchange.submit(platform, tp1.course, student.id, "tp1", archive, "key-1")
    copy = Copy(
        course=tp1.course,
        assignment="tp1",
        person=student.id,
        submission=receipt.id,
        submission_sha256=receipt.sha256,
        environment="",
        tests="t" * 64,
        engine="himalia-grade 0",
        executed=platform.files.put(pack({"tp1.ipynb": notebook("answer")})),
        notebooks=(Notebook("tp1", "", (Cell("q1", 3.0, 2.0, False), Cell("essay", 5.0, None, True))),),
        flags=(),
        reason="",
        seconds=0.4,
        cpu_seconds=0.2,
        graded_at=platform.now(),
    )
    with platform.database.begin() as connection:
        store.put_copy(connection, copy)
    return replace(copy)
