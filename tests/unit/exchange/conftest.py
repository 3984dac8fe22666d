"""A released assignment, and the archives that people hand in."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from himalia_exchange.archive import pack

from hub_config.access.roles import Role
from hub_services.exchange import api
from hub_services.people.api import Person
from hub_services.web.platform import Platform

COURSE = "intro"


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


def copy(text: str = "my answer", more: dict[str, bytes] | None = None) -> bytes:
    """The zip of somebody's work."""
    return pack({"tp1.ipynb": notebook(text), **(more or {})})


@pytest.fixture
def teacher(somebody: Callable[..., Person]) -> Person:
    return somebody("Karim", COURSE, Role.TEACHER)


@pytest.fixture
def student(somebody: Callable[..., Person]) -> Person:
    return somebody("Amina", COURSE)


@pytest.fixture
def tp1(platform: Platform, teacher: Person) -> api.Assignment:
    """TP1, released, due in an hour, with a picture that is part of it."""
    archive = pack({"tp1.ipynb": notebook("question"), "page.png": b"\x89PNG"})
    api.release_as_is(platform, COURSE, teacher.id, "tp1", archive)
    with platform.database.begin() as connection:
        change = api.AssignmentEdit(title="TP1", deadline=platform.now() + timedelta(hours=1))
        return api.edit(connection, COURSE, "tp1", change)
