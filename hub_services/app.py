"""The web application: the one table of features, and the two applications made of it."""

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from hub_services.courses.api import CourseMoved
from hub_services.courses.feature import FEATURE as COURSES
from hub_services.exchange.feature import FEATURE as EXCHANGE
from hub_services.grading.feature import FEATURE as GRADING
from hub_services.people.api import NeedsSignIn
from hub_services.people.feature import FEATURE as PEOPLE
from hub_services.portal.feature import FEATURE as PORTAL
from hub_services.web import errors, health, language
from hub_services.web.feature import Feature
from hub_services.web.guard import Guard, Origin
from hub_services.web.i18n import N_
from hub_services.web.pages import static_folder
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

FEATURES: tuple[Feature, ...] = (PEOPLE, COURSES, EXCHANGE, GRADING, PORTAL)


def create_public(platform: Platform) -> ASGIApp:
    """What browsers and user servers reach through the proxy."""
    app = _application(platform)
    app.add_exception_handler(NeedsSignIn, _to_sign_in)
    app.add_exception_handler(CourseMoved, _to_new_address)
    app.include_router(language.router)
    for feature in FEATURES:
        app.include_router(feature.router)
    app.mount("/static", StaticFiles(directory=static_folder()))
    secure = platform.settings.addresses.secure
    app.add_middleware(
        SessionMiddleware,
        secret_key=platform.secrets.read("cookie_secret"),
        session_cookie="himalia_sign_in",
        path="/",
        max_age=900,
        same_site="lax",
        https_only=secure,
    )
    return Guard(app, origin_of(platform))


def create_internal(platform: Platform) -> ASGIApp:
    """What the hub and the supervisor alone may ask, on a port that the proxy does not serve."""
    app = _application(platform)
    app.include_router(health.router)
    for feature in FEATURES:
        if feature.internal:
            app.include_router(feature.internal)
    return app


def origin_of(platform: Platform) -> Origin:
    """Our own origin, and where our forms may lead: user servers and the providers' sign-out."""
    addresses = platform.settings.addresses
    parts = urlsplit(addresses.public_url)
    issuers = {urlsplit(provider.issuer) for provider in platform.settings.sign_in.providers}
    forms = [f"{parts.scheme}://*.{parts.netloc}", *sorted(f"{i.scheme}://{i.netloc}" for i in issuers)]
    return Origin(addresses.public_url, parts.netloc, addresses.secure, " ".join(forms))


def _application(platform: Platform) -> FastAPI:
    app = FastAPI(title="Himalia", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.platform = platform
    errors.install(app)
    return app


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "text/html"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse("/sign-in?next=" + quote(request.url.path + query, safe=""), 303)
    title = N_("You are not signed in any more")
    return errors.answer(request, Refusal(401, title, N_("Open the platform in another tab, sign in, then send this again.")))


async def _to_new_address(request: Request, error: Exception) -> Response:
    path = request.url.path
    if isinstance(error, CourseMoved):
        path = path.replace(f"/courses/{error.old}", f"/courses/{error.new}", 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, 308)  # 308: a form that was sent to the old address arrives, too
