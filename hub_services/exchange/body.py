"""The zip in a request's body, read no further than the site's limit, a few large ones at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from hub_services.exchange import rules
from hub_services.exchange.keep import MEBIBYTE
from hub_services.web.platform import platform_of

_DRAINED_TIMES = 8
_LARGE = 8 * MEBIBYTE
_LARGE_AT_A_TIME = 4


async def read_bounded(request: Request, mebibytes: int) -> bytes:
    """The whole body. Raises Refusal for one that is larger than `mebibytes`.

    What is too large is read on and thrown away, up to a bound: a connection that is cut while the other side still
    writes loses the answer, and nobody would read why.
    """
    kept, seen = bytearray(), 0
    async for part in request.stream():
        seen += len(part)
        if seen > mebibytes * MEBIBYTE:
            kept.clear()
        else:
            kept += part
        if seen > _DRAINED_TIMES * mebibytes * MEBIBYTE:
            break
    rules.check_size(seen, mebibytes)
    return bytes(kept)


@asynccontextmanager
async def turn(request: Request) -> AsyncIterator[None]:
    """Wait for a turn where the body is large or of unknown size: memory is then bounded, whatever a class does at once."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) <= _LARGE:
        yield
        return
    state = request.app.state
    if not hasattr(state, "large_bodies"):
        state.large_bodies = asyncio.Semaphore(_LARGE_AT_A_TIME)
    async with state.large_bodies:
        yield


async def _submission(request: Request) -> AsyncIterator[bytes]:
    async with turn(request):
        yield await read_bounded(request, platform_of(request).settings.exchange.submission_mebibytes)


async def _course_files(request: Request) -> AsyncIterator[bytes]:
    async with turn(request):
        yield await read_bounded(request, platform_of(request).settings.exchange.course_file_mebibytes)


SubmissionZip = Annotated[bytes, Depends(_submission)]
CourseZip = Annotated[bytes, Depends(_course_files)]
