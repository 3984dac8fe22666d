"""The launch specification: who gets one, and what it says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from hub_config.access.roles import Role
from hub_services.app import create_internal
from hub_services.courses import api, store
from hub_services.courses.models import Course, NewCourse
from hub_services.people.api import Person, enrol, remove
from hub_services.people.store import update_person
from hub_services.web.platform import Platform


@pytest.fixture
def course(platform: Platform, karim: Person) -> Course:
    with platform.database.begin() as connection:
        return api.create(platform, connection, karim, NewCourse("Stat L2", "fr"))


@pytest.fixture
def hub(platform: Platform) -> Iterator[TestClient]:
    headers = {"authorization": f"Bearer {platform.secrets.read('launch_token')}"}
    with TestClient(create_internal(platform), headers=headers) as client:
        yield client


def test_a_member_gets_a_specification(platform: Platform, karim: Person, course: Course, hub: TestClient) -> None:
    with platform.database.begin() as connection:
        store.update_course(connection, course.key, environment="a" * 64)
    answer = hub.post("/internal/launch", json={"person": karim.id, "course": course.key})
    assert answer.status_code == 200
    assert answer.json() == {
        "person": karim.id,
        "person_number": karim.number,
        "course": course.key,
        "course_title": "Stat L2",
        "course_url": "http://localhost:8000/courses/stat-l2",
        "environment": "a" * 64,
        "materials": "",
        "role": "teacher",
        "language": "fr",
        "memory_bytes": 1024 * 1024 * 1024,
        "cpus": 1.0,
        "processes": 256,
        "outside": [],
    }


def test_a_stranger_gets_a_refusal_in_their_language(platform: Platform, amina: Person, course: Course, hub: TestClient) -> None:
    for language, words in (("fr", "Vous ne faites pas partie"), ("en", "You are not in this course")):
        with platform.database.begin() as connection:
            update_person(connection, amina.id, language=language)
        answer = hub.post("/internal/launch", json={"person": amina.id, "course": course.key})
        assert answer.status_code == 403
        assert answer.json()["message"].startswith(words)


def test_a_membership_counts_only_while_it_lives(platform: Platform, amina: Person, course: Course, hub: TestClient) -> None:
    asked = {"person": amina.id, "course": course.key}
    now = platform.now()
    with platform.database.begin() as connection:
        enrol(connection, amina.id, course.key, Role.STUDENT, source="form", now=now, until=now + timedelta(hours=1))
    assert hub.post("/internal/launch", json=asked).json()["role"] == "student"
    with platform.database.begin() as connection:
        enrol(connection, amina.id, course.key, Role.STUDENT, source="form", now=now, until=now)
    assert hub.post("/internal/launch", json=asked).status_code == 403
    with platform.database.begin() as connection:
        remove(connection, amina.id, course.key)
    assert hub.post("/internal/launch", json=asked).status_code == 403


@pytest.mark.parametrize("person", ["nobody", "", "../../etc"])
def test_who_does_not_exist_is_a_stranger(course: Course, hub: TestClient, person: str) -> None:
    assert hub.post("/internal/launch", json={"person": person, "course": course.key}).status_code == 403


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "token {}", "Basic {}"])
def test_only_the_hub_is_answered(platform: Platform, karim: Person, course: Course, hub: TestClient, header: str) -> None:
    authorization = header.format(platform.secrets.read("launch_token"))
    answer = hub.post(
        "/internal/launch", json={"person": karim.id, "course": course.key}, headers={"authorization": authorization}
    )
    assert answer.status_code == 401


def test_a_profile_that_the_site_dropped_is_the_first_one(
    platform: Platform, karim: Person, course: Course, hub: TestClient
) -> None:
    with platform.database.begin() as connection:
        store.update_course(connection, course.key, profile="gone")
    answer = hub.post("/internal/launch", json={"person": karim.id, "course": course.key})
    assert answer.json()["memory_bytes"] == platform.settings.profiles[0].memory_mebibytes * 1024 * 1024
