"""The first page: a card per course, and each account's path of five minutes."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hub_services.courses import api as courses
from hub_services.people.api import SignedIn
from hub_services.portal import words
from hub_services.portal.administration import every_upkeep
from hub_services.portal.cards import cards_of
from hub_services.portal.paths import path_for
from hub_services.web.pages import render
from hub_services.web.platform import platform_of

router = APIRouter()
_CLOSED_PATH = "himalia_path_closed"


@router.get("/")
def home(request: Request, me: SignedIn) -> Response:
    """My courses."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        cards = cards_of(platform, connection, me)
        may_create = courses.may_create(platform, connection, me)
        upkeep = every_upkeep(platform, connection) if me.is_administrator else []
    five_minutes = path_for(cards, [row for row in upkeep if row.is_broken])
    is_closed = request.cookies.get(_CLOSED_PATH) == me.id
    return render(
        request,
        "portal/home.html",
        cards=cards,
        five_minutes=five_minutes,
        is_closed=is_closed,
        may_create=may_create,
        words=words,
    )


@router.post("/path")
def show_path(request: Request, me: SignedIn, show: Annotated[bool, Form()] = False) -> Response:
    """Close the path of five minutes, or open it again; this browser remembers it for this person."""
    response = RedirectResponse("/", 303)
    secure = platform_of(request).settings.addresses.secure
    if show:
        response.delete_cookie(_CLOSED_PATH, path="/")
    else:
        response.set_cookie(_CLOSED_PATH, me.id, max_age=31_536_000, samesite="lax", path="/", httponly=True, secure=secure)
    return response
