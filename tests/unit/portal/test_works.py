"""How people stand with assignments: the state, what is due, the counts of a class."""

from collections.abc import Callable

import pytest
from himalia_exchange.wire import LatePolicy

from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.portal.cards import works_of
from hub_services.portal.class_works import class_works
from hub_services.portal.works import Progress, Work, due
from hub_services.web.platform import Platform
from tests.unit.conftest import Clock
from tests.unit.portal.conftest import Class

Make = Callable[..., exchange.Assignment]
Submit = Callable[..., exchange.Submission]


def work(platform: Platform, school: Class, person: Person | None = None) -> Work:
    with platform.database.read() as connection:
        (found,) = works_of(platform, connection, school.course.key, (person or school.amina).id)
    return found


def test_from_to_start_to_handed_in(platform: Platform, school: Class, assignment: Make, submits: Submit) -> None:
    name = assignment().name
    assert work(platform, school).progress is Progress.TO_START
    exchange.fetch(platform, school.course.key, school.amina.id, name)
    assert work(platform, school).progress is Progress.STARTED
    assert work(platform, school).is_due
    submits(school.amina, name)
    assert work(platform, school).progress is Progress.HANDED_IN
    assert work(platform, school).takes_more
    assert not work(platform, school).is_due


@pytest.mark.parametrize(
    ("policy", "progress", "takes_more"),
    [(LatePolicy.REFUSE, Progress.MISSED, False), (LatePolicy.ACCEPT, Progress.TO_START, True)],
)
def test_after_the_deadline_the_course_decides(
    policy: LatePolicy, progress: Progress, takes_more: bool, platform: Platform, school: Class, assignment: Make, clock: Clock
) -> None:
    assignment(late=policy)
    clock.move(days=7)
    assert work(platform, school).progress is Progress.TO_START, "the very moment is on time"
    clock.move(seconds=1)
    assert (work(platform, school).progress, work(platform, school).takes_more) == (progress, takes_more)


def test_late_work_says_so(platform: Platform, school: Class, assignment: Make, submits: Submit, clock: Clock) -> None:
    name = assignment(late=LatePolicy.ACCEPT).name
    clock.move(days=8)
    submits(school.amina, name)
    assert work(platform, school).progress is Progress.HANDED_IN_LATE


def test_a_draft_is_not_there_and_a_withdrawn_one_only_for_who_handed_in(
    platform: Platform, school: Class, assignment: Make, submits: Submit
) -> None:
    assignment("Draft", released=False)
    name = assignment("TP1").name
    submits(school.amina, name)
    with platform.database.begin() as connection:
        exchange.withdraw(connection, school.course.key, name)
    assert work(platform, school).progress is Progress.HANDED_IN
    assert not work(platform, school).takes_more
    with platform.database.read() as connection:
        assert works_of(platform, connection, school.course.key, school.lucas.id) == []


def test_what_is_due_comes_by_deadline_and_without_one_last(platform: Platform, school: Class, assignment: Make) -> None:
    for title, days in (("Far", 20), ("Free", None), ("Near", 2)):
        assignment(title, days=days)
    with platform.database.read() as connection:
        found = works_of(platform, connection, school.course.key, school.amina.id)
    assert [work.assignment.title for work in due(found)] == ["Near", "Far", "Free"]


def test_the_counts_are_those_of_todays_students(
    platform: Platform, school: Class, assignment: Make, submits: Submit, clock: Clock
) -> None:
    name = assignment(late=LatePolicy.ACCEPT).name
    submits(school.amina, name)
    submits(school.assistant, name)  # tries it out, is no student
    clock.move(days=8)
    submits(school.lucas, name)
    with platform.database.read() as connection:
        (counts,) = class_works(platform, connection, school.course.key)
    assert (counts.students, counts.handed_in, counts.late, counts.returned, counts.to_return) == (2, 2, 1, 0, 2)
