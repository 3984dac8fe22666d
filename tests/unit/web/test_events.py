"""A job as a page follows it: its lines, its progress, its end; a page that reloads goes on where it was."""

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from hub_services.web.events import follow_job
from hub_services.web.jobs import ClaimedJob
from hub_services.web.platform import Platform


@pytest.fixture
def browser(platform: Platform) -> TestClient:
    app = FastAPI()
    app.state.platform = platform

    @app.get("/events/{job}")
    def events(request: Request, job: int) -> Response:
        return follow_job(request, job)

    return TestClient(app)


def ended(platform: Platform) -> ClaimedJob:
    with platform.database.begin() as connection:
        platform.jobs.enqueue(connection, kind="grade", key="tp1", payload={})
    job = platform.jobs.claim(("grade",))
    assert job
    job.log("one")
    job.log("two\nlines")
    job.progress(3, 12)
    platform.jobs.finish(job, "done")
    return job


def told(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.startswith(("event", "data"))]


def test_lines_then_progress_then_the_end(browser: TestClient, platform: Platform) -> None:
    job = ended(platform)
    answer = browser.get(f"/events/{job.id}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert told(answer.text) == [
        "event: line",
        "data: one",
        "event: line",
        "data: two",
        "data: lines",
        "event: progress",
        "data: 3/12",
        "event: end",
        "data: done",
    ]


def test_a_page_that_reloads_misses_and_repeats_nothing(browser: TestClient, platform: Platform) -> None:
    job = ended(platform)
    with platform.database.read() as connection:
        first = platform.jobs.log_after(connection, job.id)[0].id
    text = browser.get(f"/events/{job.id}", headers={"last-event-id": str(first)}).text
    assert "data: one" not in text
    assert "data: two" in text


@pytest.mark.parametrize("header", [b"", b"x", b"-1", b"9" * 30, b"\xb2"])
def test_a_doubtful_place_to_go_on_from_is_no_error(header: bytes, browser: TestClient, platform: Platform) -> None:
    job = ended(platform)
    assert "event: end" in browser.get(f"/events/{job.id}", headers={b"last-event-id": header}).text


def test_a_job_that_never_was_ends_at_once(browser: TestClient) -> None:
    assert told(browser.get("/events/77").text) == []
