"""What whoever administers the platform sees of courses: their environments alone, to repair one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hub_services.courses import build, requirements, store
from hub_services.courses.models import Course, Environment
from hub_services.courses.sentences import Sentence, unpack
from hub_services.people.api import Person
from hub_services.web.jobs import Job
from hub_services.web.platform import Platform


@dataclass(frozen=True)
class Upkeep:
    """A course's environment in service, its newest build, and the list that a repair starts from."""

    course: Course
    environment: Environment | None
    job: Job | None
    requirements: str

    @property
    def is_broken(self) -> bool:
        """Whether the newest build failed."""
        return self.job is not None and self.job.state == "failed"

    @property
    def reasons(self) -> Sequence[Sentence]:
        """Why it failed."""
        return unpack(self.job.reason) if self.job and self.is_broken else ()


def upkeep(platform: Platform, connection: Connection, course: Course) -> Upkeep:
    """How the environment of `course` is. The caller has checked that it is an administrator who asks."""
    job = build.latest(platform, connection, course)
    history = store.history(connection, course.key)
    if job and job.state != "done":
        listed = str(job.payload["requirements"])
    else:
        listed = history[0].requirements if history else build.default_list(platform)
    return Upkeep(course, history[0].environment if history else None, job, listed)


def repair(
    platform: Platform, connection: Connection, person: Person, course: Course, text: str, language: str
) -> Sequence[Sentence]:
    """Build `text` for `course` as its teacher would, or return the list's problems. The caller has checked who asks."""
    problems = requirements.read(text).problems
    if not problems:
        build.ask(platform, connection, person, course, text, language)
    return problems
