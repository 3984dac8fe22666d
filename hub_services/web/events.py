"""Server-sent events: a job's lines, its progress and its end; a page that reloads goes on where it was."""

import asyncio
import re
from collections.abc import AsyncIterator

from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from hub_services.web.jobs import Job, LogLine
from hub_services.web.platform import Platform, platform_of

_LOOK_SECONDS = 0.4
_ID = re.compile("[0-9]{1,15}")


def follow_job(request: Request, job: int) -> EventSourceResponse:
    """The events of `job`: `line` (id = log id), `progress` ("3/12"), then `end`. Check the right before calling."""
    after = request.headers.get("last-event-id", "0")
    seen = int(after) if _ID.fullmatch(after) else 0
    return EventSourceResponse(_events(platform_of(request), job, seen))


async def _events(platform: Platform, job: int, after: int) -> AsyncIterator[ServerSentEvent]:
    shown = (-1, -1)
    while True:
        state, lines = await run_in_threadpool(_look, platform, job, after)
        for line in lines:
            after = line.id
            yield ServerSentEvent(event="line", id=str(line.id), data=line.text)
        if state is None:
            return
        if (state.done, state.total) != shown:
            shown = (state.done, state.total)
            yield ServerSentEvent(event="progress", data=f"{state.done}/{state.total}")
        if not state.is_live and not lines:
            yield ServerSentEvent(event="end", data=state.state)
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _look(platform: Platform, job: int, after: int) -> tuple[Job | None, list[LogLine]]:
    with platform.database.read() as connection:
        return platform.jobs.get(connection, job), platform.jobs.log_after(connection, job, after)
