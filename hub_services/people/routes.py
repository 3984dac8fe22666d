"""Pages of signing in and out, joining a course, and the hub's sign-in endpoints."""

import base64
import binascii
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub_services.people import hub_sign_in, store
from hub_services.people.hub_sign_in import AuthorizeRequest, TokenRequest
from hub_services.people.providers.oidc import OidcProviders
from hub_services.people.sign_in import Account, resolve, session_of
from hub_services.web import metrics
from hub_services.web.i18n import N_
from hub_services.web.pages import render
from hub_services.web.platform import Platform, platform_of
from hub_services.web.redirects import local_path
from hub_services.web.refusals import Refusal
from hub_services.web.sessions import close_session, cookie_name, open_session

router = APIRouter()
internal = APIRouter()
_LONGEST_HINT = 2500  # a longer ID token does not fit a cookie; the provider then asks before it signs out


def providers_of(request: Request) -> OidcProviders:
    """The providers of this process, made from the settings when the first page asks for them."""
    state = request.app.state
    if not hasattr(state, "providers"):
        settings = platform_of(request).settings
        state.providers = OidcProviders(settings.sign_in.providers, settings.addresses.public_url)
    found: OidcProviders = state.providers
    return found


@router.get("/sign-in")
def sign_in(request: Request, next: str = "/") -> Response:
    """The buttons of the site's providers."""
    target = local_path(next)
    if session_of(request):
        return RedirectResponse(target, 303)
    providers = list(providers_of(request).settings.values())
    return render(request, "people/sign_in.html", providers=providers, next=quote(target, safe=""))


@router.get("/sign-in/ended")
async def ended(request: Request) -> Response:
    """The last step of signing out: the provider's own session."""
    session = request.session.pop("ending", None) or {}
    home = platform_of(request).settings.addresses.public_url + "/"
    url = await providers_of(request).end_session_url(session.get("provider", ""), session.get("hint", ""), home)
    return RedirectResponse(url, 303)


@router.get("/sign-in/{provider}")
async def to_provider(request: Request, provider: str, next: str = "/") -> Response:
    """Send the browser to the provider."""
    request.session["next"] = local_path(next)
    return await providers_of(request).redirect(request, provider)


@router.get("/sign-in/{provider}/callback")
async def from_provider(request: Request, provider: str) -> Response:
    """The browser comes back: open a session and go on where the person wanted to go."""
    account, id_token = await providers_of(request).account(request, provider)
    response = RedirectResponse(local_path(request.session.pop("next", "/")), 303)
    await run_in_threadpool(_welcome, platform_of(request), response, account, provider, id_token)
    return response


def _welcome(platform: Platform, response: Response, account: Account, provider: str, id_token: str) -> None:
    with platform.database.begin() as connection:
        person = resolve(platform, connection, account)
        store.write_audit(connection, platform.now(), person.id, "sign-in", detail=provider)
    open_session(platform, response, person.id, provider, id_token)
    metrics.SESSIONS.labels(provider).inc()


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session, the hub's tokens of this person's browsers, then the hub's cookies and the provider's session."""
    platform = platform_of(request)
    session = session_of(request)
    response = RedirectResponse("/hub/logout", 303)
    response.delete_cookie(cookie_name(platform.settings.addresses.secure), path="/")
    if session is None:
        return response
    hint = session.id_token if len(session.id_token) <= _LONGEST_HINT else ""
    request.session["ending"] = {"provider": session.provider, "hint": hint}
    with platform.database.begin() as connection:
        close_session(connection, session.digest)
        store.write_audit(connection, platform.now(), session.person, "sign-out")
    try:
        platform.hub.forget_sessions(session.person)
    except Refusal:
        response.headers["location"] = "/sign-in/ended"  # no hub, no hub session to end: its tokens die with our row
    return response


@router.get("/oauth/authorize")
def authorize(
    request: Request,
    client_id: str = "",
    redirect_uri: str = "",
    response_type: str = "",
    state: str = "",
    code_challenge: str = "",
    code_challenge_method: str = "",
) -> Response:
    """Give the hub a code for whoever is signed in here; no page is shown to a person who is."""
    platform = platform_of(request)
    asked = AuthorizeRequest(client_id, redirect_uri, response_type, code_challenge, code_challenge_method)
    if hub_sign_in.problem(platform, asked):
        raise Refusal(400, N_("This sign-in request is not valid"), N_("Please open your workspace again from My courses."))
    session = session_of(request)
    if session is None:
        return RedirectResponse("/sign-in?next=" + quote(f"{request.url.path}?{request.url.query}", safe=""), 303)
    with platform.database.begin() as connection:
        code = hub_sign_in.give_code(platform, connection, session, code_challenge)
    return RedirectResponse(hub_sign_in.callback(platform) + "?" + urlencode({"code": code, "state": state}), 303)


@internal.post("/oauth/token")
def token(
    request: Request,
    code: Annotated[str, Form()] = "",
    code_verifier: Annotated[str, Form()] = "",
    redirect_uri: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    client_secret: Annotated[str, Form()] = "",
) -> Response:
    """Exchange a code for an access token (RFC 6749 §4.1.3), the hub's secret in the header or in the form."""
    platform = platform_of(request)
    name, secret = _basic(request.headers.get("authorization", "")) or (client_id, client_secret)
    asked = TokenRequest(name, secret, code, code_verifier, redirect_uri)
    if not hub_sign_in.is_hub(platform, asked):
        return JSONResponse({"error": "invalid_client"}, 401)
    with platform.database.begin() as connection:
        access = hub_sign_in.redeem(platform, connection, asked)
    if access is None:
        return JSONResponse({"error": "invalid_grant"}, 400)
    life = int(hub_sign_in.TOKEN_LIFE.total_seconds())
    return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": life})


@internal.get("/oauth/userinfo")
def userinfo(request: Request) -> Response:
    """The person id of an access token, as `sub`; 401 once the session has ended."""
    platform = platform_of(request)
    scheme, _, access = request.headers.get("authorization", "").partition(" ")
    with platform.database.read() as connection:
        person = hub_sign_in.person_of_token(platform, connection, access) if scheme.lower() == "bearer" else None
    return JSONResponse({"sub": person}) if person else JSONResponse({"error": "invalid_token"}, 401)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
