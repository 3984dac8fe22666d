"""How a page of a course begins: the course at an address, for somebody who may see the page."""

from sqlalchemy import Connection

from hub_config.access.roles import Right
from hub_services.courses import store
from hub_services.courses.models import CourseMoved, Entered
from hub_services.people.api import Person, no_such_course, require
from hub_services.web.platform import Platform


def enter(platform: Platform, connection: Connection, person: Person, slug: str, right: Right) -> Entered:
    """The course at `slug` for somebody who holds `right` in it: how a page of a course begins.

    Raises Refusal (404 for strangers, 403 for members without the right) and, for members only, CourseMoved,
    which the application answers with a redirect to the same page at the new address.
    """
    found = store.course_at(connection, slug)
    if found is None:
        raise no_such_course()
    membership = require(platform, connection, person, found.key, right)
    if found.slug != slug:
        raise CourseMoved(slug, found.slug)
    return Entered(found, membership)
