"""An assignment and what the person who looks at it is in its course."""

from dataclasses import dataclass

from himalia_exchange.wire import State
from sqlalchemy import Connection

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


@dataclass(frozen=True)
class Place:
    """Where a page of an assignment is."""

    course: courses.Course
    membership: people.Membership
    assignment: exchange.Assignment

    @property
    def address(self) -> str:
        """The address of the assignment's page."""
        return f"/courses/{self.course.slug}/{self.assignment.name}"


def place(platform: Platform, connection: Connection, me: people.Person, slug: str, name: str, right: Right) -> Place:
    """The assignment at that address, for somebody who holds `right`. Raises Refusal: a draft exists for its authors alone."""
    entered = courses.enter(platform, connection, me, slug, right)
    found = exchange.assignment(connection, entered.course.key, name)
    if found.state is State.DRAFT and not entered.membership.may(Right.READ_COPIES):
        raise Refusal(404, N_("This page does not exist"), N_("There is no such assignment in this course, or not yet."))
    return Place(entered.course, entered.membership, found)
