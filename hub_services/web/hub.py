"""The hub's REST API as the web application uses it: servers, progress, who holds a token."""

import hashlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote

import httpx2

from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal
from hub_services.web.secrets import Secrets

_SCOPE = "access:servers!server="


@dataclass(frozen=True)
class ServerIdentity:
    """Whose server a token belongs to, and in which course; it counts for nothing else (law 6)."""

    person: str
    course: str


@dataclass(frozen=True)
class ServerState:
    """A server as the hub sees it."""

    running: bool
    ready: bool
    pending: str | None


@dataclass(frozen=True)
class _Known:
    identity: ServerIdentity | None
    until: float


class HubClient:
    """Speaks to one hub with the web application's own token."""

    def __init__(self, api: str, secrets: Secrets) -> None:
        self._api = api
        self._secrets = secrets
        self._client = httpx2.Client(base_url=api, timeout=httpx2.Timeout(30, connect=3))
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def start(self, person: str, course: str) -> None:
        """Ask for the server person/course; returns when the hub has taken the request. Raises Refusal."""
        answer = self._call("POST", _server(person, course))
        if answer.status_code == 404:
            self._call("POST", f"/users/{quote(person)}")
            answer = self._call("POST", _server(person, course))
        if answer.status_code == 400 and "already" in answer.text:
            return
        if answer.status_code not in (201, 202):
            raise _refused(answer)

    def stop(self, person: str, course: str) -> None:
        """Ask for the server's end; a server that is not there is no error."""
        self._call("DELETE", _server(person, course))

    def server(self, person: str, course: str) -> ServerState:
        """Whether the server runs."""
        answer = self._call("GET", f"/users/{quote(person)}")
        servers = answer.json().get("servers", {}) if answer.status_code == 200 else {}
        found = servers.get(course, {})
        return ServerState(bool(found), bool(found.get("ready")), found.get("pending"))

    def forget_sessions(self, person: str) -> None:
        """Delete the hub tokens of `person`'s browsers, so that open Lab pages must sign in again."""
        answer = self._call("GET", f"/users/{quote(person)}/tokens")
        tokens = answer.json().get("api_tokens", []) if answer.status_code == 200 else []
        for token in tokens:
            if token.get("oauth_client") not in (None, "JupyterHub"):
                self._call("DELETE", f"/users/{quote(person)}/tokens/{token['id']}")

    async def progress(self, person: str, course: str) -> AsyncIterator[dict[str, Any]]:
        """The hub's progress events of a start, as dictionaries, until it is ready or has failed."""
        async with (
            httpx2.AsyncClient(base_url=self._api, headers=self._headers(), timeout=httpx2.Timeout(600, connect=3)) as hub,
            hub.stream("GET", f"{_server(person, course)}/progress") as stream,
        ):
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    def identify(self, token: str) -> ServerIdentity | None:
        """Which server holds `token`: from its scope `access:servers!server=person/course`; remembered for 10 s."""
        key = hashlib.sha256(token.encode()).hexdigest()
        with self._lock:
            known = self._known.get(key)
        if known and known.until > time.monotonic():
            return known.identity
        identity = self._ask_who(token)
        with self._lock:
            self._known = {k: v for k, v in self._known.items() if v.until > time.monotonic()}
            self._known[key] = _Known(identity, time.monotonic() + 10)
        return identity

    def _ask_who(self, token: str) -> ServerIdentity | None:
        answer = self._call("GET", "/user", {"Authorization": f"token {token}"})
        if answer.status_code != 200:
            return None
        person = answer.json().get("name", "")
        servers = [s.removeprefix(_SCOPE) for s in answer.json().get("scopes", []) if s.startswith(_SCOPE)]
        owner, _, course = servers[0].partition("/") if len(servers) == 1 else ("", "", "")
        return ServerIdentity(person, course) if course and owner == person else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self._secrets.read('hub_token_web')}"}

    def _call(self, method: str, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        try:
            return self._client.request(method, path, headers=headers or self._headers())
        except httpx2.HTTPError as error:
            raise Refusal(
                503,
                N_("The hub does not answer"),
                N_("Workspaces cannot be opened for a few seconds; those that are open go on. Please try again in a moment."),
            ) from error


def _server(person: str, course: str) -> str:
    return f"/users/{quote(person)}/servers/{quote(course)}"


def _refused(answer: httpx2.Response) -> Refusal:
    if answer.status_code == 429:
        return Refusal(
            503,
            N_("Many workspaces are starting"),
            N_("The platform starts them in turn. Please try again in half a minute: nothing is lost."),
        )
    return Refusal(
        502,
        N_("The workspace could not be started"),
        N_("The hub refused the request. Please try again; if it happens twice, tell your teacher."),
    )
