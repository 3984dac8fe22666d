"""The zip in a request's body, read no further than the site's limit."""

from typing import Annotated

from fastapi import Depends, Request

from hub_services.exchange import rules
from hub_services.exchange.keep import MEBIBYTE
from hub_services.web.platform import platform_of

_DRAINED_TIMES = 8


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


async def _submission(request: Request) -> bytes:
    return await read_bounded(request, platform_of(request).settings.exchange.submission_mebibytes)


async def _course_files(request: Request) -> bytes:
    return await read_bounded(request, platform_of(request).settings.exchange.course_file_mebibytes)


SubmissionZip = Annotated[bytes, Depends(_submission)]
CourseZip = Annotated[bytes, Depends(_course_files)]
