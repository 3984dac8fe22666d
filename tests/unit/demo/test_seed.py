"""A new platform is filled once, with the right people in the right roles and the right moments."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from himalia_exchange.wire import State
from sqlalchemy import func, select

from hub_cli.demo import record, returning
from hub_cli.demo.content import courses
from hub_cli.demo.models import DemoPerson
from hub_cli.demo.people import ADMINISTRATOR, AMINA, INES, KARIM, LUCAS, MEHDI, PRIYA, people
from hub_cli.demo.seed import course_of, demo_persons, seed
from hub_config.access.roles import Role
from hub_config.settings.model import OidcProviderSettings, Settings, SignInSettings
from hub_services.courses.api import Course
from hub_services.courses.create import rename
from hub_services.exchange import api as exchange
from hub_services.people import api as people_api
from hub_services.people.api import Person
from hub_services.web.database import metadata
from hub_services.web.platform import Platform, assemble

ISSUER = "http://localhost:8006"
SHS, L2 = courses()
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def with_provider(platform: Platform, issuer: str) -> Platform:
    demo = OidcProviderSettings(
        name="demo", title="Démo", issuer=issuer, client_id="himalia", client_secret_file=Path("/nowhere")
    )
    settings = platform.settings.model_copy(update={"sign_in": SignInSettings(providers=(demo,))})
    return replace(platform, settings=settings)


@pytest.fixture
def filled(platform: Platform) -> Platform:
    demo = with_provider(platform, ISSUER)
    seed(demo)
    return demo


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A filled platform for tests that only look."""
    made = assemble(Settings(state=tmp_path_factory.mktemp("state")), lambda: NOW)
    metadata.create_all(made.database.engine)
    demo = with_provider(made, ISSUER)
    seed(demo)
    yield demo
    made.database.engine.dispose()


def known(platform: Platform) -> tuple[dict[DemoPerson, Person], Course, Course]:
    with platform.database.read() as connection:
        persons = demo_persons(connection, ISSUER)
        shs, l2 = (course_of(connection, demo, persons[KARIM]) for demo in courses())
    assert shs is not None
    assert l2 is not None
    return persons, shs, l2


def rows(platform: Platform) -> dict[str, int]:
    with platform.database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def role(platform: Platform, person: Person, course: Course) -> Role | None:
    with platform.database.read() as connection:
        membership = people_api.membership(platform, connection, person.id, course.key)
    return membership.role if membership else None


def test_everyone_is_there_in_their_roles(once: Platform) -> None:
    persons, shs, l2 = known(once)
    assert set(persons) == set(people())
    assert persons[ADMINISTRATOR].is_administrator
    assert [one for one, person in persons.items() if person.is_administrator] == [ADMINISTRATOR]
    assert (role(once, persons[INES], shs), role(once, persons[INES], l2)) == (Role.STUDENT, Role.ASSISTANT)
    assert (role(once, persons[KARIM], shs), role(once, persons[KARIM], l2)) == (Role.TEACHER, Role.TEACHER)
    assert role(once, persons[AMINA], shs) is Role.STUDENT
    assert role(once, persons[ADMINISTRATOR], shs) is None


def test_assignments_are_released_in_order(once: Platform) -> None:
    _, shs, l2 = known(once)
    with once.database.read() as connection:
        found = exchange.assignments(connection, shs.key) + exchange.assignments(connection, l2.key)
    assert [(a.name, a.title) for a in found] == [(a.name, a.title) for demo in courses() for a in demo.assignments]
    assert {a.state for a in found} == {State.RELEASED}


def test_deadlines_count_from_the_day_of_the_seed(once: Platform) -> None:
    _, shs, l2 = known(once)
    with once.database.read() as connection:
        open_one = exchange.assignment(connection, shs.key, "tp2-image-texte")
        closed = exchange.assignment(connection, l2.key, "tp2-loyer")
    assert open_one.deadline == datetime(2026, 3, 8, 23, 59, tzinfo=PARIS)
    assert closed.deadline == datetime(2026, 3, 1, 20, 0, tzinfo=PARIS)


