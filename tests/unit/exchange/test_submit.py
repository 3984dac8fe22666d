"""Handing in: kept or refused, never in between."""

import errno
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from himalia_exchange.archive import pack
from himalia_exchange.wire import LatePolicy
from sqlalchemy import Connection

from hub_services.exchange import api, hooks
from hub_services.exchange.feature import FEATURE
from hub_services.people.api import Person
from hub_services.web.files import Files
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal
from tests.unit.conftest import Clock
from tests.unit.exchange.conftest import COURSE, copy


def hand_in(platform: Platform, person: Person, archive: bytes = copy(), key: str = "") -> api.Submission:
    return api.submit(platform, COURSE, person.id, "tp1", archive, key)


def standing(platform: Platform, person: Person) -> api.Standing:
    with platform.database.read() as connection:
        return api.standings_of_person(connection, COURSE, person.id)[0]


def kept(platform: Platform) -> list[api.Submission]:
    with platform.database.read() as connection:
        return api.submissions(connection, COURSE)


def test_the_receipt_proves_what_is_kept(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    archive = copy()
    receipt = api.receipt(hand_in(platform, student, archive))
    assert receipt.sha256 == hashlib.sha256(archive).hexdigest()
    assert receipt.received_at == platform.now()
    assert not receipt.late
    assert [file.path for file in receipt.files] == ["tp1.ipynb"]
    assert api.zip_of(platform, kept(platform)[0]) == archive


def test_the_text_of_a_receipt_holds_the_proof(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    made = hand_in(platform, student)
    text = api.receipt_text(made)
    assert made.sha256 in text
    assert made.id in text
    assert "2026-03-02T09:00:00+00:00" in text


def test_again_makes_a_second_receipt_and_the_last_counts(
    platform: Platform, tp1: api.Assignment, student: Person, clock: Clock
) -> None:
    first = hand_in(platform, student)
    clock.move(minutes=1)
    second = hand_in(platform, student)
    assert first.id != second.id
    assert standing(platform, student).counting == second


def test_the_same_key_gives_the_same_receipt(platform: Platform, tp1: api.Assignment, student: Person, clock: Clock) -> None:
    first = hand_in(platform, student, key="k")
    clock.move(hours=3)
    assert hand_in(platform, student, key="k") == first
    assert len(kept(platform)) == 1


def test_the_same_key_with_other_bytes_is_refused(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    hand_in(platform, student, key="k")
    with pytest.raises(Refusal) as caught:
        hand_in(platform, student, copy("other"), key="k")
    assert caught.value.status == 409
    assert len(kept(platform)) == 1


def test_a_key_is_ones_own(platform: Platform, tp1: api.Assignment, student: Person, somebody: Callable[..., Person]) -> None:
    mine = hand_in(platform, student, key="k")
    theirs = hand_in(platform, somebody("Bo", COURSE), key="k")
    assert mine.id != theirs.id


def test_after_the_deadline_it_is_refused(platform: Platform, tp1: api.Assignment, student: Person, clock: Clock) -> None:
    clock.move(hours=1)
    assert not hand_in(platform, student).late
    clock.move(seconds=1)
    with pytest.raises(Refusal, match="deadline"):
        hand_in(platform, student)


def test_or_marked_late_as_the_course_says(platform: Platform, tp1: api.Assignment, student: Person, clock: Clock) -> None:
    with platform.database.begin() as connection:
        api.edit(connection, COURSE, "tp1", api.AssignmentEdit(late_policy=LatePolicy.ACCEPT))
    clock.move(hours=2)
    assert hand_in(platform, student).late
    assert standing(platform, student).counting_is_late


def test_an_extension_is_for_one_person(
    platform: Platform, tp1: api.Assignment, student: Person, somebody: Callable[..., Person], clock: Clock
) -> None:
    with platform.database.begin() as connection:
        api.extend(platform, connection, COURSE, "tp1", student.id, platform.now() + timedelta(hours=3), "p-t")
    clock.move(hours=2)
    assert not hand_in(platform, student).late
    with pytest.raises(Refusal, match="deadline"):
        hand_in(platform, somebody("Bo", COURSE))


def test_an_extension_is_later_than_the_deadline(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    with platform.database.begin() as connection, pytest.raises(Refusal, match="not later"):
        api.extend(platform, connection, COURSE, "tp1", student.id, platform.now(), "p-t")


@pytest.mark.parametrize(
    ("archive", "status"),
    [(pack({}), 422), (copy(more={"out.exe": b"MZ"}), 422), (b"not a zip", 422), (bytes(101 * 1024 * 1024), 413)],
    ids=["empty", "wrong type", "no zip", "too large"],
)
def test_bad_input_keeps_nothing(platform: Platform, tp1: api.Assignment, student: Person, archive: bytes, status: int) -> None:
    with pytest.raises(Refusal) as caught:
        hand_in(platform, student, archive)
    assert caught.value.status == status
    assert not kept(platform)


def test_what_the_release_handed_out_may_come_back(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    assert hand_in(platform, student, copy(more={"page.png": b"\x89PNG changed"})).id


def test_a_draft_is_not_there(platform: Platform, teacher: Person, student: Person) -> None:
    with platform.database.begin() as connection:
        api.create(platform, connection, COURSE, teacher.id, "TP1", "tp1")
    with pytest.raises(Refusal, match="no such assignment"):
        hand_in(platform, student)


def test_a_withdrawn_one_takes_nothing(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    with platform.database.begin() as connection:
        api.withdraw(connection, COURSE, "tp1")
    with pytest.raises(Refusal, match="withdrawn"):
        hand_in(platform, student)


class FullDisk(Files):
    def _write(self, *_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_acknowledges_nothing(platform: Platform, tp1: api.Assignment, student: Person, tmp_path: Path) -> None:
    full = replace(platform, files=FullDisk(tmp_path / "full"))
    with pytest.raises(Refusal) as caught:
        hand_in(full, student)
    assert caught.value.status == 507
    assert not kept(platform)
    assert hand_in(platform, student).id


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_higher_feature_is_told_in_the_same_transaction(
    platform: Platform, tp1: api.Assignment, student: Person, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_SUBMITTED", [])

    @api.on_submitted
    def grade(platform: Platform, connection: Connection, made: api.Submission) -> None:
        platform.jobs.enqueue(connection, kind="grade", key=made.id, payload={})
        told.append(made.id)

    made = hand_in(platform, student, key="k")
    hand_in(platform, student, key="k")
    assert told == [made.id]
    with platform.database.read() as connection:
        assert platform.jobs.latest(connection, "grade", made.id)


def test_its_failure_loses_no_submission(
    platform: Platform, tp1: api.Assignment, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_SUBMITTED", [])

    @api.on_submitted
    def grade(platform: Platform, connection: Connection, made: api.Submission) -> None:
        platform.jobs.enqueue(connection, kind="grade", key=made.id, payload={})
        raise RuntimeError("grading is broken")

    made = hand_in(platform, student)
    assert kept(platform) == [made]
    with platform.database.read() as connection:
        assert platform.jobs.latest(connection, "grade", made.id) is None


def test_the_same_request_many_times_at_once_is_one_submission(platform: Platform, tp1: api.Assignment, student: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: hand_in(platform, student, key="k"), range(16)))
    assert len({each.id for each in made}) == 1
    assert len(kept(platform)) == 1


def test_erasing_a_person_leaves_no_row_of_theirs(
    platform: Platform, tp1: api.Assignment, student: Person, somebody: Callable[..., Person]
) -> None:
    api.fetch(platform, COURSE, student.id, "tp1")
    mine, other = hand_in(platform, student), hand_in(platform, somebody("Bo", COURSE))
    with platform.database.begin() as connection:
        api.extend(platform, connection, COURSE, "tp1", student.id, platform.now() + timedelta(days=1), "p-t")
        api.publish_feedback(platform, connection, mine, {"tp1.html": b"x"}, "p-t")
        held = FEATURE.export(connection, student.id) if FEATURE.export else {}
        assert {name: len(rows) for name, rows in held.items()} == dict.fromkeys(held, 1)
        assert set(held) == {"submissions", "fetches", "extensions", "feedback"}
        json.dumps(held)
        if FEATURE.erase:
            FEATURE.erase(connection, student.id)
        left = FEATURE.export(connection, student.id) if FEATURE.export else {}
    assert not any(left.values())
    assert kept(platform) == [other]


def test_a_program_that_hands_in_without_end_is_stopped_for_a_while(
    platform: Platform, tp1: api.Assignment, student: Person, somebody: Callable[..., Person], clock: Clock
) -> None:
    clock.move(minutes=-30)
    for number in range(60):
        hand_in(platform, student, key=f"k{number}")
    with pytest.raises(Refusal, match="very often"):
        hand_in(platform, student)
    assert hand_in(platform, student, key="k0").id
    assert hand_in(platform, somebody("Bo", COURSE)).id
    clock.move(minutes=61)
    assert hand_in(platform, student).id
