"""Making, renaming and finding courses."""

import pytest

from hub_config.access.roles import Right, Role
from hub_config.settings.model import CourseSettings
from hub_services.courses import api, store
from hub_services.courses.models import Course, CourseMoved, Moved, NewCourse
from hub_services.people.api import Person, enrol, membership
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal
from tests.unit.courses.conftest import newcomer


def make(platform: Platform, person: Person, title: str = "Stat L2") -> Course:
    with platform.database.begin() as connection:
        return api.create(platform, connection, person, NewCourse(title, "fr"))


def test_who_makes_a_course_is_its_teacher(platform: Platform, karim: Person) -> None:
    made = make(platform, karim)
    with platform.database.read() as connection:
        assert api.course(connection, made.key) == made
        assert api.course_at(connection, "stat-l2") == made
        mine = membership(platform, connection, karim.id, made.key)
    assert mine is not None
    assert mine.role is Role.TEACHER


def test_two_courses_of_one_title_have_two_addresses(platform: Platform, karim: Person) -> None:
    assert [make(platform, karim).slug for _ in range(3)] == ["stat-l2", "stat-l2-2", "stat-l2-3"]


def test_a_former_address_leads_to_the_new_one_and_is_never_given_away(platform: Platform, karim: Person) -> None:
    first = make(platform, karim)
    with platform.database.begin() as connection:
        renamed = api.rename(platform, connection, karim, first, "Statistique")
    assert (renamed.slug, renamed.key) == ("statistique", first.key)
    assert make(platform, karim).slug == "stat-l2-2"
    with platform.database.begin() as connection:
        assert api.course_at(connection, "stat-l2") == Moved("statistique")
        with pytest.raises(CourseMoved):
            api.enter(platform, connection, karim, "stat-l2", Right.OPEN)
        assert api.rename(platform, connection, karim, renamed, "Stat L2").slug == "stat-l2"  # its own old one


def test_a_stranger_learns_nothing_of_an_address(platform: Platform, karim: Person, amina: Person) -> None:
    course = make(platform, karim)
    with platform.database.begin() as connection:
        api.rename(platform, connection, karim, course, "Statistique")
        answers = []
        for slug in ("statistique", "stat-l2", "nothing"):
            with pytest.raises(Refusal) as refused:
                api.enter(platform, connection, amina, slug, Right.OPEN)
            answers.append((refused.value.status, refused.value.title, refused.value.detail))
    assert answers[0][0] == 404
    assert len(set(answers)) == 1


def test_a_course_needs_a_title(platform: Platform, karim: Person) -> None:
    with pytest.raises(Refusal) as refused:
        make(platform, karim, " \n ")
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("creators", "allowed"),
    [
        ("everyone", {"Administrator", "Teacher", "Student"}),
        ("teachers", {"Administrator", "Teacher"}),
        ("administrators", {"Administrator"}),
    ],
)
def test_the_site_says_who_makes_courses(platform: Platform, karim: Person, creators: str, allowed: set[str]) -> None:
    course = make(platform, karim)
    people = [
        newcomer(platform, "Administrator", is_administrator=True),
        newcomer(platform, "Teacher"),
        newcomer(platform, "Student"),
    ]
    courses = CourseSettings.model_validate({"creators": creators})
    object.__setattr__(platform, "settings", platform.settings.model_copy(update={"courses": courses}))
    with platform.database.begin() as connection:
        enrol(connection, people[1].id, course.key, Role.TEACHER, source="form", now=platform.now())
        enrol(connection, people[2].id, course.key, Role.STUDENT, source="form", now=platform.now())
        assert {p.name for p in people if api.may_create(platform, connection, p)} == allowed


def test_courses_are_found_by_their_keys(platform: Platform, karim: Person) -> None:
    course = make(platform, karim)
    with platform.database.read() as connection:
        assert api.courses_of(connection, [course.key, "nothing"]) == [course]
        assert api.materials(connection, course.key) == ""


def test_what_is_held_of_a_person_is_told_and_forgotten(platform: Platform, karim: Person) -> None:
    course = make(platform, karim)
    with platform.database.begin() as connection:
        assert store.export(connection, karim.id)["courses_made"] == [{"key": course.key, "title": course.title}]
        store.erase(connection, karim.id)
        assert store.export(connection, karim.id) == {"courses_made": [], "environments_put_in_service": []}
        assert store.course(connection, course.key) is not None