def test_one_is_late_and_a_second_submission_counts(once: Platform) -> None:
    persons, _, l2 = known(once)
    with once.database.read() as connection:
        assignment = exchange.assignment(connection, l2.key, "tp2-loyer")
        counting = {s.person: s for s in exchange.counting_submissions(connection, assignment)}
        of_priya = exchange.submissions(connection, l2.key, "tp2-loyer", persons[PRIYA].id)
    assert len(counting) == 11
    assert [one for one, person in persons.items() if person.id in counting and counting[person.id].late] == [LUCAS]
    assert [s.id for s in of_priya][-1] == counting[persons[PRIYA].id].id
    assert len(of_priya) == 2
    assert all(s.version == 1 and s.received_at < once.now() for s in counting.values())


def test_amina_has_yet_to_fetch_what_she_will_hand_in(once: Platform) -> None:
    persons, shs, _ = known(once)
    with once.database.read() as connection:
        standings = exchange.standings_of_person(connection, shs.key, persons[AMINA].id)
    by = {standing.assignment.name: standing for standing in standings}
    assert by["tp2-image-texte"].fetched_version is None
    assert by["tp1-recoder"].counting is not None


def test_a_second_seed_changes_nothing(once: Platform) -> None:
    before = rows(once)
    assert not record.needs_seed(once.settings)
    seed(once)
    assert rows(once) == before


def test_a_seed_that_was_killed_goes_on_on_another_day(filled: Platform, clock: Any) -> None:
    before = rows(filled)
    state = filled.settings.state
    kept = record.read(state)
    assert kept is not None
    record.write(state, replace(kept, is_filled=False))
    clock.move(days=2)
    assert record.needs_seed(filled.settings)
    seed(filled)
    assert rows(filled) == before
    _, shs, _ = known(filled)
    with filled.database.read() as connection:
        deadline = exchange.assignment(connection, shs.key, "tp1-recoder").deadline
    assert deadline == kept.today + timedelta(days=-9, hours=18)


def test_a_renamed_course_is_found(filled: Platform) -> None:
    persons, shs, _ = known(filled)
    with filled.database.begin() as connection:
        rename(filled, connection, persons[KARIM], shs, "Mesurer le monde social")
        found = course_of(connection, SHS, persons[KARIM])
    assert found is not None
    assert found.key == shs.key


def test_accounts_follow_the_provider_to_another_port(filled: Platform) -> None:
    moved = with_provider(filled, "http://localhost:9123")
    persons, _, _ = known(filled)
    assert record.needs_seed(moved.settings)
    seed(moved)
    with moved.database.read() as connection:
        assert demo_persons(connection, "http://localhost:9123") == persons
    assert not record.needs_seed(moved.settings)


def test_nothing_happens_without_the_demos_provider(platform: Platform) -> None:
    before = rows(platform)
    seed(platform)
    assert not record.needs_seed(platform.settings)
    assert rows(platform) == before
    assert not record.needs_return(platform.settings)


def test_a_worker_that_stops_leaves_the_return_for_the_next_start(filled: Platform) -> None:
    stopping = threading.Event()
    stopping.set()
    returning.finish(filled, stopping)
    assert record.needs_return(filled.settings)
    assert filled.jobs.counts() == {("grade", "waiting"): 1}


def test_mehdi_was_late_for_tp1(once: Platform) -> None:
    persons, shs, _ = known(once)
    with once.database.read() as connection:
        (submission,) = exchange.submissions(connection, shs.key, "tp1-recoder", persons[MEHDI].id)
    assert submission.late


def test_nothing_that_was_handed_in_is_of_today(once: Platform) -> None:
    _, shs, l2 = known(once)
    known_record = record.read(once.settings.state)
    with once.database.read() as connection:
        every = exchange.submissions(connection, shs.key) + exchange.submissions(connection, l2.key)
        released = {
            (course.key, assignment.name): exchange.releases(connection, course.key, assignment.name)[0].released_at
            for course in (shs, l2)
            for assignment in exchange.assignments(connection, course.key)
        }
    assert known_record is not None
    assert len(every) == 13 + 3 + 12
    assert all(released[s.course, s.assignment] < s.received_at < known_record.today for s in every)
