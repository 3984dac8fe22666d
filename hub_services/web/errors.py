"""Refusals and faults as pages or JSON: words a person can act on, never a stack trace."""

import logging
import secrets
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub_services.web.i18n import N_, translate
from hub_services.web.pages import render
from hub_services.web.refusals import Refusal

logger = logging.getLogger("himalia.web")

_NOT_FOUND = Refusal(
    404,
    N_("This page does not exist"),
    N_("The address may have changed, or what was here is gone. Your courses are on the first page."),
)


def install(app: FastAPI) -> None:
    """Give `app` its answers to refusals, wrong input and faults."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def answer(request: Request, refusal: Refusal) -> Response:
    """`refusal` as JSON for a program, as a page for a person."""
    words = translate(request)
    title = words.gettext(refusal.title, refusal.values)
    detail = words.gettext(refusal.detail, refusal.values)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"title": title, "detail": detail}, status_code=refusal.status)
    return render(request, "web/refusal.html", status=refusal.status, title=title, detail=detail)


async def _refusal(request: Request, error: Exception) -> Response:
    return answer(request, error if isinstance(error, Refusal) else _NOT_FOUND)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.NOT_FOUND:
        return answer(request, _NOT_FOUND)
    phrase = N_("This request cannot be answered")
    return answer(request, Refusal(status, phrase, N_("The platform refused it. Go back and try again from the page.")))


async def _invalid(request: Request, error: Exception) -> Response:
    fields = error.errors() if isinstance(error, RequestValidationError) else []
    names = ", ".join(sorted({str(field["loc"][-1]) for field in fields}))
    return answer(
        request,
        Refusal(
            422,
            N_("Something in the form is missing or not understood"),
            N_("Please go back and check: %(fields)s. Nothing was changed."),
            {"fields": names},
        ),
    )


async def _fault(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(4)
    logger.error("fault %s at %s %s", number, request.method, request.url.path, exc_info=error)
    return answer(
        request,
        Refusal(
            500,
            N_("Something went wrong on our side"),
            N_("What you saved is safe. Please try again; if it happens twice, give your administrator this number: %(number)s."),
            {"number": number},
        ),
    )
