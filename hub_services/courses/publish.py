"""Publish a folder as a course: made if it is new, else its files replaced and its environment built if its list changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hub_config.access.roles import Right
from hub_services.courses import build, materials, requirements, rules, store
from hub_services.courses.create import create
from hub_services.courses.models import Course, NewCourse
from hub_services.courses.sentences import Sentence
from hub_services.people.api import Person, membership
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform

_TAKEN = N_("The address %(slug)s belongs to a course that %(name)s does not teach. Write another slug in course.yaml.")


class PublishRefused(Exception):
    """Nothing was published; the sentences say why."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(" ".join(sentence.text for sentence in sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Published:
    """What publishing did."""

    course: Course
    is_new: bool
    files: int
    notes: tuple[Sentence, ...]
    job: int | None  # the build that was asked for


def publish(
    platform: Platform, connection: Connection, person: Person, wished: NewCourse, files: Mapping[str, bytes]
) -> Published:
    """Make or update the course at the wished address, taught by `person`. Raises PublishRefused; then nothing is changed."""
    taken, zipped = materials.take(platform.settings, files)
    problems = (*taken.problems, *requirements.read(taken.requirements or "").problems)
    if problems:
        raise PublishRefused(*problems)
    slug = rules.slug_of(wished.slug or wished.title)
    found = store.course_at(connection, slug)
    if found:
        _require_teacher(platform, connection, person, found)
    course = found or create(platform, connection, person, wished, source="command")
    materials.keep(platform, connection, course, person.id, zipped)
    job = build.ask_if_new(platform, connection, person, course, taken.requirements or "", course.language)
    return Published(course, found is None, len(taken.materials), taken.notes, job)


def _require_teacher(platform: Platform, connection: Connection, person: Person, course: Course) -> None:
    member = membership(platform, connection, person.id, course.key)
    if member is None or not member.may(Right.COURSE):
        raise PublishRefused(Sentence(_TAKEN, {"slug": course.slug, "name": person.name}))
