"""Ask the web application for the launch specification: no specification, no start."""

import json

from jupyterhub.spawner import SpawnException
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.log import app_log

from hub_config.access.launch import LaunchRefusal, LaunchSpecification
from hub_config.spawners import words

_SECONDS = 10


async def ask(url: str, token: str, person: str, course: str, language: str) -> LaunchSpecification:
    """The specification for this start. Raises SpawnException with words for the person."""
    request = HTTPRequest(
        f"{url}/internal/launch",
        method="POST",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        body=json.dumps({"person": person, "course": course}),
        connect_timeout=_SECONDS,
        request_timeout=_SECONDS,
    )
    try:
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        if answer.code == 200:
            return _checked(LaunchSpecification.model_validate_json(answer.body), person, course)
        if answer.code == 403:
            message = LaunchRefusal.model_validate_json(answer.body).message
            raise SpawnException(message, reason="launch_refused", status_code=403)
    except (OSError, HTTPClientError, ValueError) as error:
        raise _unavailable(language, str(error)) from error
    raise _unavailable(language, f"{url} answered {answer.code}")


def _checked(specification: LaunchSpecification, person: str, course: str) -> LaunchSpecification:
    """The specification, if it is the one that was asked for: names of folders and control groups come from it."""
    if (specification.person, specification.course) != (person, course):
        raise ValueError("the specification is for another server")
    return specification


def _unavailable(language: str, log: str) -> SpawnException:
    # Not as the exception's log message: the hub's progress stream shows that one to the person.
    app_log.error("no launch specification: %s", log)
    return SpawnException(words.refusal("unavailable", language), reason="launch_unavailable", status_code=503)
