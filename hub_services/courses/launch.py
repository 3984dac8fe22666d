"""The launch specification: what the hub may start for one person in one course, decided here at each start (law 4)."""

from sqlalchemy import Connection

from hub_config.access.launch import LaunchRefusal, LaunchSpecification
from hub_config.access.roles import Right
from hub_config.settings.model import ProfileSettings, Settings
from hub_services.courses import store
from hub_services.courses.models import Course
from hub_services.people.api import Person, membership, person
from hub_services.web.i18n import LANGUAGES, N_, translator
from hub_services.web.platform import Platform

MEBIBYTE = 1024 * 1024
_STRANGER = N_("You are not in this course, so no workspace opens in it. If you should be, ask its teacher for the join link.")


def launch(platform: Platform, connection: Connection, who: str, key: str) -> LaunchSpecification | LaunchRefusal:
    """What to start for the person `who` in the course `key`, or why nothing is."""
    found = person(connection, who)
    course = store.course(connection, key)
    member = membership(platform, connection, who, key)
    if found is None or course is None or member is None or not member.may(Right.OPEN):
        return LaunchRefusal(message=translator(_language(platform.settings, found, course)).gettext(_STRANGER))
    profile = profile_of(platform.settings, course.profile)
    return LaunchSpecification(
        person=found.id,
        person_number=found.number,
        course=course.key,
        course_title=course.title,
        course_url=f"{platform.settings.addresses.public_url}/courses/{course.slug}",
        environment=course.environment,
        materials=course.materials,
        role=member.role,
        language=_language(platform.settings, found, course),
        memory_bytes=profile.memory_mebibytes * MEBIBYTE,
        cpus=profile.cpus,
        processes=profile.processes,
        outside=platform.settings.isolation.outside,
    )


def profile_of(settings: Settings, name: str) -> ProfileSettings:
    """The profile called `name`; the first one if there is none: a profile that a site drops must not close its courses."""
    return next((profile for profile in settings.profiles if profile.name == name), settings.profiles[0])


def _language(settings: Settings, person: Person | None, course: Course | None) -> str:
    wishes = (person.language if person else "", course.language if course else "", settings.site.language)
    return next(language for language in wishes if language in LANGUAGES)
