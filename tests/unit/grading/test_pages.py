"""The pages of grading, without a run: points by hand, history, marks, who may see what."""

import csv
import io
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from hub_config.access.roles import Role
from hub_services.courses import api as courses
from hub_services.grading import store
from hub_services.grading.models import Copy
from hub_services.grading.tables import hand_history
from hub_services.people.api import Person, enrol
from hub_services.web.platform import Platform

Browser = Callable[[Person], TestClient]


def address(course: courses.Course, rest: str = "") -> str:
    return f"/courses/{course.slug}/tp1/grading{rest}"


def test_points_and_comments_are_kept_with_their_history(
    platform: Platform, browser_of: Browser, teacher: Person, course: courses.Course, graded: Copy
) -> None:
    page = address(course, f"/{graded.person}")
    for points in ("2", "4,5"):
        form = {"points:tp1:q1": "", "comment:tp1:q1": "", "points:tp1:essay": points, "comment:tp1:essay": "Bien vu."}
        assert browser_of(teacher).post(page, data=form).headers["location"] == page
    with platform.database.read() as connection:
        hands = store.hands_of(connection, course.key, "tp1")[graded.person]
        history = connection.execute(hand_history.select()).all()
    assert [(hand.cell, hand.points, hand.comment, hand.by) for hand in hands] == [("essay", 4.5, "Bien vu.", teacher.id)]
    assert [row.points for row in history] == [2.0, 4.5]
    assert "6.5 / 8" in browser_of(teacher).get(page).text


def test_points_above_the_maximum_change_nothing(
    platform: Platform, browser_of: Browser, teacher: Person, course: courses.Course, graded: Copy
) -> None:
    form = {"points:tp1:q1": "3", "points:tp1:essay": "6"}
    answer = browser_of(teacher).post(address(course, f"/{graded.person}"), data=form)
    assert answer.status_code == 422
    assert "0 to 5" in answer.text
    with platform.database.read() as connection:
        assert store.hands_of(connection, course.key, "tp1") == {}


def test_marks_open_in_a_spreadsheet(browser_of: Browser, teacher: Person, course: courses.Course, graded: Copy) -> None:
    content = browser_of(teacher).get(address(course, "/marks.csv")).content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["name"], row["score"], row["max_score"], row["published"]) for row in rows] == [("Amina", "2", "8", "no")]


@pytest.mark.parametrize(
    ("role", "read", "grade", "publish"),
    [
        (Role.TEACHER, 200, 303, 303),
        (Role.ASSISTANT, 200, 303, 403),
        (Role.STUDENT, 403, 403, 403),
        (None, 404, 404, 404),
    ],
)
def test_who_may_read_grade_and_publish(
    platform: Platform,
    browser_of: Browser,
    somebody: Callable[..., Person],
    course: courses.Course,
    graded: Copy,
    role: Role | None,
    read: int,
    grade: int,
    publish: int,
) -> None:
    person = somebody("Zoé")
    if role:
        with platform.database.begin() as connection:
            enrol(connection, person.id, course.key, role, source="form", now=platform.now())
    browser = browser_of(person)
    assert browser.get(address(course)).status_code == read
    assert browser.get(address(course, f"/{graded.person}")).status_code == read
    assert browser.post(address(course, f"/{graded.person}"), data={"points:tp1:essay": "1"}).status_code == grade
    assert browser.post(address(course, "/run")).status_code == grade
    assert browser.post(address(course, "/cancel")).status_code == grade
    assert browser.post(address(course, "/publish"), data={"person": "p-nobody"}).status_code == publish
    assert browser.get(address(course, "/marks.csv")).status_code == (200 if publish == 303 else publish)


def test_a_second_press_asks_for_no_second_run(
    platform: Platform, browser_of: Browser, teacher: Person, course: courses.Course, graded: Copy
) -> None:
    for _ in range(3):
        assert browser_of(teacher).post(address(course, "/run")).status_code == 303
    assert platform.jobs.counts() == {("grade", "waiting"): 1}


def test_a_copy_that_wants_points_is_not_published(
    browser_of: Browser, teacher: Person, student: Person, course: courses.Course, graded: Copy
) -> None:
    browser_of(teacher).post(address(course, "/publish"))
    assert browser_of(student).get(f"/courses/{course.slug}/tp1/copy").status_code == 404
