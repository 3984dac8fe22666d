"""The server half over HTTP: each handler reads its arguments, calls one action in a thread, answers JSON."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_escape, url_path_join
from tornado import web

from himalia_lab import actions, assignments
from himalia_lab.answers import Answer, answer_to
from himalia_lab.desk import Desk
from himalia_lab.opening_page import opening_page
from himalia_lab.sources import Choice, open_source
from himalia_lab.workspace import known_name

SETTING = "himalia_desk"
RESOURCE = "himalia"
P = ParamSpec("P")
T = TypeVar("T")


class Refused(web.HTTPError):
    """Carries an expected failure to the page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.title)
        self.answer = answer


class _OnDesk(JupyterHandler):
    auth_resource = RESOURCE

    @property
    def desk(self) -> Desk:
        desk: Desk = self.settings[SETTING]
        return desk

    async def in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what blocks off the event loop; its expected failures become Refused."""
        return await self._told(asyncio.to_thread(call, *args, **kwargs))

    async def in_turn(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same, in the one thread that touches versions."""
        turn = asyncio.get_running_loop().run_in_executor(self.desk.keeper.thread, partial(call, *args, **kwargs))
        return await self._told(turn)

    async def _told(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except Exception as error:
            answer = answer_to(error)
            if answer is None:
                raise
            raise Refused(answer) from error


class _Api(_OnDesk, APIHandler):
    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        if not isinstance(error, Refused):
            super().write_error(status_code, **kwargs)
            return
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(error.answer.for_page()))

    def body(self, *names: str) -> tuple[str, ...]:
        """The named texts of the JSON body; one that is missing or is no text is the caller's mistake."""
        content = self.get_json_body()
        found = tuple(content.get(name, "") for name in names) if isinstance(content, dict) else ()
        if len(found) != len(names) or not all(isinstance(value, str) for value in found):
            raise web.HTTPError(400, f"The body is a JSON object with {', '.join(names)}.")
        return found


class Assignments(_Api):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish({"assignments": await self.in_thread(self.desk.listed)})


class Submit(_Api):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        assignment, key = self.body("assignment", "key")
        receipt = await self.in_thread(actions.submit, self.desk, assignment, key)
        await self.in_turn(actions.keep_submitted, self.desk, assignment)
        self.finish(receipt)


class Submissions(_Api):
    @web.authenticated
    @authorized
    async def get(self, assignment: str) -> None:
        self.finish({"submissions": await self.in_thread(actions.submissions, self.desk, assignment)})


class SubmissionFile(_Api):
    @web.authenticated
    @authorized
    async def get(self, assignment: str, identifier: str) -> None:
        content = await self.in_thread(self.desk.exchange().submission, identifier)
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", f'attachment; filename="{assignment}-{identifier}.zip"')
        self.finish(content)


class Versions(_Api):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        path = self.get_query_argument("path")
        self.finish({"versions": await self.in_turn(actions.versions, self.desk, path)})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        path, identifier = self.body("path", "version")
        await self.in_turn(self.desk.keeper.restore, path, identifier)
        self.finish({"versions": await self.in_turn(actions.versions, self.desk, path)})


class VersionContent(_Api):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        path, identifier = self.get_query_argument("path"), self.get_query_argument("version")
        self.set_header("Content-Type", "application/json")
        self.finish(await self.in_turn(self.desk.keeper.content, path, identifier))


class Restart(_Api):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        path = self.get_query_argument("path")
        self.finish({"questions": await self.in_thread(actions.questions, self.desk, path)})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        path, question = self.body("path", "question")
        sujet = await self.in_thread(actions.sujet_of, self.desk, path)
        await self.in_turn(actions.start_again, self.desk, path, sujet, question)
        self.finish({"versions": await self.in_turn(actions.versions, self.desk, path)})


class Source(_Api):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        assignment, chosen = self.body("assignment", "choice")
        if chosen not in list(Choice):
            raise web.HTTPError(400, f"choice is one of {', '.join(map(repr, map(str, Choice)))}.")
        if chosen == Choice.THEIRS:
            await self.in_turn(actions.keep_source, self.desk, assignment)
        sent = await self.in_thread(actions.send_source, self.desk, assignment, Choice(chosen))
        self.finish({"sent": sent.sent, "sha256": sent.sha256})


class _Opening(_OnDesk):
    async def bring(self, assignment: str, source: bool) -> str:
        """The path of the assignment's first notebook, which is there now."""
        open_it = open_source if source else assignments.open_copy
        return await self.in_thread(open_it, self.desk.exchange(), self.desk.workspace, assignment)

    async def go(self, assignment: str, source: bool) -> None:
        try:
            path = await self.bring(assignment, source)
        except Refused as refused:
            self._explain(assignment, refused.answer)
        else:
            self.redirect(url_path_join(self.base_url, "lab/tree", url_escape(path)))

    def _explain(self, assignment: str, answer: Answer) -> None:
        self.set_status(answer.status)
        language = self.desk.language or self.request.headers.get("Accept-Language", "")
        self.finish(opening_page(assignment, answer, language, self.request.uri or "", f"{self.base_url}lab"))


class OpenHere(_Opening, _Api):
    """The same from within Lab: no new page, only the path."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        (assignment,) = self.body("assignment")
        self.finish({"path": await self.bring(known_name(assignment), self.desk.course.may_author)})


class Open(_Opening):
    """What an assignment's card points at: a student's copy, an author's source."""

    @web.authenticated
    @authorized
    async def get(self, assignment: str) -> None:
        await self.go(assignment, source=self.desk.course.may_author)


class Author(_Opening):
    @web.authenticated
    @authorized
    async def get(self, assignment: str) -> None:
        await self.go(assignment, source=True)


_NAME = r"([A-Za-z0-9][A-Za-z0-9_.-]{0,63})"
ROUTES: tuple[tuple[str, type[JupyterHandler]], ...] = (
    (rf"himalia/open/{_NAME}", Open),
    (rf"himalia/author/{_NAME}", Author),
    (r"himalia/api/assignments", Assignments),
    (r"himalia/api/open", OpenHere),
    (r"himalia/api/submit", Submit),
    (rf"himalia/api/submissions/{_NAME}", Submissions),
    (rf"himalia/api/submissions/{_NAME}/([A-Za-z0-9_-]{{1,64}})\.zip", SubmissionFile),
    (r"himalia/api/versions", Versions),
    (r"himalia/api/versions/content", VersionContent),
    (r"himalia/api/restart", Restart),
    (r"himalia/api/source", Source),
)
