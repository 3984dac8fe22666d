"""A whole grading run on the platform's own tables: real copies, the real engine, real sandboxes."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from himalia_exchange.archive import pack
from sqlalchemy import update

from hub_cli.demo.content import courses as demo_courses
from hub_cli.demo.models import DemoAssignment
from hub_cli.one_machine.environments import SHARED_STORE, ensure_bare
from hub_config.access.roles import Role
from hub_config.settings.model import EnvironmentSettings, GradingSettings, Settings
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import api as grading
from hub_services.grading import rules, run, store
from hub_services.grading.models import Copy
from hub_services.people import store as people
from hub_services.people.api import Person, enrol
from hub_services.web.jobs import LeaseLost
from hub_services.web.platform import Platform, assemble
from hub_services.web.schema import upgrade
from hub_services.web.tables import jobs
from hub_services.worker import run_job
from tests.service.conftest import STORE


@dataclass(frozen=True)
class Class:
    """A course with an assignment that everybody has handed in."""

    platform: Platform
    course: courses.Course
    teacher: Person
    names: dict[str, str]  # login -> person

    def grade(self, **more: Any) -> dict[str, Copy]:
        with self.platform.database.begin() as connection:
            grading.ask(self.platform, connection, self.course.key, "predire-un-loyer", self.teacher.id, **more)
        job = self.platform.jobs.claim((run.KIND,))
        assert job is not None
        run_job(self.platform, job)
        with self.platform.database.read() as connection:
            done = self.platform.jobs.get(connection, job.id)
            assert done is not None
            assert done.state == "done", done.reason
            return store.copies_of(connection, self.course.key, "predire-un-loyer")


def rent() -> DemoAssignment:
    return next(a for course in demo_courses() for a in course.assignments if "loyer" in a.title.lower())


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    monkeypatch.setenv(SHARED_STORE, str(STORE))
    ensure_bare(tmp_path, EnvironmentSettings().default_requirements, "", tmp_path / "log")
    made = assemble(Settings(state=tmp_path, grading=GradingSettings(cell_seconds=2, copy_seconds=60)))
    upgrade(made.database)
    yield made
    made.database.engine.dispose()


@pytest.fixture
def a_class(platform: Platform) -> Class:
    """Three good copies."""
    good = tuple(one for one in rent().submissions if one.note.startswith("good"))[:3]
    return _filled(platform, replace(rent(), submissions=good))


def _filled(platform: Platform, assignment: DemoAssignment) -> Class:
    with platform.database.begin() as connection:
        teacher = people.add_person(connection, name="Karim", email="", now=platform.now())
        course = courses.create(platform, connection, teacher, courses.NewCourse("Équité", "fr"))
    exchange.release(platform, course.key, teacher.id, "predire-un-loyer", pack(assignment.source))
    names = {}
    for submission in assignment.submissions:
        login = submission.student.login
        if login not in names:
            with platform.database.begin() as connection:
                person = people.add_person(connection, name=login, email="", now=platform.now())
                enrol(connection, person.id, course.key, Role.STUDENT, source="demo", now=platform.now())
            names[login] = person.id
        exchange.submit(platform, course.key, names[login], "predire-un-loyer", pack(submission.files), submission.note)
    return Class(platform, course, teacher, names)


def test_every_copy_is_graded_whatever_is_in_it(platform: Platform) -> None:
    a_class = _filled(platform, rent())
    copies = a_class.grade()
    assert set(copies) == set(a_class.names.values())
    notes = {submission.note: copies[a_class.names[submission.student.login]] for submission in rent().submissions}
    assert any(copy.is_suspect for copy in notes.values()), "the cheat is not flagged"
    limits = [flag for copy in notes.values() for flag in copy.flags if flag.kind == "limit"]
    assert limits, "the endless loop is not explained"
    alike = {note for note, copy in notes.items() for flag in copy.flags if flag.kind == "similar"}
    assert {"half of a similar pair" in note or "the other half" in note for note in alike} == {True}
    scores = {rules.total(copy, {}).score for copy in copies.values()}
    assert len(scores) > 2


def test_what_has_not_changed_is_not_graded_again(a_class: Class) -> None:
    first = a_class.grade()
    assert a_class.grade() == first
    again = a_class.grade(again=True)
    assert {p: c.notebooks for p, c in again.items()} == {p: c.notebooks for p, c in first.items()}
    assert all(again[person].graded_at > copy.graded_at for person, copy in first.items())


def test_a_worker_that_lost_its_lease_writes_no_copy(platform: Platform, a_class: Class) -> None:
    with platform.database.begin() as connection:
        number = grading.ask(platform, connection, a_class.course.key, "predire-un-loyer", a_class.teacher.id)
    job = platform.jobs.claim((run.KIND,))
    assert job is not None
    with platform.database.begin() as connection:
        connection.execute(update(jobs).where(jobs.c.id == number).values(attempt=7))
    with pytest.raises(LeaseLost):
        run.grade(platform, job)
    with platform.database.read() as connection:
        assert store.copies_of(connection, a_class.course.key, "predire-un-loyer") == {}


def test_a_run_that_is_stopped_keeps_what_is_done(platform: Platform, a_class: Class) -> None:
    with platform.database.begin() as connection:
        number = grading.ask(platform, connection, a_class.course.key, "predire-un-loyer", a_class.teacher.id)
    job = platform.jobs.claim((run.KIND,))
    assert job is not None
    with platform.database.begin() as connection:
        platform.jobs.cancel(connection, number)
    worker = threading.Thread(target=run_job, args=(platform, job))
    worker.start()
    worker.join(120)
    with platform.database.read() as connection:
        done = platform.jobs.get(connection, number)
    assert done is not None
    assert done.state == "cancelled"
    assert len(a_class.grade()) == len(a_class.names)
