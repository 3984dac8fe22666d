"""What the hub asks before it starts a server; on the internal port, with the launch token."""

import hmac

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response

from hub_config.access.launch import LaunchRefusal
from hub_services.courses.launch import launch
from hub_services.web.platform import Platform, platform_of

internal = APIRouter()


class LaunchRequest(BaseModel):
    """Which server the hub is about to start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str
    course: str


@internal.post("/internal/launch")
def launch_specification(request: Request, asked: LaunchRequest) -> Response:
    """200 with a specification, 403 with a refusal in the person's language, 401 for anyone but the hub."""
    platform = platform_of(request)
    if not _is_hub(platform, request.headers.get("authorization", "")):
        return JSONResponse({"message": "this port answers the hub alone"}, 401)
    with platform.database.read() as connection:
        answer = launch(platform, connection, asked.person, asked.course)
    return JSONResponse(answer.model_dump(mode="json"), 403 if isinstance(answer, LaunchRefusal) else 200)


def _is_hub(platform: Platform, header: str) -> bool:
    scheme, _, token = header.partition(" ")
    expected = platform.secrets.read("launch_token")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), expected.encode())
