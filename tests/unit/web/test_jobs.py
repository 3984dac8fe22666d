"""Jobs: one at a time per key, leases, the fence, fair share, cancel, and lines that can be followed."""

from collections.abc import Callable
from typing import Any

import pytest

from hub_services.web.jobs import MAX_ATTEMPTS, ClaimedJob, Job, LeaseLost
from hub_services.web.platform import Platform
from tests.unit.conftest import Clock

KINDS = ("grade", "build")


def ask(platform: Platform, key: str = "tp1", course: str = "c", kind: str = "grade", **payload: Any) -> int:
    with platform.database.begin() as connection:
        return platform.jobs.enqueue(connection, kind=kind, key=key, course=course, payload=payload)


def claim(platform: Platform) -> ClaimedJob:
    job = platform.jobs.claim(KINDS)
    assert job
    return job


def seen(platform: Platform, job: int) -> Job:
    with platform.database.read() as connection:
        found = platform.jobs.get(connection, job)
    assert found
    return found


def test_a_job_goes_from_waiting_to_done(platform: Platform) -> None:
    number = ask(platform, students=12)
    assert seen(platform, number).state == "waiting"
    job = claim(platform)
    assert (job.id, job.payload, job.attempt) == (number, {"students": 12}, 1)
    assert seen(platform, number).state == "running"
    platform.jobs.finish(job, "done", result={"copies": 12})
    ended = seen(platform, number)
    assert (ended.state, ended.result, ended.is_live) == ("done", {"copies": 12}, False)
    assert platform.jobs.claim(KINDS) is None


def test_a_second_press_is_the_same_job_while_it_lives(platform: Platform) -> None:
    first = ask(platform)
    assert ask(platform) == first
    job = claim(platform)
    assert ask(platform) == first
    platform.jobs.finish(job, "done")
    assert ask(platform) != first


def test_another_kind_with_the_same_key_is_another_job(platform: Platform) -> None:
    assert ask(platform, kind="build") != ask(platform, kind="grade")


def test_a_job_exists_only_if_its_cause_does(platform: Platform) -> None:
    def press_and_fail() -> None:
        with platform.database.begin() as connection:
            platform.jobs.enqueue(connection, kind="grade", key="tp1", payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        press_and_fail()
    assert platform.jobs.claim(KINDS) is None


def test_a_worker_takes_only_the_kinds_it_knows(platform: Platform) -> None:
    ask(platform, kind="send-mail")
    assert platform.jobs.claim(KINDS) is None


def test_the_lease_runs_out_without_a_heartbeat_and_another_takes_over(platform: Platform, clock: Clock) -> None:
    ask(platform)
    first = claim(platform)
    clock.move(seconds=19)
    assert platform.jobs.claim(KINDS) is None
    platform.jobs.heartbeat(first)
    clock.move(seconds=19)
    assert platform.jobs.claim(KINDS) is None
    clock.move(seconds=2)
    second = claim(platform)
    assert (second.id, second.attempt) == (first.id, 2)


def test_who_lost_the_lease_writes_nothing_any_more(platform: Platform, clock: Clock) -> None:
    number = ask(platform)
    first = claim(platform)
    clock.move(seconds=21)
    second = claim(platform)
    writes: tuple[Callable[[], object], ...] = (
        lambda: platform.jobs.heartbeat(first),
        lambda: first.progress(1, 2),
        lambda: platform.jobs.finish(first, "done", result={"by": 1}),
    )
    for write in writes:
        with pytest.raises(LeaseLost):
            write()
    assert first.cancelled()
    assert not second.cancelled()
    platform.jobs.finish(second, "done", result={"by": 2})
    assert seen(platform, number).result == {"by": 2}


def test_a_result_and_its_fence_are_one_transaction(platform: Platform, clock: Clock) -> None:
    ask(platform, key="tp1")
    first = claim(platform)
    clock.move(seconds=21)
    claim(platform)

    def write_late() -> None:
        with platform.database.begin() as connection:
            platform.jobs.enqueue(connection, kind="build", key="side-effect", payload={})
            first.fence(connection)

    with pytest.raises(LeaseLost):
        write_late()
    with platform.database.read() as connection:
        assert platform.jobs.latest(connection, "build", "side-effect") is None


def test_an_ended_job_cannot_be_ended_again(platform: Platform) -> None:
    ask(platform)
    job = claim(platform)
    platform.jobs.finish(job, "failed", reason="no")
    with pytest.raises(LeaseLost):
        platform.jobs.finish(job, "done")


def test_a_job_that_kills_its_workers_is_given_up(platform: Platform, clock: Clock) -> None:
    number = ask(platform)
    for _ in range(MAX_ATTEMPTS):
        claim(platform)
        clock.move(seconds=21)
    assert platform.jobs.claim(KINDS) is None
    assert seen(platform, number).state == "failed"
    assert platform.jobs.claim(KINDS) is None


def test_courses_share_the_workers_fairly(platform: Platform) -> None:
    for number in range(3):
        ask(platform, key=f"big-{number}", course="big")
    ask(platform, key="small", course="small")
    taken = [claim(platform).course for _ in range(4)]
    assert taken == ["big", "small", "big", "big"]


def test_the_oldest_comes_first_within_a_course(platform: Platform) -> None:
    asked = [ask(platform, key=f"tp{number}") for number in range(3)]
    assert [claim(platform).id for _ in range(3)] == asked


def test_cancel_ends_what_waits_and_tells_what_runs(platform: Platform) -> None:
    running, waiting = ask(platform, key="a"), ask(platform, key="b")
    job = claim(platform)
    assert job.id == running
    with platform.database.begin() as connection:
        platform.jobs.cancel(connection, running)
        platform.jobs.cancel(connection, waiting)
    assert seen(platform, waiting).state == "cancelled"
    assert seen(platform, running).state == "running"
    assert job.cancelled()


def test_position_counts_who_waits_before(platform: Platform) -> None:
    first, second, third = (ask(platform, key=key) for key in "abc")
    with platform.database.read() as connection:
        assert [platform.jobs.position(connection, job) for job in (first, second, third)] == [0, 1, 2]
    claim(platform)
    with platform.database.read() as connection:
        assert platform.jobs.position(connection, third) == 1


def test_lines_are_read_on_from_the_last_one_seen(platform: Platform) -> None:
    number = ask(platform)
    job = claim(platform)
    job.log("one")
    job.log("two " + "x" * 9000)
    with platform.database.read() as connection:
        lines = platform.jobs.log_after(connection, number)
        assert [line.text[:3] for line in lines] == ["one", "two"]
        assert len(lines[1].text) == 4000
        assert [line.text[:3] for line in platform.jobs.log_after(connection, number, lines[0].id)] == ["two"]


def test_progress_and_counts_are_shown(platform: Platform) -> None:
    number = ask(platform)
    ask(platform, key="b", kind="build")
    claim(platform).progress(3, 12)
    state = seen(platform, number)
    assert (state.done, state.total) == (3, 12)
    assert platform.jobs.counts() == {("grade", "running"): 1, ("build", "waiting"): 1}
