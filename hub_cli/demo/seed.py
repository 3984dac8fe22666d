"""Fill a new platform with the demo: people, courses, what was handed in. What takes long is asked of the worker."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from himalia_exchange.archive import pack
from sqlalchemy import Connection

from hub_cli.demo import record
from hub_cli.demo.content import courses
from hub_cli.demo.models import DemoAssignment, DemoCourse, DemoPerson
from hub_cli.demo.people import ADMINISTRATOR, people
from hub_config.access.roles import Role
from hub_services.courses import api as course_api
from hub_services.courses import store as course_store
from hub_services.exchange import api as exchange
from hub_services.people import store as people_store
from hub_services.people.api import Identity, Person, enrol, resolve
from hub_services.people.sign_in import Account
from hub_services.web.platform import Platform

_ARRIVAL = timedelta(days=-30)
_TIME_TO_FETCH = timedelta(hours=2)

Persons = dict[DemoPerson, Person]


def seed(platform: Platform) -> None:
    """Make the demo's people, courses, assignments and submissions, once; a start that was killed is gone on with.

    Nothing is graded and nothing is built here: see `returning`. Where the demo's provider has moved to another
    address, its accounts are told to it again. Without that provider nothing is done.
    """
    issuer = record.issuer_of(platform.settings)
    if issuer is None or not record.needs_seed(platform.settings):
        return
    known = record.read(platform.settings.state) or record.Record(_midnight(platform), issuer)
    record.write(platform.settings.state, known)
    if known.issuer != issuer:
        _follow(platform, known.issuer, issuer)
    if not known.is_filled:
        _fill(platform, issuer, known.today)
    record.write(platform.settings.state, replace(known, issuer=issuer, is_filled=True))


def demo_persons(connection: Connection, issuer: str) -> Persons:
    """Those of the demo's people that the platform knows."""
    found = {one: people_store.person_of(connection, Identity(issuer, one.login)) for one in people()}
    return {one: person for one, person in found.items() if person is not None}


def course_of(connection: Connection, demo: DemoCourse, teacher: Person) -> course_api.Course | None:
    """The demo's course, also where its address was changed since."""
    found = course_store.course_at(connection, demo.slug)
    return found if found is not None and found.created_by == teacher.id else None


def _fill(platform: Platform, issuer: str, today: datetime) -> None:
    long_ago = _at(platform, today + _ARRIVAL)
    with platform.database.begin() as connection:
        persons = {one: _arrive(long_ago, connection, issuer, one) for one in people()}
        keys = {demo.slug: _course(long_ago, connection, demo, persons) for demo in courses()}
    for demo in courses():
        for assignment in demo.assignments:
            _release(platform, keys[demo.slug], assignment, persons[demo.teacher], today)
            _hand_in(platform, keys[demo.slug], assignment, persons, today)


def _arrive(platform: Platform, connection: Connection, issuer: str, one: DemoPerson) -> Person:
    account = Account(Identity(issuer, one.login), one.name, one.email, is_administrator=one == ADMINISTRATOR)
    return resolve(platform, connection, account)


def _course(platform: Platform, connection: Connection, demo: DemoCourse, persons: Persons) -> str:
    known = course_of(connection, demo, persons[demo.teacher])
    if known is not None:
        return known.key
    new = course_api.NewCourse(demo.title, demo.language, demo.slug)
    made = course_api.create(platform, connection, persons[demo.teacher], new, source=record.PROVIDER)
    roles = dict.fromkeys(demo.students, Role.STUDENT) | dict.fromkeys(demo.assistants, Role.ASSISTANT)
    for one, role in roles.items():
        enrol(connection, persons[one].id, made.key, role, source=record.PROVIDER, now=platform.now())
    return made.key


def _release(platform: Platform, course: str, demo: DemoAssignment, teacher: Person, today: datetime) -> None:
    then = _at(platform, today + demo.released)
    exchange.release(then, course, teacher.id, demo.name, pack(demo.source))
    change = exchange.AssignmentEdit(
        title=demo.title,
        kind=demo.kind,
        deadline=None if demo.deadline is None else today + demo.deadline,
        no_deadline=demo.deadline is None,
        late_policy=demo.late,
    )
    with platform.database.begin() as connection:
        exchange.edit(connection, course, demo.name, change)


def _hand_in(platform: Platform, course: str, demo: DemoAssignment, persons: Persons, today: datetime) -> None:
    fetchers = dict.fromkeys((*demo.fetched_by, *(submission.student for submission in demo.submissions)))
    for one in fetchers:
        exchange.fetch(_at(platform, today + demo.released + _TIME_TO_FETCH), course, persons[one].id, demo.name)
    for number, submission in enumerate(demo.submissions, 1):
        moment = today + (demo.deadline or timedelta()) + submission.offset
        archive, key = pack(submission.files), f"demo-{number}"
        exchange.submit(_at(platform, moment), course, persons[submission.student].id, demo.name, archive, key)


def _follow(platform: Platform, old: str, new: str) -> None:
    """The demo's provider answers at another port than before: the same people sign in there."""
    with platform.database.begin() as connection:
        there = demo_persons(connection, new)
        for one, person in demo_persons(connection, old).items():
            if one not in there:
                people_store.add_identity(connection, person.id, Identity(new, one.login), platform.now())


def _midnight(platform: Platform) -> datetime:
    now = platform.now().astimezone(ZoneInfo(platform.settings.site.time_zone))
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _at(platform: Platform, moment: datetime) -> Platform:
    """The platform at another moment: what happens there is dated so."""
    return replace(platform, now=lambda: moment)
