"""What the demo needs of the worker at its first start: environments built, TP1 graded, marked by hand, returned."""

import threading
from dataclasses import replace

from packaging.requirements import Requirement

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
    """Ask for the grading and the builds, wait for each, publish. Returns early once `stopping`; the next start goes on.

    A build that fails (there is no network, say) leaves the course in the bare environment.
    """
    known = record.read(platform.settings.state)
    if known is None or not record.needs_return(platform.settings):
        return
    with platform.database.read() as connection:
        persons = demo_persons(connection, known.issuer)
        asked = [(demo, course_of(connection, demo, persons[demo.teacher])) for demo in courses()]
    found = [(demo, course) for demo, course in asked if course is not None]
    # What a visitor looks for first comes first, if the bare environment has all that it needs.
    steps = (_return, _equip, _spoil) if _is_bare_enough(platform) else (_equip, _return, _spoil)
    if all(step(platform, stopping, demo, course, persons) for step in steps for demo, course in found):
        record.write(platform.settings.state, replace(known, is_returned=True))


def _is_bare_enough(platform: Platform) -> bool:
    wanted = {Requirement(line).name for demo in courses() for line in demo.requirements}
    return wanted <= {Requirement(line).name for line in platform.settings.environments.default_requirements}


def _return(platform: Platform, stopping: threading.Event, demo: DemoCourse, course: course_api.Course, persons: Persons) -> bool:
    """Grade and publish what is returned on arrival; False when the worker is to stop before the end."""
    teacher = persons[demo.teacher]
    for assignment in demo.assignments:
        if assignment.returned:
            if not _wait(platform, stopping, _grade(platform, assignment, course, teacher)):
                return False
            _publish(platform, assignment, course, persons, teacher)
    return True


def _equip(platform: Platform, stopping: threading.Event, demo: DemoCourse, course: course_api.Course, persons: Persons) -> bool:
    """The course's own environment."""
    return bool(course.environment) or _wait(platform, stopping, _build(platform, demo, course, persons[demo.teacher]))


def _spoil(platform: Platform, stopping: threading.Event, demo: DemoCourse, course: course_api.Course, persons: Persons) -> bool:
    """A later list that cannot be built, for whoever wants to repair an environment; the one in service stays."""
    if not demo.broken_requirements:
        return True
    broken = replace(demo, requirements=demo.broken_requirements)
    return _wait(platform, stopping, _build(platform, broken, course, persons[demo.teacher]))


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
