"""The guard before every page: foreign hosts, foreign origins and doubled cookies are refused (research: origins)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub_services.web.sessions import cookie_name

SAFE = frozenset({"GET", "HEAD"})
# Token routes carry no cookie's authority; the provider and the hub send browsers here from their own origins by GET.
TOKEN_ROUTES = ("/api/exchange/",)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self' {forms}; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class Origin:
    """The platform's own origin, and where its forms may lead (user servers)."""

    url: str
    host: str
    secure: bool
    forms: str


def refusal(origin: Origin, method: str, path: str, headers: Mapping[str, str], cookies: Iterable[str]) -> str | None:
    """Why a request is refused, or None. Pure: the whole rule stands here and is tested as a matrix."""
    if path.startswith(TOKEN_ROUTES):
        return "token routes take no cookies" if any(True for _ in cookies) and "authorization" not in headers else None
    if headers.get("host") != origin.host:
        return "this host is not the platform's"
    name = cookie_name(origin.secure)
    if sum(c.strip().split("=", 1)[0] == name for line in cookies for c in line.split(";")) > 1:
        return "two session cookies: one of them was planted"
    site = headers.get("sec-fetch-site")
    if method in SAFE:
        top = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return None if site in (None, "same-origin", "none") or top else "another site asks for this in the background"
    if site is not None:
        return None if site == "same-origin" else "another site sent this form"
    return None if headers.get("origin") == origin.url else "this form has no origin of ours"


class Guard:
    """Plain ASGI middleware: refuses what the rule refuses, adds the security headers to the rest."""

    def __init__(self, app: ASGIApp, origin: Origin) -> None:
        self._app = app
        self._origin = origin
        self._csp = CONTENT_SECURITY_POLICY.format(forms=origin.forms)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        why = refusal(self._origin, scope["method"], scope["path"], headers, headers.getlist("cookie"))
        if why:
            await self._refused(why)(scope, receive, send)
            return
        await self._app(scope, receive, self._with_headers(send))

    def _refused(self, why: str) -> Response:
        if why.startswith("this host"):
            return _stopped(self._origin.url)
        return JSONResponse({"title": "Refused", "detail": why}, status_code=403, headers=HEADERS)

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                raw = list(message.get("headers", []))  # type: ignore[call-overload]
                present = {name.lower() for name, _ in raw}
                wanted = {**HEADERS, "Content-Security-Policy": self._csp}
                raw += [(k.lower().encode(), v.encode()) for k, v in wanted.items() if k.lower().encode() not in present]
                message["headers"] = raw
            await send(message)

        return send_with_headers  # type: ignore[return-value]


def _stopped(home: str) -> Response:
    """What an address of a user server shows when no server is there: the way back, and nothing of the session."""
    page = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Espace de travail arrêté</title></head>'
        "<body><main><h1>Cet espace de travail est arrêté</h1><p>Vos fichiers sont enregistrés. Rouvrez-le depuis "
        f'<a href="{home}/">Mes cours</a>.</p><p lang="en">This workspace has stopped. Your files are saved. '
        f'Open it again from <a href="{home}/">My courses</a>.</p></main></body></html>'
    )
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return Response(page, 404, {**HEADERS, "Content-Security-Policy": policy}, "text/html; charset=utf-8")
