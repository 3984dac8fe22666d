"""A course as its card on the first page shows it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import api as grading
from hub_services.people import api as people
from hub_services.portal import works
from hub_services.portal.class_works import class_works
from hub_services.portal.works import ClassWork, Work
from hub_services.web.platform import Platform

_SHOWN = 3


@dataclass(frozen=True)
class Card:
    """One course of one person; `works` are their own, `class_works` are everybody's, for who may see them."""

    course: courses.Course
    membership: people.Membership
    works: list[Work]
    class_works: list[ClassWork]

    @property
    def due(self) -> list[Work]:
        """What waits for this person, at most three."""
        return works.due(self.works)[:_SHOWN]

    @property
    def handed_in(self) -> list[Work]:
        """What is with the teachers, the newest first, at most three."""
        return works.handed_in(self.works)[:_SHOWN]

    @property
    def returned(self) -> list[Work]:
        """The newest graded copies, at most three."""
        return works.returned(self.works)[:_SHOWN]

    @property
    def in_hand(self) -> list[ClassWork]:
        """What the class works on, the newest assignment first, at most three."""
        return [work for work in self.class_works[::-1] if work.assignment.is_released][:_SHOWN]


def cards_of(platform: Platform, connection: Connection, person: people.Person) -> list[Card]:
    """A card for each course of `person`, by title."""
    mine = {membership.course: membership for membership in people.memberships(platform, connection, person)}
    found = courses.courses_of(connection, list(mine))
    return [_card(platform, connection, course, mine[course.key]) for course in found]


def works_of(platform: Platform, connection: Connection, course: str, person: str) -> list[Work]:
    """What `person` has to do and has done in a course."""
    standings = exchange.standings_of_person(connection, course, person)
    return works.works(standings, grading.published_to(connection, course, person), platform.now())


def _card(platform: Platform, connection: Connection, course: courses.Course, membership: people.Membership) -> Card:
    if membership.may(Right.READ_COPIES):
        return Card(course, membership, [], class_works(platform, connection, course.key))
    return Card(course, membership, works_of(platform, connection, course.key, membership.person), [])
