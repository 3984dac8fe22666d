"""What the demo needs of the worker at its first start: environments built, TP1 graded, marked by hand, returned."""

import threading
from dataclasses import replace

from hub_cli.demo import record
from hub_cli.demo.content import courses
from hub_cli.demo.models import DemoAssignment, DemoCourse, DemoSubmission
from hub_cli.demo.seed import Persons, course_of, demo_persons
from hub_services.courses import api as course_api
from hub_services.courses import build
from hub_services.grading import api as grading
from hub_services.grading import mark, publish, store
from hub_services.people.api import Person
from hub_services.web.platform import Platform

_PAUSE_SECONDS = 0.5


def finish(platform: Platform, stopping: threading.Event) -> None:
    """Ask for the builds and the grading, wait for each, publish. Returns early once `stopping`; the next start goes on.

    A build that fails (there is no network, say) leaves the course in the bare environment, where grading works too.
    """
    known = record.read(platform.settings.state)
    if known is None or not record.needs_return(platform.settings):
        return
    with platform.database.read() as connection:
        persons = demo_persons(connection, known.issuer)
        found = [(demo, course_of(connection, demo, persons[demo.teacher])) for demo in courses()]
    for demo, course in found:
        if course is not None and not _return(platform, stopping, demo, course, persons):
            return
    record.write(platform.settings.state, replace(known, is_returned=True))


def _return(platform: Platform, stopping: threading.Event, demo: DemoCourse, course: course_api.Course, persons: Persons) -> bool:
    """One course, to its end; False when the worker is to stop before."""
    teacher = persons[demo.teacher]
    if not course.environment and not _wait(platform, stopping, _build(platform, demo, course, teacher)):
        return False
    for assignment in demo.assignments:
        if assignment.returned:
            if not _wait(platform, stopping, _grade(platform, assignment, course, teacher)):
                return False
            _publish(platform, assignment, course, persons, teacher)
    if demo.broken_requirements:  # the environment in service stays
        broken = replace(demo, requirements=demo.broken_requirements)
        return _wait(platform, stopping, _build(platform, broken, course, teacher))
    return True


def _build(platform: Platform, demo: DemoCourse, course: course_api.Course, teacher: Person) -> int:
    with platform.database.begin() as connection:
        return build.ask(platform, connection, teacher, course, "\n".join(demo.requirements), demo.language)


def _grade(platform: Platform, assignment: DemoAssignment, course: course_api.Course, teacher: Person) -> int:
    with platform.database.begin() as connection:
        return grading.ask(platform, connection, course.key, assignment.name, teacher.id)


def _publish(
    platform: Platform, assignment: DemoAssignment, course: course_api.Course, persons: Persons, teacher: Person
) -> None:
    """Give the points of the story by hand, then return every copy that was graded."""
    with platform.database.begin() as connection:
        copies = store.copies_of(connection, course.key, assignment.name)
        for submission in assignment.submissions:
            copy = copies.get(persons[submission.student].id)
            if copy is not None:
                mark.mark(platform, connection, copy, _typed(submission), teacher)
        publish.publish(platform, connection, list(copies.values()), teacher, course.language)


def _typed(submission: DemoSubmission) -> dict[str, str]:
    """The points and comments as a teacher types them on the page of a copy."""
    places = {f"{given.notebook}:{given.grade_id}": given for given in submission.marks}
    points = {f"points:{place}": f"{given.points:g}" for place, given in places.items()}
    return points | {f"comment:{place}": given.comment for place, given in places.items()}


def _wait(platform: Platform, stopping: threading.Event, job: int) -> bool:
    """Wait for the end of a job, whatever it is; False once `stopping`."""
    while _is_live(platform, job):
        if stopping.wait(_PAUSE_SECONDS):
            return False
    return True


def _is_live(platform: Platform, job: int) -> bool:
    with platform.database.read() as connection:
        found = platform.jobs.get(connection, job)
    return found is not None and found.is_live
