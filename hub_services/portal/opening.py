"""Opening a workspace: ask the hub, explain the wait, then go to the person's own origin."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import httpx2 as httpx
from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from himalia_exchange.wire import State
from sqlalchemy import Connection
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import RedirectResponse, Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.portal.addresses import entrance
from hub_services.web import metrics
from hub_services.web.i18n import N_, Translator, translate
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal

router = APIRouter()

STAGES = {
    "membership": N_("Your place in the course is being checked."),
    "folder": N_("Your folder is being prepared: what you left there is there."),
    "environment": N_("The course's environment is being opened."),
    "server": N_("JupyterLab is starting: a few seconds."),
}
_WAITING = N_("Your workspace is being started.")
_NOT_STARTED = N_(
    "The workspace did not start. Your files are as they were. Please try again; tell your teacher if it happens twice."
)
_NO_HUB = N_("Workspaces cannot be opened for a few seconds; those that are open go on. Please try again in a moment.")
_SPOKEN = re.compile(r"SpawnException\(.*?\): (?P<words>.+)", re.DOTALL)  # our spawner's own sentence, in the hub's wrapping


@dataclass(frozen=True)
class Door:
    """Which workspace is opened, and on what."""

    course: courses.Course
    person: str
    assignment: str
    author: bool
    target: str

    @property
    def query(self) -> str:
        """What the waiting page needs to know again."""
        return (f"?assignment={self.assignment}" if self.assignment else "") + ("&author=true" if self.author else "")


def door(
    platform: Platform, connection: Connection, me: people.Person, slug: str, assignment: str = "", author: bool = False
) -> Door:
    """The workspace of `me` in the course at `slug`. Raises Refusal."""
    entered = courses.enter(platform, connection, me, slug, Right.AUTHOR if author else Right.OPEN)
    if assignment:
        found = exchange.assignment(connection, entered.course.key, assignment)
        if found.state is State.DRAFT and not entered.membership.may(Right.AUTHOR):
            raise Refusal(404, N_("This page does not exist"), N_("There is no such assignment in this course, or not yet."))
    target = entrance(platform.settings.addresses.public_url, me.id, entered.course.key, assignment, author=author)
    return Door(entered.course, me.id, assignment, author, target)


@router.post("/courses/{slug}/open")
def open_workspace(
    request: Request,
    slug: str,
    me: SignedIn,
    assignment: Annotated[str, Form()] = "",
    author: Annotated[bool, Form()] = False,
) -> Response:
    """Start the workspace; straight into it when it runs already."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        opened = door(platform, connection, me, slug, assignment, author)
    metrics.OPENINGS.inc()
    platform.hub.start(me.id, opened.course.key)
    if platform.hub.server(me.id, opened.course.key).ready:
        return RedirectResponse(opened.target, 303)
    return RedirectResponse(f"/courses/{slug}/opening{opened.query}", 303)


@router.get("/courses/{slug}/opening")
def opening(request: Request, slug: str, me: SignedIn, assignment: str = "", author: bool = False) -> Response:
    """The page that explains the wait; without its script it asks again every three seconds."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        opened = door(platform, connection, me, slug, assignment, author)
    state = platform.hub.server(me.id, opened.course.key)
    if state.ready:
        return RedirectResponse(opened.target, 303)
    is_starting = state.pending is not None
    return render(
        request, "portal/opening.html", door=opened, is_starting=is_starting, waiting=_WAITING, not_started=_NOT_STARTED
    )


@router.get("/courses/{slug}/opening/events")
def opening_events(request: Request, slug: str, me: SignedIn, assignment: str = "", author: bool = False) -> Response:
    """The start as it goes (SSE): `stage`, `progress`, then `goto` or `failed`."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        opened = door(platform, connection, me, slug, assignment, author)
    return EventSourceResponse(_events(platform, translate(request), opened))


async def _events(platform: Platform, words: Translator, opened: Door) -> AsyncIterator[ServerSentEvent]:
    try:
        async for event in platform.hub.progress(opened.person, opened.course.key):
            for told in _told(words, opened, event):
                yield told
            if event.get("ready") or event.get("failed"):
                return
        ready = (await run_in_threadpool(platform.hub.server, opened.person, opened.course.key)).ready
    except (httpx.HTTPError, Refusal):
        yield ServerSentEvent(event="failed", data=words.gettext(_NO_HUB))
        return
    end = ("goto", opened.target) if ready else ("failed", words.gettext(_NOT_STARTED))
    yield ServerSentEvent(event=end[0], data=end[1])


def _told(words: Translator, opened: Door, event: dict[str, Any]) -> list[ServerSentEvent]:
    """One event of the hub as the page's events."""
    if event.get("ready"):
        return [ServerSentEvent(event="goto", data=opened.target)]
    if event.get("failed"):
        return [ServerSentEvent(event="failed", data=reason(str(event.get("message", ""))) or words.gettext(_NOT_STARTED))]
    stage = STAGES.get(str(event.get("stage", "")), _WAITING)
    progress = ServerSentEvent(event="progress", data=f"{event.get('progress', 0)}/100")
    return [ServerSentEvent(event="stage", data=words.gettext(stage)), progress]


def reason(message: str) -> str:
    """Our spawner's own sentence in the hub's message of a failed start; empty for what was not written for people."""
    found = _SPOKEN.search(message)
    return " ".join(found["words"].split()) if found else ""
