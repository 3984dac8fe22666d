"""The worker: what becomes of a handler that ends, refuses, breaks, is told to stop, or has lost its job."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hub_services import worker
from hub_services.app import FEATURES
from hub_services.web.feature import JobHandler
from hub_services.web.jobs import ClaimedJob, Job, JobFailed
from hub_services.web.platform import Platform
from tests.unit.conftest import Clock


@pytest.fixture
def runs(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Callable[[JobHandler], Job]:
    """Run one job with that handler, and return the job as a page shows it then."""

    def run(handler: JobHandler) -> Job:
        monkeypatch.setattr(worker, "HANDLERS", {"try": handler})
        with platform.database.begin() as connection:
            number = platform.jobs.enqueue(connection, kind="try", key="k", payload={"n": 1})
        job = platform.jobs.claim(("try",))
        assert job
        worker.run_job(platform, job)
        with platform.database.read() as connection:
            found = platform.jobs.get(connection, number)
        assert found
        return found

    return run


Runs = Callable[[JobHandler], Job]


def test_a_handler_that_ends_leaves_its_result(runs: Runs) -> None:
    ended = runs(lambda _platform, job: {"twice": job.payload["n"] * 2})
    assert (ended.state, ended.result) == ("done", {"twice": 2})


def test_an_expected_failure_leaves_its_sentence(runs: Runs) -> None:
    def handler(_platform: Platform, _job: ClaimedJob) -> dict[str, Any]:
        raise JobFailed("numpy cannot be both.")

    ended = runs(handler)
    assert (ended.state, ended.reason) == ("failed", "numpy cannot be both.")


def test_a_fault_leaves_no_detail_and_the_worker_goes_on(runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    def handler(_platform: Platform, _job: ClaimedJob) -> dict[str, Any]:
        raise ZeroDivisionError("the password is x")

    ended = runs(handler)
    assert (ended.state, ended.reason) == ("failed", "fault")
    assert "the password is x" in caplog.text, "who runs the platform reads it in the log"
    assert runs(lambda _platform, _job: {}).state == "done"


def test_a_handler_that_was_told_to_stop_says_so(runs: Runs, platform: Platform) -> None:
    def handler(platform: Platform, job: ClaimedJob) -> dict[str, Any]:
        with platform.database.begin() as connection:
            platform.jobs.cancel(connection, job.id)
        return {"cancelled": job.cancelled(), "done": 3}

    ended = runs(handler)
    assert ended.state == "cancelled"
    assert ended.result == {"cancelled": True, "done": 3}


def test_who_lost_the_job_leaves_no_trace(runs: Runs, clock: Clock) -> None:
    def handler(platform: Platform, job: ClaimedJob) -> dict[str, Any]:
        clock.move(seconds=21)
        other = platform.jobs.claim(("try",))
        assert other
        platform.jobs.finish(other, "done", result={"by": "other"})
        with platform.database.begin() as connection:
            job.fence(connection)
        return {"by": "me"}

    ended = runs(handler)
    assert (ended.state, ended.result) == ("done", {"by": "other"})


def test_every_kind_of_job_has_one_handler() -> None:
    kinds = [kind for feature in FEATURES for kind in feature.jobs]
    handlers: Mapping[str, JobHandler] = worker.HANDLERS
    assert sorted(kinds) == sorted(handlers)
    assert len(kinds) == len(set(kinds))
