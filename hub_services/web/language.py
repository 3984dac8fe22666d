"""The FR/EN switch on every page."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse

from hub_services.web.i18n import LANGUAGE_COOKIE, LANGUAGES
from hub_services.web.redirects import local_path

router = APIRouter()


@router.post("/language")
def choose(language: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Remember the language in a cookie and go back to the page."""
    response = RedirectResponse(local_path(back), 303)
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax", path="/")
    return response
