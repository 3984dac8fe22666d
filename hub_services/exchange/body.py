"""The zip in a request's body, read no further than the site's limit."""

from typing import Annotated

from fastapi import Depends, Request

from hub_services.exchange import rules
from hub_services.web.platform import platform_of


async def read_bounded(request: Request, mebibytes: int) -> bytes:
    """The whole body. Raises Refusal as soon as it is known to be larger than `mebibytes`."""
    declared = request.headers.get("content-length", "0")
    rules.check_size(int(declared) if declared.isdigit() else 0, mebibytes)
    parts = bytearray()
    async for part in request.stream():
        parts += part
        rules.check_size(len(parts), mebibytes)
    return bytes(parts)


async def _submission(request: Request) -> bytes:
    return await read_bounded(request, platform_of(request).settings.exchange.submission_mebibytes)


async def _course_files(request: Request) -> bytes:
    return await read_bounded(request, platform_of(request).settings.exchange.course_file_mebibytes)


SubmissionZip = Annotated[bytes, Depends(_submission)]
CourseZip = Annotated[bytes, Depends(_course_files)]
